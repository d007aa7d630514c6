import { describe, expect, it } from 'vitest';
import type { MatchTarget } from '../../shared/model/watch';
import { createMatcher, namesOf } from './matching';
import type { PidfileReading } from './ports';
import { indexOf } from './testing/sample';

function matcher(target: Partial<MatchTarget>, pidfile: PidfileReading = { kind: 'missing' }) {
  return createMatcher({ kind: 'match', by: 'name', pattern: 'x', user: null, start: null, ...target }, () => pidfile);
}

const index = indexOf(
  { pid: 10, name: 'python3', argv: ['/usr/bin/python3', '-u', '/srv/a.py'] },
  { pid: 11, name: 'python3', argv: ['python3', '/srv/b.py'], user: 'www' },
  { pid: 12, name: 'a-very-long-nam', argv: ['/opt/a-very-long-name-indeed', '--port', '80'] },
  { pid: 13, name: 'zombie', state: 'zombie', argv: [] },
  { pid: 14, name: 'kworker', kernel: true, argv: [] },
);
const options = { wallMs: 1_000_000, settled: true };
const pids = (target: Partial<MatchTarget>, pidfile?: PidfileReading) =>
  matcher(target, pidfile)
    .find(index, options)
    .map(({ pid }) => pid);

describe('a match by name', () => {
  it('knows the script that an interpreter runs', () => {
    expect(pids({ pattern: 'a.py' })).toEqual([10]);
    expect(pids({ pattern: 'b.py' })).toEqual([11]);
    expect(pids({ pattern: 'python3' })).toEqual([10, 11]);
  });

  it('is exact, and knows names that the kernel cuts off at 15 bytes', () => {
    expect(pids({ pattern: 'a-very-long-name-indeed' })).toEqual([12]);
    expect(pids({ pattern: 'python' })).toEqual([]);
  });

  it('can be limited to a user, and never finds zombies or kernel threads', () => {
    expect(pids({ pattern: 'python3', user: 'www' })).toEqual([11]);
    expect(pids({ pattern: 'zombie' })).toEqual([]);
    expect(pids({ pattern: 'kworker' })).toEqual([]);
  });

  it('takes no argument of a plain program for its name', () => {
    expect([...namesOf({ name: 'vim', argv: ['vim', '/srv/a.py'] })]).toEqual(['vim']);
  });
});

describe('a match by command line', () => {
  it('searches the whole line', () => {
    expect(pids({ by: 'cmdline', pattern: '^/opt/.* --port \\d+$' })).toEqual([12]);
  });

  it.each(['(', 'a(?=b)', '(a)\\1', 'x{2000}'])('refuses %s with the reason', (pattern) => {
    expect(() => matcher({ by: 'cmdline', pattern })).toThrow(/Expected a regular expression in RE2 syntax/);
  });

  it('takes linear time where others run for ever', () => {
    const long = indexOf({ pid: 10, argv: [`${'a'.repeat(4000)}!`] });
    expect(matcher({ by: 'cmdline', pattern: '(a+)+$' }).find(long, options)).toEqual([]);
  });

  it('waits until a process is old enough to be itself, unless it is expected', () => {
    const young = indexOf({ pid: 20, argv: ['npx', 'a.py'], startedAt: options.wallMs - 1000 });
    const target = { by: 'cmdline', pattern: 'a\\.py' } as const;
    expect(matcher(target).find(young, options)).toEqual([]);
    expect(matcher(target).find(young, { ...options, settled: false })).toHaveLength(1);
  });

  it('looks again when a process has become another program', () => {
    const same = matcher({ by: 'cmdline', pattern: 'node' });
    expect(same.find(indexOf({ pid: 30, argv: ['sh', '-c'] }), options)).toEqual([]);
    expect(same.find(indexOf({ pid: 30, argv: ['node', 'x'] }), options)).toHaveLength(1);
  });
});

describe('a match by pidfile', () => {
  const target = { by: 'pidfile', pattern: '/run/x.pid' } as const;

  it('finds the process that the file names', () => {
    expect(pids(target, { kind: 'pid', pid: 10, ownerUid: 1000 })).toEqual([10]);
    expect(pids(target, { kind: 'pid', pid: 10, ownerUid: 0 })).toEqual([10]);
    expect(pids(target, { kind: 'missing' })).toEqual([]);
  });

  it('does not believe a file that names a process of another user', () => {
    const foreign = matcher(target, { kind: 'pid', pid: 10, ownerUid: 33 });
    expect(foreign.find(index, options)).toEqual([]);
    expect(foreign.problem).toMatch(/belongs to user 33 but names pid 10 of user user/);
  });

  it('says what is wrong with a file that can not be used', () => {
    const broken = matcher(target, { kind: 'unusable', problem: 'expected one pid, got "hello"' });
    expect(broken.find(index, options)).toEqual([]);
    expect(broken.problem).toBe('expected one pid, got "hello"');
  });

  it('needs an absolute path', () => {
    expect(() => matcher({ by: 'pidfile', pattern: 'x.pid' })).toThrow(/Expected the absolute path/);
  });
});
