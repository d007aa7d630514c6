import { describe, expect, it } from 'vitest';
import type { WatchSpecInput } from '../../../shared/model/watch';
import { TestBench } from '../testing/test-engine';

type MatchInput = Extract<WatchSpecInput['target'], { kind: 'match' }>;

const START = { argv: ['/usr/bin/python3', '/srv/job.py'], cwd: '/' };
const byLine: MatchInput = { kind: 'match', by: 'cmdline', pattern: 'job\\.py', start: START };

function python(bench: TestBench, fields = {}) {
  const argv = ['python3', '/srv/job.py'];
  return bench.world.add({ name: 'python3', executable: '/usr/bin/python3.11', argv, ...fields });
}

/** A bench whose start command brings up what it says. */
async function started(): Promise<TestBench> {
  const bench = await TestBench.started();
  // Who else may start it again is another story: restart-by-others.test.ts.
  bench.engine.settings.set({ 'start.othersMs': 0 }, 'cli');
  bench.world.onLaunch = (process) => {
    process.name = process.argv[0]?.split('/').at(-1) ?? '';
  };
  return bench;
}

describe('what holds a match', () => {
  it.each([
    ['a log follower', 'tail', ['tail', '-f', '/srv/job.py.log']],
    ['an editor', 'vim.basic', ['vi', '/srv/job.py']],
    ['a shell that mentions it', 'bash', ['bash', '-c', 'sleep 300; ls /srv/job.py']],
    ['code that mentions it', 'python3.11', ['python3', '-c', 'pass # job.py']],
    ['another program with it in its arguments', 'linter', ['linter', '/srv/job.py']],
  ])('is not joined by %s, and its death is healed beside it', async (_, name, argv) => {
    const bench = await started();
    const worker = python(bench);
    await bench.add({ name: 'job', target: byLine });
    const other = bench.world.add({ name, executable: `/usr/bin/${name}`, argv });
    await bench.clock.advance(8000);
    expect(bench.status('job').processes.map(({ pid }) => pid)).toEqual([worker.pid]);

    bench.world.exit(worker.pid);
    await bench.clock.advance(1000);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.pid('job')).not.toBe(other.pid);
    await bench.through(bench.engine.watches.stop({ watch: 'job', actor: 'cli' }), 15_000);
    expect(bench.world.processes.has(other.pid)).toBe(true);
  });

  it('is not joined by the same program of another user, nor held up by it', async () => {
    const bench = await started();
    const real = bench.world.add({ name: 'svc', argv: ['svc'] });
    const target: MatchInput = { kind: 'match', by: 'name', pattern: 'svc', start: { argv: ['svc'], cwd: '/' } };
    await bench.add({
      name: 'svc',
      target,
      overrides: { 'memory.limitBytes': 60_000_000, 'memory.action': 'restart' },
    });
    const spoof = bench.world.add({ name: 'svc', argv: ['svc'], uid: 1001, user: 'attacker', rssBytes: 5e9 });
    bench.world.add({ name: 'svc', argv: ['svc'], uid: 1001, user: 'attacker', ppid: spoof.pid, rssBytes: 5e9 });
    await bench.clock.advance(120_000);
    expect(bench.status('svc').processes.map(({ pid }) => pid)).toEqual([real.pid]);
    expect(bench.reported('limit_exceeded')).toEqual([]);
    expect(bench.world.signals).toEqual([]);

    bench.world.exit(real.pid);
    await bench.clock.advance(1000);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.status('svc').processes.some(({ pid }) => pid === spoof.pid)).toBe(false);
  });

  it('is not a program that its caller runs with the rights of another user (sudo)', async () => {
    const bench = await started();
    bench.world.add({ name: 'sudo', argv: ['svc'], uid: 0, user: 'root', realUid: 1001 });
    await bench.add({ name: 'svc', target: { kind: 'match', by: 'name', pattern: 'svc' } });
    await bench.clock.advance(8000);
    expect(bench.status('svc')).toMatchObject({
      phase: 'waiting',
      processes: [],
      reason: expect.stringContaining('acts as user root but was started by user 1001') as string,
    });
  });

  it('is of the user of its start command, of one that was named, or of all', async () => {
    const bench = await started();
    const root = bench.world.add({ name: 'svc' });
    const web = bench.world.add({ name: 'svc', uid: 33, user: 'www-data' });
    const match: MatchInput = { kind: 'match', by: 'name', pattern: 'svc' };
    const taken = async (target: MatchInput): Promise<number[]> => {
      const full = { start: null, user: null, ...target };
      const { candidates } = await bench.engine.watches.preview(
        full as Parameters<typeof bench.engine.watches.preview>[0],
      );
      return candidates.filter(({ verdict }) => verdict === 'taken').map(({ pid }) => pid);
    };
    const start = { argv: ['svc'], cwd: '/', env: {}, user: 'www-data' };
    expect(await taken(match)).toEqual([root.pid]);
    expect(await taken({ ...match, start })).toEqual([web.pid]);
    expect(await taken({ ...match, start, user: 'root' })).toEqual([root.pid]);
    expect(await taken({ ...match, user: '33' })).toEqual([web.pid]);
    expect(await taken({ ...match, user: '*' })).toEqual([root.pid, web.pid]);
  });

  it('is no process of a container, unless that is asked for', async () => {
    const bench = await started();
    const host = bench.world.add({ name: 'svc', argv: ['svc'] });
    const inside = bench.world.add({ name: 'svc', argv: ['svc'], foreign: true });
    const target: MatchInput = { kind: 'match', by: 'name', pattern: 'svc', start: { argv: ['svc'], cwd: '/' } };
    await bench.add({ name: 'host', target });
    await bench.clock.advance(8000);
    expect(bench.status('host').processes.map(({ pid }) => pid)).toEqual([host.pid]);
    bench.world.exit(host.pid);
    await bench.clock.advance(1000);
    expect(bench.world.launches).toHaveLength(1);
    await bench.through(bench.engine.watches.stop({ watch: 'host', actor: 'cli' }), 15_000);
    expect(bench.world.processes.has(inside.pid)).toBe(true);

    await bench.add({ name: 'any', target: { kind: 'match', by: 'name', pattern: 'svc', namespaces: 'any' } });
    expect(bench.pid('any')).toBe(inside.pid);
  });

  it('is nobody while two programs match, and then nothing is started beside them', async () => {
    const bench = await started();
    const one = bench.world.add({ name: 'server', executable: '/opt/a/server', argv: ['server'] });
    bench.world.add({ name: 'server', executable: '/opt/b/server', argv: ['server'] });
    const target: MatchInput = {
      kind: 'match',
      by: 'name',
      pattern: 'server',
      start: { argv: ['/etc/init.d/any', 'start'], cwd: '/' },
    };
    await bench.add({ name: 'app', target });
    await bench.clock.advance(20_000);
    expect(bench.world.launches).toEqual([]);
    expect(bench.status('app').processes).toEqual([]);
    expect(bench.reported('restart_failed')[0]?.message).toMatch(/Ambiguous: 2 programs match/);

    bench.world.exit(one.pid);
    await bench.clock.advance(8000);
    expect(bench.status('app').phase).toBe('running');
  });

  it('is the program of the start command where several match', async () => {
    const bench = await started();
    bench.world.add({ name: 'node', executable: '/usr/bin/node', argv: ['node', 'server.js'], cwd: '/srv/a' });
    const own = bench.world.add({
      name: 'node',
      executable: '/usr/bin/node',
      argv: ['node', 'server.js'],
      cwd: '/srv/b',
    });
    const start = { argv: ['node', 'server.js'], cwd: '/srv/b' };
    await bench.add({ name: 'b', target: { kind: 'match', by: 'cmdline', pattern: '^node server\\.js', start } });
    expect(bench.pid('b')).toBe(own.pid);
  });
});

