import { describe, expect, it } from 'vitest';
import type { MatchTarget } from '../../../shared/model/watch';
import { createMatcher } from './matching';
import type { PidfileReading, ProcessFacts } from '../ports';
import { indexOf, sampleOf } from '../testing/sample';

const PLAIN: Omit<ProcessFacts, 'argv'> = { executable: null, cwd: '/', foreign: false, uids: null };

function matcher(target: Partial<MatchTarget>, pidfile: PidfileReading = { kind: 'missing' }) {
  const facts = ({ pid }: { pid: number }) => ({ ...PLAIN, argv: index.byPidOrNull(pid)?.argv ?? [] });
  return createMatcher(
    { kind: 'match', by: 'name', pattern: 'x', user: null, start: null, ...target },
    { facts, readPidfile: () => pidfile },
  );
}

let index = indexOf(
  { pid: 10, name: 'python3', argv: ['/usr/bin/python3', '-u', '/srv/a.py'], startedAt: 1000 },
  { pid: 11, name: 'python3', argv: ['python3', '/srv/b.py'], user: 'www', uid: 33 },
  { pid: 12, name: 'a-very-long-nam', argv: ['/opt/a-very-long-name-indeed', '--port', '80'] },
  { pid: 13, name: 'zombie', state: 'zombie', argv: [] },
  { pid: 14, name: 'kworker', kernel: true, argv: [] },
);
const machine = index;
const options = { wallMs: 1_000_000, settled: true, mayBe: () => true };
const pids = (target: Partial<MatchTarget>, pidfile?: PidfileReading) =>
  matcher(target, pidfile)
    .find(index, options)
    .map(({ sample }) => sample.pid);

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

  it('takes a name that is cut off for the whole one only where nothing else can be read', () => {
    index = indexOf({ pid: 20, name: 'a-very-long-nam', argv: [] }, { pid: 21, name: 'short', argv: [] });
    expect(pids({ pattern: 'a-very-long-name-indeed' })).toEqual([20]);
    expect(pids({ pattern: 'short-of-breath' })).toEqual([]);
    index = machine;
  });

  it('never finds zombies or kernel threads', () => {
    expect(pids({ pattern: 'zombie' })).toEqual([]);
    expect(pids({ pattern: 'kworker' })).toEqual([]);
  });

  it('reads the whole of a command line that the pass has cut off', () => {
    const classpath = `/opt/${'lib.jar:'.repeat(9000)}`;
    const whole = ['java', '-cp', classpath, 'org.shop.Main'];
    const cut = sampleOf({ pid: 30, name: 'java', argv: ['java', '-cp', classpath.slice(0, 4000)], argvCut: true });
    const table = { facts: () => ({ ...PLAIN, argv: whole }), readPidfile: () => ({ kind: 'missing' as const }) };
    for (const target of [
      { by: 'name', pattern: 'Main' } as const,
      { by: 'cmdline', pattern: 'shop\\.Main$' } as const,
    ]) {
      const found = createMatcher({ kind: 'match', user: null, start: null, ...target }, table).find(
        indexOf(cut),
        options,
      );
      expect(found).toHaveLength(1);
    }
  });

  it('does not read what users write who may not be matched', () => {
    const found = matcher({ pattern: 'python3' }).find(index, { ...options, mayBe: ({ user }) => user !== 'www' });
    expect(found.map(({ sample }) => sample.pid)).toEqual([10]);
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
    index = indexOf({ pid: 20, argv: ['npx', 'a.py'], startedAt: options.wallMs - 1000 });
    const target = { by: 'cmdline', pattern: 'a\\.py' } as const;
    expect(pids(target)).toEqual([]);
    expect(matcher(target).find(index, { ...options, settled: false })).toHaveLength(1);
    index = machine;
  });

  it('looks again when a process has become another program', () => {
    const same = matcher({ by: 'cmdline', pattern: 'node' });
    index = indexOf({ pid: 30, argv: ['sh', '-c'] });
    expect(same.find(index, options)).toEqual([]);
    index = indexOf({ pid: 30, argv: ['node', 'x'] });
    expect(same.find(index, options)).toHaveLength(1);
    index = machine;
  });

  it.each([
    ['job\\.py', ['python3', '/srv/job.py'], 'named'],
    ['--queue=mail', ['python3', '/srv/job.py', '--queue=mail'], 'argument'],
    ['job\\.py', ['tail', '-f', '/srv/job.py.log'], 'mention'],
    ['.*job\\.py', ['less', '/srv/job.py'], 'mention'],
    ['^tail -f /srv', ['tail', '-f', '/srv/job.py.log'], 'named'],
    ['job\\.py', ['vi', '/srv/job.py'], 'mention'],
    ['job\\.py', ['bash', '-c', 'cd /srv && python3 job.py'], 'mention'],
    ['python3.*job', ['bash', '-c', 'cd /srv && python3 job.py'], 'mention'],
    ['^bash -c .*job', ['bash', '-c', 'cd /srv && python3 job.py'], 'named'],
    ['job\\.py', ['python3', '-c', 'pass # job.py'], 'mention'],
    ['job\\.py', ['sudo', '-u', 'www', 'python3', '/srv/job.py'], 'mention'],
    ['^redis-server \\*:6379$', ['redis-server *:6379', '', '', ''], 'named'],
  ])('%s speaks of %j as %s', (pattern, argv, fit) => {
    index = indexOf({ pid: 40, argv });
    expect(matcher({ by: 'cmdline', pattern }).explain(index)).toMatchObject([{ fit }]);
    index = machine;
  });
});

