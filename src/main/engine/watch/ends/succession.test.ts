import { describe, expect, it } from 'vitest';
import type { WatchSpecInput } from '../../../../shared/model/watch';
import type { FakeProcess } from '../../testing/fake-world';
import { TestBench } from '../../testing/test-engine';

const CLEAN = { exitCode: 0, signal: null };
const web = { watch: 'web', actor: 'cli' } as const;
const command = (argv: string[]) => ({ kind: 'command' as const, command: { argv, cwd: '/' } });

/** A bench with a watch called `web`, running since a while. */
async function running(spec: Partial<WatchSpecInput> = {}): Promise<{ bench: TestBench; first: FakeProcess }> {
  const bench = await TestBench.started();
  await bench.add(spec);
  await bench.clock.advance(2000);
  return { bench, first: bench.world.processes.get(bench.pid())! };
}

/** A process of the launch of another one, in its session, as fork(2) makes it. */
function fork({ world }: TestBench, from: FakeProcess, fields: Partial<FakeProcess> = {}): FakeProcess {
  const { name, argv, env, uid, user, pgid, session } = from;
  return world.add({ name, argv, env, uid, user, pgid, session, ppid: from.pid, ...fields });
}

/** A process that has put itself into the background by a double fork, from the one that was started. */
function daemon({ world }: TestBench, { name, argv, env }: FakeProcess): FakeProcess {
  return world.add({ name, argv, env });
}

const lives = (bench: TestBench, { pid }: FakeProcess): boolean => bench.world.processes.has(pid);

describe.each(['on-failure', 'always', 'never'] as const)('with the policy %s, a program', (restart) => {
  it('that puts itself into the background is followed there', async () => {
    const { bench, first } = await running({ restart });
    const heir = daemon(bench, first);
    const worker = fork(bench, heir);
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(30_000);
    expect(bench.pid()).toBe(heir.pid);
    expect(bench.status().phase).toBe('running');
    expect(bench.reported('adopted').map(({ message, pid }) => [pid, message])).toEqual([
      [
        heir.pid,
        `web has put itself into the background: pid ${first.pid} → pid ${heir.pid}, which is watched from now on`,
      ],
    ]);
    expect(bench.reported('adopted')[0]?.data).toEqual({ how: 'heir', uptimeSeconds: 0 });
    expect(bench.events.types()).not.toContain('exited');
    expect(bench.reported('crash_detected')).toEqual([]);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.world.signals).toEqual([]);

    await bench.through(bench.engine.watches.stop(web));
    expect([lives(bench, heir), lives(bench, worker)]).toEqual([false, false]);
    expect(bench.status().phase).toBe('stopped');
  });

  it('that replaces itself by a newer one is followed, again and again', async () => {
    const { bench, first } = await running({ restart });
    let old = first;
    for (const generation of ['2', '3', '4']) {
      const heir = fork(bench, old, { argv: ['server', '--port', '80', '--generation', generation] });
      await bench.clock.advance(3000);
      // Whatever the first ended with is known, of the others nothing.
      bench.world.exit(old.pid, CLEAN);
      await bench.clock.advance(3000);
      expect(bench.pid()).toBe(heir.pid);
      expect(bench.reported('adopted').at(-1)?.message).toBe(
        `web has replaced itself: pid ${old.pid} → pid ${heir.pid}, which is watched from now on`,
      );
      old = heir;
    }
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.world.signals).toEqual([]);
    expect(bench.reported('crash_detected')).toEqual([]);
  });
});

