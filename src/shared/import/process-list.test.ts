import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchSpecSchema } from '../model/watch';
import { parseProcessList } from './process-list';

const problems = (text: string): readonly string[] => {
  const list = parseProcessList(text);
  return list.ok ? [] : list.problems;
};

describe('a process list', () => {
  it('becomes watches that find programs by name, with limits', () => {
    const list = parseProcessList(
      [
        '\ufeff# name cpu memory',
        '',
        'nginx 80 500',
        'node,150.5,1024   # comment',
        '  python3.11 ,\t90% , 0.5G',
        'Google Chrome, 80, 2000',
        'redis-server\t80\tnone\r',
        'agent - -',
      ].join('\n'),
    );
    expect(list).toEqual({
      ok: true,
      specs: [
        ['nginx', 80, 500e6],
        ['node', 150.5, 1024e6],
        ['python3.11', 90, 500e6],
        ['Google Chrome', 80, 2e9],
        ['redis-server', 80, null],
        ['agent', null, null],
      ].map(([name, cpu, memory]) => ({
        name,
        target: { kind: 'match', by: 'name', pattern: name },
        overrides: {
          ...(cpu !== null && { 'cpu.limitPercent': cpu }),
          ...(memory !== null && { 'memory.limitBytes': memory }),
        },
      })),
    });
  });

  it('keeps the pattern when the name can not be that of a watch', () => {
    expect(parseProcessList('my@app 80 500')).toMatchObject({
      specs: [{ name: 'my-app', target: { pattern: 'my@app' } }],
    });
  });

  it('says of every wrong line what was expected, and takes none of the others', () => {
    expect(
      problems('nginx 80\nok 1 1\nnode many 500\nredis 80 0\n-- 1 1\nok 2 2\ncpu 0 500\nmem 80 -5\na b 80 500'),
    ).toEqual([
      'line 1: expected name, CPU limit in % and memory limit in MB, as in "nginx 80 500", got "nginx 80"',
      'line 3: node: cpu.limitPercent: expected a number from 1 to 100000 (% of one core), or none, got "many"',
      'line 4: redis: memory.limitBytes: expected a size from 1MB to 1000TB, or none, got "0MB"',
      'line 5: expected the name of a program, which a watch can be called by, got "--"',
      'line 6: expected each program once, "ok" is in line 2 already',
      'line 7: cpu: cpu.limitPercent: expected a number from 1 to 100000 (% of one core), or none, got "0"',
      'line 8: mem: memory.limitBytes: expected a size from 1MB to 1000TB, or none, got "-5MB"',
      'line 9: expected name, CPU limit in % and memory limit in MB, as in "nginx 80 500", got "a b 80 500"',
    ]);
    expect(problems('# nothing\n')).toEqual(['line 1: expected a program, the list has none']);
  });

  it('of any text is either refused or made of watches that can be added', () => {
    const field = fc.oneof(fc.string(), fc.constantFrom('nginx', '80', '500', '#', ',', 'none', '-1', 'NaN'));
    fc.assert(
      fc.property(fc.array(fc.array(field, { maxLength: 4 }).map((fields) => fields.join(' '))), (lines) => {
        const list = parseProcessList(lines.join('\n'));
        if (list.ok) for (const spec of list.specs) expect(watchSpecSchema.safeParse(spec).success).toBe(true);
        else expect(list.problems.every((problem) => /^line \d+: /.test(problem))).toBe(true);
      }),
    );
  });
});