describe('the main process of a match', () => {
  const target: MatchInput = { kind: 'match', by: 'name', pattern: 'svc', start: { argv: ['svc'], cwd: '/' } };

  it('has a death of its own: its workers are ended and it is started, while others live', async () => {
    const bench = await started();
    const main = bench.world.add({ name: 'svc', argv: ['svc'] });
    const workers = [1, 2].map(() =>
      bench.world.add({ name: 'svc', argv: ['svc'], ppid: main.pid, session: main.pid, pgid: main.pid }),
    );
    const beside = bench.world.add({ name: 'svc', argv: ['svc'] });
    await bench.add({ name: 'svc', target });
    expect(bench.status('svc').processes).toHaveLength(4);

    bench.world.exit(main.pid);
    await bench.clock.advance(3000);
    expect(bench.reported('crash_detected')[0]).toMatchObject({
      pid: main.pid,
      severity: 'high',
      data: { remaining: 0 },
    });
    expect(bench.world.launches).toHaveLength(1);
    expect(workers.some(({ pid }) => bench.world.processes.has(pid))).toBe(false);
    expect(bench.world.processes.has(beside.pid)).toBe(true);
    expect(bench.reported('restarted')[0]?.pid).not.toBe(beside.pid);
    // It joins again, now that the main one is back.
    await bench.clock.advance(5000);
    expect(bench.status('svc').processes.map(({ pid }) => pid)).toContain(beside.pid);
  });

  it('keeps its role over a new engine, also when it died meanwhile', async () => {
    const bench = await started();
    const main = bench.world.add({ name: 'svc', argv: ['svc'] });
    const worker = bench.world.add({ name: 'svc', argv: ['svc'], ppid: main.pid, session: main.pid, pgid: main.pid });
    await bench.add({ name: 'svc', target });
    await bench.replaceEngine(() => bench.world.exit(main.pid));
    await bench.clock.advance(3000);
    expect(bench.world.processes.has(worker.pid)).toBe(false);
    expect(bench.world.launches).toHaveLength(1);
  });

  it('that an upgrade has replaced is not started beside its heir, whose death is healed', async () => {
    const bench = await started();
    const old = bench.world.add({ name: 'svc', argv: ['svc'] });
    await bench.add({ name: 'svc', target });
    const line = { name: 'svc', argv: ['svc'], session: old.pid, pgid: old.pid };
    const heir = bench.world.add({ ...line, ppid: old.pid });
    bench.world.add({ ...line, ppid: heir.pid });
    await bench.clock.advance(8000);
    bench.world.exit(old.pid);
    await bench.clock.advance(2000);
    expect(bench.world.launches).toEqual([]);
    expect(bench.world.signals).toEqual([]);
    bench.world.exit(heir.pid);
    await bench.clock.advance(3000);
    expect(bench.world.launches).toHaveLength(1);
  });

  it('without a start command leaves its place to one of the others', async () => {
    const bench = await started();
    const [first, second] = [1, 2].map(() => bench.world.add({ name: 'svc', argv: ['svc'] }));
    await bench.add({ name: 'svc', target: { kind: 'match', by: 'name', pattern: 'svc' } });
    bench.world.exit(first?.pid ?? 0);
    await bench.clock.advance(1000);
    expect(bench.status('svc')).toMatchObject({ phase: 'running', processes: [{ pid: second?.pid }] });
  });
});