describe('the heir of a program', () => {
  it('has a death of its own, which is noticed and healed', async () => {
    const { bench, first } = await running();
    const heir = daemon(bench, first);
    const helper = fork(bench, heir, { name: 'helper', argv: ['helper'], session: 1, pgid: 1 });
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(2000);
    bench.world.exit(heir.pid);
    await bench.clock.advance(2000);
    expect(bench.reported('crash_detected')[0]?.pid).toBe(heir.pid);
    expect(bench.reported('restarted')).toHaveLength(1);
    expect(lives(bench, helper)).toBe(false);
    expect(bench.world.launches).toHaveLength(2);
  });

  it('is still the process of the watch for the next engine, also in the session of its predecessor', async () => {
    const { bench, first } = await running();
    const heir = fork(bench, first, { argv: ['server', '--port', '80', '2'] });
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(2000);
    await bench.replaceEngine();
    expect(bench.pid()).toBe(heir.pid);
    await bench.replaceEngine();
    expect(bench.pid()).toBe(heir.pid);
    expect(bench.world.launches).toHaveLength(1);
    bench.world.exit(heir.pid);
    await bench.clock.advance(2000);
    expect(bench.world.launches).toHaveLength(2);
  });

  it.each([
    ['executed with another command line', 0, ['server', '--port', '80', '2']],
    ['executed with the same one, with workers of its own', 2, ['server', '--port', '80']],
  ])('is the process of the watch when it took over while no engine looked: %s', async (_how, workers, argv) => {
    const { bench, first } = await running();
    let heir = first;
    await bench.replaceEngine(() => {
      heir = fork(bench, first, { argv });
      for (let n = 0; n < workers; n += 1) fork(bench, heir);
      bench.world.exit(first.pid, CLEAN);
    });
    await bench.clock.advance(2000);
    expect(bench.pid()).toBe(heir.pid);
    expect(bench.reported('adopted').at(-1)?.message).toContain(`pid ${first.pid} → pid ${heir.pid}`);
    expect(bench.reported('crash_detected')).toEqual([]);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.world.signals).toEqual([]);
    bench.world.exit(heir.pid);
    await bench.clock.advance(2000);
    expect(bench.world.launches).toHaveLength(2);
  });

  it('is never left beside a second copy, even when the state of the engine is lost', async () => {
    const { bench, first } = await running();
    let heir = first;
    await bench.replaceEngine(() => {
      heir = fork(bench, first, { argv: ['server', '--port', '80', '2'] });
      bench.world.exit(first.pid, CLEAN);
      bench.state.state = null;
    });
    await bench.clock.advance(2000);
    expect(lives(bench, heir)).toBe(false);
    expect(bench.world.launches).toHaveLength(2);
    expect(bench.status().phase).toBe('running');
  });

  it('leaves no copy in another session beside a restart that is asked for at the moment of its end', async () => {
    const { bench, first } = await running();
    const copy = daemon(bench, first);
    await bench.replaceEngine();
    await bench.clock.advance(2000);
    bench.world.exit(first.pid);
    await bench.through(bench.engine.watches.restart(web));
    expect(lives(bench, copy)).toBe(false);
    expect(bench.world.launches).toHaveLength(2);
  });

  it('leaves no copy that matches beside the next start when it ended while no engine looked, twice', async () => {
    const bench = await TestBench.started();
    const start = { argv: ['server', '--port', '80'], cwd: '/' };
    const adding = bench.add({ target: { kind: 'match', by: 'name', pattern: 'server', start } });
    await bench.clock.advance(5000);
    await adding;
    const first = bench.world.processes.get(bench.pid())!;
    const copy = daemon(bench, first);
    await bench.replaceEngine();
    await bench.clock.advance(5000);
    await bench.replaceEngine(() => bench.world.exit(first.pid));
    await bench.clock.advance(30_000);
    const copies = [...bench.world.processes.values()].filter(({ name }) => name === 'server');
    expect(copies).toHaveLength(1);
    expect([lives(bench, copy), bench.pid()]).toEqual([copies[0] === copy, copies[0]?.pid]);
  });

  it.each([
    ['server', '--port', '80'],
    ['/usr/bin/python3', '/opt/server', '--port', '80'],
  ])('is none of the workers that have lost their master while no engine looked: %s', async (...argv) => {
    const { bench, first } = await running();
    const worker = fork(bench, first, { argv });
    await bench.replaceEngine(() => bench.world.exit(first.pid));
    await bench.clock.advance(2000);
    expect(bench.reported('crash_detected')).toMatchObject([{ pid: first.pid, data: { whileEngineWasDown: true } }]);
    expect(lives(bench, worker)).toBe(false);
    expect(bench.world.launches).toHaveLength(2);
  });

  it('is the oldest that descends from none of the others, and no helper at its last work', async () => {
    const { bench, first } = await running();
    const draining = fork(bench, first);
    const master = fork(bench, first);
    const worker = fork(bench, master);
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(2000);
    expect(bench.pid()).toBe(master.pid);
    expect([draining, worker].every((one) => lives(bench, one))).toBe(true);
  });

  it('is not the process in the middle of a double fork', async () => {
    const { bench, first } = await running();
    const middle = daemon(bench, first);
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(50);
    const heir = daemon(bench, first);
    bench.world.exit(middle.pid, CLEAN);
    await bench.clock.advance(1000);
    expect(bench.pid()).toBe(heir.pid);
  });

  it('is not missed when the process in the middle ends during the first pass', async () => {
    const { bench, first } = await running();
    const middle = daemon(bench, first);
    let heir = middle;
    const { environment } = bench.world;
    // The pass has the one in the middle, which ends before anything else can be read of it; the heir was born meanwhile.
    bench.world.environment = (identity) => {
      if (identity.pid === middle.pid && heir === middle) {
        heir = daemon(bench, first);
        bench.world.exit(middle.pid, CLEAN);
      }
      return environment.call(bench.world, identity);
    };
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(1000);
    expect(heir).not.toBe(middle);
    expect(bench.pid()).toBe(heir.pid);
    expect(bench.reported('exited')).toEqual([]);
  });

  it('is waited for while nothing but its mark can be read of it', async () => {
    const { bench, first } = await running();
    const heir = daemon(bench, first);
    const { facts } = bench.world;
    bench.world.facts = () => null;
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(50);
    bench.world.facts = facts;
    await bench.clock.advance(1000);
    expect(bench.pid()).toBe(heir.pid);
    expect(bench.reported('exited')).toEqual([]);
  });

  it('ends as its predecessor did when it was a helper at its last work', async () => {
    const { bench, first } = await running();
    const helper = fork(bench, first);
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(2000);
    bench.world.exit(helper.pid, CLEAN);
    await bench.clock.advance(2000);
    expect(bench.status()).toMatchObject({ phase: 'stopped', reason: 'Ended by itself, cleanly' });
    expect(bench.world.launches).toHaveLength(1);
  });

  it('is followed where the watch is only observed, and a stop or restart right after the end meets it', async () => {
    const { bench, first } = await running();
    bench.engine.watches.observe('web', true, 'cli');
    const heir = daemon(bench, first);
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(0);
    await bench.through(bench.engine.watches.restart(web), 1000);
    expect(lives(bench, heir)).toBe(false);
    expect(bench.world.launches).toHaveLength(2);
    expect(bench.reported('crash_detected')).toEqual([]);
    expect(bench.status().phase).toBe('running');
  });
});