describe('a match by pidfile', () => {
  const target = { by: 'pidfile', pattern: '/run/x.pid' } as const;
  const file = { kind: 'pid', pid: 10, writerUid: 1000, writtenAt: 1000, sinceBoot: false } as const;

  it('finds the process that the file names', () => {
    expect(pids(target, file)).toEqual([10]);
    expect(pids(target, { ...file, writerUid: 0 })).toEqual([10]);
    expect(pids(target, { kind: 'missing' })).toEqual([]);
  });

  it('does not believe a file that names a process of another user than may write it', () => {
    const foreign = matcher(target, { ...file, writerUid: 33 });
    expect(foreign.find(index, options)).toEqual([]);
    expect(foreign.problem).toMatch(/may be written by user 33 but names pid 10 of user user/);
  });

  it('takes only processes of the user that was asked for', () => {
    const other = matcher({ ...target, user: 'www' }, { ...file, writerUid: 0 });
    expect(other.find(index, options)).toEqual([]);
    expect(other.problem).toMatch(/names pid 10 of user user; expected a process of user www/);
    expect(pids({ ...target, user: '*' }, { ...file, writerUid: 0, pid: 11 })).toEqual([11]);
  });

  it.each([
    ['a day before its process began is stale', { writtenAt: -86_400_000, sinceBoot: false }, []],
    ['some seconds before, as clocks are set, is not', { writtenAt: -8000, sinceBoot: false }, [10]],
    ['long after, by a slow writer, is not', { writtenAt: 900_000, sinceBoot: false }, [10]],
    [
      'before the machine booted, in memory, has a time of before the clock was set',
      { writtenAt: -1e9, sinceBoot: true },
      [10],
    ],
  ])('that was written %s', (_, times, found) => {
    index = indexOf({ pid: 1, startedAt: -500_000 }, { pid: 10, startedAt: 1000 });
    const stale = matcher(target, { ...file, ...times });
    expect(stale.find(index, options).map(({ sample }) => sample.pid)).toEqual(found);
    expect(stale.problem ?? '').toMatch(found.length === 0 ? /stale: pid 10 \(program\) began 1 d after/ : /^$/);
    index = machine;
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