describe('a preview', () => {
  it('says of each candidate why it is taken or not, by a scan of now', async () => {
    const bench = await TestBench.started();
    await bench.add({ name: 'kept', target: { kind: 'command', command: { argv: ['nginx'], cwd: '/' } } });
    const kept = bench.pid('kept');
    const main = bench.world.add({ name: 'nginx', executable: '/usr/sbin/nginx', argv: ['nginx'] });
    const other = bench.world.add({ name: 'nginx', argv: ['nginx'], uid: 33, user: 'www' });
    const inside = bench.world.add({ name: 'nginx', argv: ['nginx'], foreign: true });
    const editor = bench.world.add({ name: 'vim', argv: ['vi', '/etc/nginx.conf'] });
    const { candidates, problem } = await bench.engine.watches.preview({
      kind: 'match',
      by: 'name',
      pattern: 'nginx',
      user: null,
      start: null,
    });
    const reasons = new Map(candidates.map(({ pid, verdict, reason }) => [pid, `${verdict}: ${reason}`]));
    expect(reasons.get(main.pid)).toBe('taken: it was started as nginx');
    expect(reasons.get(other.pid)).toMatch(/left: it belongs to user www, and only processes of user root/);
    expect(reasons.get(inside.pid)).toMatch(/left: it lives in another pid namespace/);
    expect(reasons.get(editor.pid)).toMatch(/left: it has "nginx" only in its arguments/);
    expect(reasons.get(kept)).toBe('left: it belongs to the watch "kept"');
    expect(problem).toMatch(/belongs to the watch "kept"|is not taken/);
  });

  it('is the reason of a watch that waits because another one keeps its process', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.add({ name: 'app', target: { kind: 'match', by: 'name', pattern: 'server' } });
    await bench.clock.advance(5000);
    expect(bench.status('app').reason).toBe(`Pid ${bench.pid()} matches, but belongs to the watch "web"`);
  });
});