describe('the start command of a match', () => {
  it.each([50, 300, 1000])('that puts itself into the background after %d ms is followed there', async (ms) => {
    const bench = await TestBench.started();
    const { pid } = bench.world.add({ name: 'server', argv: ['server'] });
    const start = { argv: ['server', '-D'], cwd: '/srv' };
    await bench.add({ target: { kind: 'match', by: 'name', pattern: 'server', start } });
    await bench.clock.advance(8000);
    bench.world.exit(pid);
    let first: FakeProcess | null = null;
    bench.world.onLaunch = (process) => void (first = process);
    while (first === null) await bench.clock.advance(10);
    await bench.clock.advance(ms);
    const heir = daemon(bench, first);
    const worker = fork(bench, heir);
    bench.world.exit((first as FakeProcess).pid, CLEAN);
    await bench.clock.advance(30_000);
    const { processes, phase, restarts } = bench.status();
    expect([phase, restarts, processes[0]?.pid]).toEqual(['running', 1, heir.pid]);
    expect(processes.map((process) => process.pid)).toEqual([heir.pid, worker.pid]);
    expect(bench.reported('exited')).toEqual([]);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.world.signals).toEqual([]);

    bench.world.exit(heir.pid);
    await bench.clock.advance(6000);
    expect(lives(bench, worker)).toBe(false);
    expect(bench.world.launches).toHaveLength(2);
  });
});

describe('a program that writes its title over its environment, and so over its mark,', () => {
  const TITLE = ['server: master process /etc/server.conf'];

  /** The same in the background, once it has written its title. */
  const titled = (bench: TestBench, argv: readonly string[] = TITLE): FakeProcess =>
    bench.world.add({ name: 'server', argv, env: {} });

  it.each(['command', 'match'] as const)('is followed into the background: %s', async (kind) => {
    const bench = await TestBench.started();
    const start = { argv: ['server', '-D'], cwd: '/srv' };
    let starter: FakeProcess | null = null;
    bench.world.onLaunch = (process) => void (starter = process);
    const adding = bench.add({
      target: kind === 'command' ? { kind, command: start } : { kind, by: 'name', pattern: 'server', start },
    });
    while (starter === null) await bench.clock.advance(10);
    // So long that a pass has found the start command itself.
    await bench.clock.advance(1500);
    await adding;
    const heir = titled(bench);
    const worker = fork(bench, heir, { argv: ['server: worker process'] });
    bench.world.exit((starter as FakeProcess).pid, CLEAN);
    await bench.clock.advance(20_000);
    const { processes, phase, restarts } = bench.status();
    expect([phase, restarts, processes[0]?.pid]).toEqual(['running', 0, heir.pid]);
    expect([bench.reported('exited'), bench.reported('restarted'), bench.world.signals]).toEqual([[], [], []]);
    expect(bench.world.launches).toHaveLength(1);

    await bench.replaceEngine();
    expect(bench.status().processes[0]?.pid).toBe(heir.pid);
    bench.world.exit(heir.pid);
    await bench.clock.advance(6000);
    expect(bench.reported('crash_detected').map(({ pid }) => pid)).toEqual([heir.pid]);
    expect(lives(bench, worker)).toBe(false);
    expect(bench.world.launches).toHaveLength(2);
  });

  it('is followed when it replaces itself long after its start, under the same title', async () => {
    const { bench, first } = await running();
    Object.assign(first, { argv: [...TITLE], env: {} });
    await bench.clock.advance(60_000);
    const heir = fork(bench, first);
    await bench.clock.advance(3000);
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(3000);
    expect(bench.pid()).toBe(heir.pid);
    expect(bench.world.launches).toHaveLength(1);
    await bench.replaceEngine();
    expect(bench.pid()).toBe(heir.pid);
  });

  it.each([
    ['one under another title, long after the start', 60_000, { argv: ['server: root@pts/0'] }],
    ['one that has an environment without the mark', 0, { env: { PATH: '/bin' } }],
    ['one of another user', 0, { uid: 65534, user: 'nobody' }],
    ['one of another program', 0, { name: 'other', argv: ['other: master'] }],
    ['one without a title', 0, { argv: ['server', '-D'] }],
  ])('has no heir in %s', async (_, ms, fields) => {
    const { bench, first } = await running({ restart: 'on-failure' });
    if (ms > 0) Object.assign(first, { argv: [...TITLE], env: {} });
    await bench.clock.advance(ms);
    const other = bench.world.add({ name: 'server', argv: TITLE, env: {}, ...fields });
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(2000);
    expect(bench.status().phase).toBe('stopped');
    expect(lives(bench, other)).toBe(true);
  });

  it('is followed beside another one of the same kind, which no other watch keeps, by the path in its title', async () => {
    const { bench, first } = await running({ target: command(['server', '-c', '/etc/server.conf']) });
    titled(bench, ['server: master process /etc/other.conf']);
    const heir = titled(bench);
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(2000);
    expect(bench.pid()).toBe(heir.pid);
  });

  it('is not guessed where two look the same', async () => {
    const { bench, first } = await running({ restart: 'on-failure' });
    const both = [titled(bench), titled(bench)];
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(2000);
    expect(bench.status().phase).toBe('stopped');
    expect(both.every((one) => lives(bench, one))).toBe(true);
  });

  it('has no heir in one that another watch keeps', async () => {
    const { bench, first } = await running({ restart: 'on-failure' });
    const other = titled(bench);
    await bench.add({ name: 'kept', target: { kind: 'match', by: 'cmdline', pattern: '^server: master' } });
    await bench.clock.advance(5000);
    expect(bench.pid('kept')).toBe(other.pid);
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(2000);
    expect(bench.status().phase).toBe('stopped');
    expect(bench.pid('kept')).toBe(other.pid);
  });

  it('has no heir in one that was there before it, nor after a crash', async () => {
    const bench = await TestBench.started();
    const before = titled(bench);
    await bench.add({ restart: 'on-failure' });
    bench.world.exit(bench.pid(), CLEAN);
    await bench.clock.advance(2000);
    expect(bench.status().phase).toBe('stopped');
    await bench.engine.watches.start(web);
    const beside = titled(bench);
    bench.world.exit(bench.pid(), { exitCode: 1, signal: null });
    await bench.clock.advance(2000);
    expect(bench.reported('crash_detected')).toHaveLength(1);
    expect([before, beside].every((one) => lives(bench, one))).toBe(true);
  });
});

describe('an end is an end', () => {
  it.each([
    ['a helper that is another program', { name: 'helper', argv: ['helper'] }],
    ['the same program without the mark', { env: {} }],
    ['the same program as another user', { uid: 65534, user: 'nobody' }],
  ])('when only this lives on: %s', async (_, fields) => {
    const { bench, first } = await running({ restart: 'on-failure' });
    fork(bench, first, { ...fields, session: 1, pgid: 1 });
    bench.world.exit(first.pid, CLEAN);
    await bench.clock.advance(2000);
    expect(bench.status().phase).toBe('stopped');
    expect(bench.reported('adopted')).toEqual([]);
    expect(bench.reported('exited')).toHaveLength(1);
  });

  it('when it was a crash, whatever lives on', async () => {
    const { bench, first } = await running();
    daemon(bench, first);
    bench.world.exit(first.pid, { exitCode: 1, signal: null });
    await bench.clock.advance(100);
    expect(bench.reported('adopted')).toEqual([]);
    expect(bench.world.launches).toHaveLength(2);
  });

  it('when nobody knows how it was, and only workers live on that have lost their master', async () => {
    const { bench, first } = await running();
    await bench.replaceEngine();
    const workers = [fork(bench, first), fork(bench, first)];
    await bench.clock.advance(3000);
    bench.world.exit(first.pid);
    await bench.clock.advance(3000);
    expect(bench.reported('crash_detected')).toHaveLength(1);
    expect(workers.some((worker) => lives(bench, worker))).toBe(false);
    expect(bench.world.launches).toHaveLength(2);
  });
});
