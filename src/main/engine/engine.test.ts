import { describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../shared/model/process';
import { WATCH_MARK, type ChildExit, type LaunchTrace, type PersistedState } from './ports';
import { commandSpec, TestBench } from './testing/test-engine';

/** What was reported of the healing: explanations come beside it, whenever their evidence is there. */
function healing({ events }: TestBench): readonly string[] {
  return events.types().filter((type) => type !== 'death_explained');
}

describe('a watched command', () => {
  it('runs once it is added', async () => {
    const bench = await TestBench.started();
    const status = await bench.add();
    expect(status).toMatchObject({ phase: 'running', restarts: 0, incident: null });
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.reported('started')[0]).toMatchObject({ watch: 'web', pid: bench.pid() });
  });

  it('comes back at once when it is killed, and the story is told from crash to recovery', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const first = bench.pid();
    await bench.clock.advance(30_000);
    bench.world.exit(first);
    await bench.clock.advance(0);

    expect(bench.pid()).not.toBe(first);
    const [crash] = bench.reported('crash_detected');
    const [restart] = bench.reported('restarted');
    expect(crash).toMatchObject({ pid: first, data: { signal: 'SIGKILL', uptimeSeconds: 30 } });
    expect(restart).toMatchObject({
      pid: bench.pid(),
      incident: crash?.id,
      data: { attempt: 1, oldPid: first, afterMs: 0 },
    });

    await bench.clock.advance(10_000);
    expect(bench.reported('recovered')[0]).toMatchObject({ incident: crash?.id, data: { durationMs: 10_000 } });
    expect(bench.status()).toMatchObject({ incident: null, restarts: 1 });
  });

  it('is shown with its name and readings at once, when the operator has started it', async () => {
    const bench = await TestBench.started();
    bench.world.onLaunch = (process) => void (process.rssBytes = 7_000_000);
    const shown = { name: 'server', state: 'sleeping', rssBytes: 7_000_000 };
    expect((await bench.add()).processes).toMatchObject([shown]);
    const restarted = await bench.through(bench.engine.watches.restart({ watch: 'web', actor: 'cli' }));
    expect(restarted.processes).toMatchObject([{ ...shown, pid: bench.pid() }]);
    expect(restarted.use.memoryBytes).toBe(7_000_000);
  });

  it('stands in the process table from the moment that it is added or started, for those who are sent or record it', async () => {
    const bench = await TestBench.started();
    const announced: (readonly number[])[] = [];
    bench.engine.subscribe(({ processesChanged }) => {
      if (processesChanged) announced.push(bench.engine.processes.list().map(({ pid }) => pid));
    });
    await bench.add();
    expect(announced.at(-1)).toContain(bench.pid());
    await bench.through(bench.engine.watches.restart({ watch: 'web', actor: 'cli' }));
    expect(announced.at(-1)).toContain(bench.pid());
  });

  it('is restarted with the same argv, cwd and env, byte for byte, until it is edited', async () => {
    const bench = await TestBench.started();
    await bench.add({ target: { kind: 'command', command: { argv: ['a b', 'ü\n'], cwd: '/srv', env: { X: '1' } } } });
    bench.world.exit(bench.pid());
    await bench.clock.advance(0);
    expect(bench.world.launches[1]).toEqual(bench.world.launches[0]);

    const { watch } = bench.status();
    const { id: _, revision, ...spec } = watch;
    bench.engine.watches.edit({
      watch: 'web',
      revision,
      actor: 'cli',
      spec: { ...spec, target: { kind: 'command', command: { argv: ['new'], cwd: '/', env: {}, user: null } } },
    });
    expect(bench.world.launches).toHaveLength(2);
    bench.world.exit(bench.pid());
    await bench.clock.advance(1000);
    expect(bench.world.launches[2]).toMatchObject({ argv: ['new'], cwd: '/' });
  });

  it('that lives a while between two crashes was down only since the last one', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const first = bench.pid();
    bench.world.exit(first);
    await bench.clock.advance(5000);
    const second = bench.pid();
    bench.world.exit(second);
    await bench.clock.advance(1000);
    expect(bench.reported('restarted').map(({ data }) => data.afterMs)).toEqual([0, 1000]);
    expect(bench.reported('restarted').map(({ data }) => data.oldPid)).toEqual([first, second]);
  });

  it('that crashes again and again is restarted after 0, 1, 2, 4 and 8 s, and then cools down', async () => {
    const bench = await TestBench.started();
    bench.world.onLaunch = (process) => void Promise.resolve().then(() => bench.world.exit(process.pid));
    await bench.add();
    await bench.clock.advance(0);
    const gaps: number[] = [];
    let last = bench.clock.monotonicMs();
    let count = bench.world.launches.length;
    for (let ms = 0; ms < 30_000; ms += 500) {
      await bench.clock.advance(500);
      while (bench.world.launches.length > count) {
        count += 1;
        gaps.push(bench.clock.monotonicMs() - last);
        last = bench.clock.monotonicMs();
      }
    }
    // The first two starts fall together: the restart after the first crash is at once.
    expect(gaps).toEqual([1000, 2000, 4000, 8000]);
    expect(bench.status().phase).toBe('cooldown');
    expect(bench.reported('restarted')).toHaveLength(5);
    expect(bench.reported('restart_failed').every((event) => event.data.reason === 'instant_exit')).toBe(true);
  });

  it('is trusted again after a healthy minute', async () => {
    const bench = await TestBench.started();
    await bench.add();
    bench.world.exit(bench.pid());
    await bench.clock.advance(61_000);
    bench.world.exit(bench.pid());
    await bench.clock.advance(0);
    expect(bench.reported('restarted').map((event) => event.data.attempt)).toEqual([1, 1]);
  });

  it('is left alone after so many restarts that did not hold, until it is started by hand', async () => {
    const bench = await TestBench.started();
    bench.engine.settings.set({ 'heal.giveUpAfter': 3 }, 'cli');
    bench.world.onLaunch = (process) => void Promise.resolve().then(() => bench.world.exit(process.pid));
    await bench.add();
    await bench.clock.advance(60_000);
    expect(bench.status().phase).toBe('failed');
    expect(bench.world.launches).toHaveLength(4);
    expect(bench.reported('restart_failed').at(-1)).toMatchObject({
      severity: 'critical',
      data: { reason: 'gave_up' },
    });
    bench.world.onLaunch = null;
    await bench.engine.watches.start({ watch: 'web', actor: 'cli' });
    expect(bench.status().phase).toBe('running');
  });

  it('whose start fails says what was tried and is tried again', async () => {
    const bench = await TestBench.started();
    bench.world.failures = [{ reason: 'ENOENT', message: 'no program "server"' }];
    const status = await bench.add();
    expect(status.phase).toBe('backoff');
    expect(bench.reported('restart_failed')[0]).toMatchObject({
      severity: 'high',
      data: {
        operation: 'start',
        reason: 'ENOENT',
        tried: { argv: ['server', '--port', '80'], cwd: '/srv' },
        nextAttemptInMs: 1000,
      },
    });
    await bench.clock.advance(1000);
    expect(bench.status().phase).toBe('running');
  });

  it('that is killed may be a victim of the OOM killer, where that ended a process at about that time, and only then', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const dies = async (exit: ChildExit): Promise<void> => {
      bench.machine.oomKillCount += 1;
      bench.world.exit(bench.pid(), exit);
      await bench.clock.advance(20 * 60_000);
    };
    await dies({ exitCode: null, signal: 'SIGKILL' });
    await dies({ exitCode: null, signal: 'SIGSEGV' });
    bench.world.exit(bench.pid(), { exitCode: null, signal: 'SIGKILL' });
    await bench.clock.advance(20 * 60_000);
    const [killed, faulty, later] = bench.reported('crash_detected');
    expect(killed?.message).toMatch(
      /SIGKILL; the kernel's OOM killer ended a process of this machine at about that time$/,
    );
    expect(killed?.data).toMatchObject({ oomKills: 1 });
    for (const other of [faulty, later]) {
      expect(other?.message).not.toMatch(/OOM/);
      expect(other?.data).not.toHaveProperty('oomKills');
    }
  });
});

describe("a restart that can't be carried out", () => {
  it('is critical: what must be up stays down', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.clock.advance(5000);
    bench.world.failures = [{ reason: 'ENOENT', message: 'no program "server"' }];
    bench.world.exit(bench.pid());
    await bench.clock.advance(500);
    expect(bench.reported('restart_failed')[0]).toMatchObject({
      severity: 'critical',
      data: { operation: 'restart', reason: 'ENOENT' },
    });
  });
});

describe('an end that is no crash', () => {
  it('by the operator never restarts, not even after the engine was replaced', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always' });
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'window' }));
    expect(bench.reported('stopped')[0]).toMatchObject({ data: { actor: 'window', forced: [] } });
    await bench.clock.advance(120_000);
    await bench.replaceEngine();
    await bench.clock.advance(120_000);
    expect(bench.status().phase).toBe('stopped');
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.reported('crash_detected')).toEqual([]);
  });

  it('is a clean exit under on-failure', async () => {
    const bench = await TestBench.started();
    await bench.add();
    bench.world.exit(bench.pid(), { exitCode: 0, signal: null });
    await bench.clock.advance(60_000);
    expect(bench.status()).toMatchObject({ phase: 'stopped', reason: 'Ended by itself, cleanly' });
    expect(bench.reported('exited')).toHaveLength(1);
    expect(bench.reported('crash_detected')).toEqual([]);
  });

  it('is any end while the machine shuts down; after the next boot it runs again', async () => {
    const bench = await TestBench.started();
    await bench.add();
    bench.machine.shuttingDown = true;
    bench.world.exit(bench.pid(), { exitCode: null, signal: 'SIGTERM' });
    await bench.clock.advance(60_000);
    expect(bench.reported('crash_detected')).toEqual([]);
    expect(bench.world.launches).toHaveLength(1);
    await bench.replaceEngine(() => {
      bench.machine.shuttingDown = false;
      bench.machine.bootId = 'boot-2';
    });
    expect(bench.status().phase).toBe('running');
  });

  it('is restarted under always, and reported as an exit', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always' });
    bench.world.exit(bench.pid(), { exitCode: 0, signal: null });
    await bench.clock.advance(0);
    expect(bench.status().phase).toBe('running');
    expect(healing(bench).slice(-2)).toEqual(['exited', 'restarted']);
  });
});

describe('an engine that takes over from one that was killed', () => {
  it('adopts the running programs with their pids and no restart, and notices their death afterwards', async () => {
    const bench = await TestBench.started();
    for (const name of ['a', 'b', 'c']) await bench.add({ name });
    const pids = ['a', 'b', 'c'].map((name) => bench.pid(name));
    await bench.replaceEngine();
    expect(['a', 'b', 'c'].map((name) => bench.pid(name))).toEqual(pids);
    expect(bench.reported('restarted')).toEqual([]);
    expect(bench.reported('adopted')).toHaveLength(3);

    bench.world.exit(bench.pid('b'));
    await bench.clock.advance(100);
    expect(bench.reported('crash_detected')[0]).toMatchObject({ watch: 'b', data: { exitCode: null, signal: null } });
    expect(bench.pid('b')).not.toBe(pids[1]);
  });

  it('reports what a death left on standard error in its own run only, also when no engine saw it', async () => {
    const bench = await TestBench.started();
    await bench.add();
    bench.output.lines.set('web', ['Cannot find module']);
    bench.world.exit(bench.pid());
    await bench.clock.advance(20 * 60_000);
    bench.world.exit(bench.pid());
    await bench.clock.advance(100);
    bench.output.lines.set('web', ['Cannot find module', 'out of luck']);
    await bench.replaceEngine(() => void bench.world.exit(bench.pid()));
    expect(bench.reported('crash_detected').map(({ data }) => [data.stderrTail, data.stderrOf])).toEqual([
      [['Cannot find module'], 'this_run'],
      [[], 'this_run'],
      [['out of luck'], 'this_run'],
    ]);
  });

  it('reports that lines may be of an earlier run where an earlier version noted no start', async () => {
    const bench = await TestBench.started();
    await bench.add();
    bench.output.lines.set('web', ['whose is this']);
    await bench.replaceEngine(() => {
      for (const { launch } of Object.values(bench.state.state?.watches ?? {})) {
        if (launch !== null) Object.assign(launch, { stderrFrom: null });
      }
      bench.world.exit(bench.pid());
    });
    expect(bench.reported('crash_detected')[0]?.data).toMatchObject({
      stderrTail: ['whose is this'],
      stderrOf: 'several_runs',
    });
  });

  it('reports how long a program ran at most that ended while no engine watched', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.clock.advance(11 * 60_000);
    await bench.replaceEngine(() => void bench.world.exit(bench.pid()));
    const [crash] = bench.reported('crash_detected');
    expect(crash?.message).toContain('crashed while Healdeck was not running, at most 11 min after its start');
    expect(crash?.data).toMatchObject({ uptimeSeconds: 660, uptimeIsAtMost: true });
  });

  it('reports no uptime where an earlier version noted no start', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.clock.advance(11 * 60_000);
    await bench.replaceEngine(() => {
      for (const { processes } of Object.values(bench.state.state?.watches ?? {})) {
        for (const process of processes) Object.assign(process, { startedAtMs: undefined });
      }
      bench.world.exit(bench.pid());
    });
    const [crash] = bench.reported('crash_detected');
    expect(crash?.message).toContain('crashed while Healdeck was not running: ');
    expect(crash?.data.uptimeSeconds).toBeNull();
  });

  it('verifies a heal that the killed one could not verify any more, and so ends its story', async () => {
    const bench = await TestBench.started();
    await bench.add();
    bench.world.exit(bench.pid());
    await bench.clock.advance(2000);
    const { incident } = bench.status();
    expect(incident).not.toBeNull();
    await bench.replaceEngine();
    await bench.clock.advance(11_000);
    expect(bench.reported('recovered')[0]?.incident).toBe(incident);
    expect(bench.status().incident).toBeNull();
  });

  it('finds a child that was started but never written down by its mark, instead of starting a second one', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    await bench.replaceEngine(() => {
      bench.state.state = null;
    });
    expect(bench.pid()).toBe(pid);
    expect(bench.world.launches).toHaveLength(1);
  });

  it('tells of a death whose heal the earlier engine could not write down any more', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const dead = bench.pid();
    const before = bench.world.processes.get(dead);
    await bench.replaceEngine(() => {
      bench.world.exit(dead);
      const env = { [WATCH_MARK]: bench.marks.issue(bench.status().watch.id) };
      bench.world.add({ name: 'server', argv: before?.argv ?? [], env });
    });
    expect(bench.pid()).not.toBe(dead);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.reported('crash_detected')).toMatchObject([
      { pid: dead, data: { whileEngineWasDown: true, remaining: 1 } },
    ]);
  });

  it('does not take a stray of a dead program for the program', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const dead = bench.pid();
    const env = bench.world.processes.get(dead)?.env ?? {};
    await bench.replaceEngine(() => {
      bench.world.exit(dead);
      bench.world.add({ name: 'stray', argv: ['stray'], env });
    });
    await bench.clock.advance(400);
    expect(bench.reported('crash_detected')[0]).toMatchObject({ data: { whileEngineWasDown: true } });
    expect(bench.world.launches).toHaveLength(2);
  });

  it('restarts an adopted child with the environment it had', async () => {
    const bench = await TestBench.started();
    await bench.add({ target: { kind: 'command', command: { argv: ['x'], cwd: '/', env: { KEY: 'kept' } } } });
    const first = bench.world.launches[0];
    await bench.replaceEngine();
    bench.world.exit(bench.pid());
    await bench.clock.advance(100);
    expect(bench.world.launches[1]).toEqual(first);
  });

  it('after a reboot starts what starts by itself, with counts back at zero, whatever the operator had stopped', async () => {
    const bench = await TestBench.started();
    await bench.add({ name: 'auto' });
    await bench.add({ name: 'manual', autostart: false });
    await bench.through(bench.engine.watches.stop({ watch: 'auto', actor: 'cli' }));
    await bench.replaceEngine(() => {
      bench.machine.bootId = 'boot-2';
    });
    expect(bench.status('auto').phase).toBe('running');
    expect(bench.status('manual').phase).toBe('stopped');
  });
});

describe('a watch on a match', () => {
  const target = {
    kind: 'match' as const,
    by: 'cmdline' as const,
    pattern: 'app\\.jar',
    start: { argv: ['app'], cwd: '/' },
  };

  it('adopts what runs, notices its death between ticks and starts it by its start command', async () => {
    const bench = await TestBench.started();
    const outside = bench.world.add({ name: 'java', argv: ['java', '-jar', 'app.jar'] });
    await bench.add({ name: 'app', target, overrides: { 'start.othersMs': 0 } });
    expect(bench.pid('app')).toBe(outside.pid);
    expect(bench.reported('adopted')).toHaveLength(1);

    bench.world.onLaunch = (process) => {
      process.argv = ['java', '-jar', 'app.jar'];
    };
    await bench.clock.advance(5000);
    bench.world.exit(outside.pid);
    await bench.clock.advance(100);
    expect(bench.reported('crash_detected')).toHaveLength(1);
    await bench.clock.advance(300);
    expect(bench.reported('restarted')[0]).toMatchObject({ pid: bench.pid('app'), data: { oldPid: outside.pid } });
  });

  it('does not start a second copy when somebody else was faster', async () => {
    const bench = await TestBench.started();
    const outside = bench.world.add({ name: 'java', argv: ['java', 'app.jar'] });
    await bench.add({ name: 'app', target, overrides: { 'start.othersMs': 0 } });
    bench.world.exit(outside.pid);
    const replacement = bench.world.add({ name: 'java', argv: ['java', 'app.jar'] });
    await bench.clock.advance(500);
    expect(bench.pid('app')).toBe(replacement.pid);
    expect(bench.world.launches).toEqual([]);
  });

  it('holds several processes, and one death beside living ones starts nothing', async () => {
    const bench = await TestBench.started();
    const workers = [1, 2, 3].map(() => bench.world.add({ name: 'worker', argv: ['worker', 'app.jar'] }));
    await bench.add({ name: 'app', target });
    expect(bench.status('app').processes).toHaveLength(3);
    bench.world.exit(workers[1]?.pid ?? 0);
    await bench.clock.advance(1000);
    expect(bench.reported('crash_detected')[0]).toMatchObject({ incident: null, data: { remaining: 2 } });
    expect(bench.world.launches).toEqual([]);
  });

  it('without a start command waits for the program to come back', async () => {
    const bench = await TestBench.started();
    const outside = bench.world.add({ name: 'java', argv: ['java', 'app.jar'] });
    await bench.add({ name: 'app', target: { ...target, start: null } });
    bench.world.exit(outside.pid);
    await bench.clock.advance(200);
    expect(bench.status('app').phase).toBe('waiting');
    bench.world.add({ name: 'java', argv: ['java', 'app.jar'] });
    await bench.clock.advance(6000);
    expect(bench.status('app').phase).toBe('running');
    await expect(bench.engine.watches.restart({ watch: 'app', actor: 'cli' })).rejects.toThrow(/no start command/);
  });

  it('says so when its start command brings up nothing that matches', async () => {
    const bench = await TestBench.started();
    const outside = bench.world.add({ name: 'java', argv: ['java', 'app.jar'] });
    await bench.add({ name: 'app', target });
    bench.world.onLaunch = ({ pid }) =>
      void Promise.resolve().then(() => bench.world.exit(pid, { exitCode: 0, signal: null }));
    bench.world.exit(outside.pid);
    await bench.clock.advance(20_000);
    expect(bench.reported('restart_failed')[0]).toMatchObject({ data: { reason: 'no_match' } });
  });

  it('does not take a process that another watch keeps', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.add({ name: 'app', target: { kind: 'match', by: 'name', pattern: 'server' } });
    await bench.clock.advance(10_000);
    expect(bench.status('app')).toMatchObject({ phase: 'waiting', processes: [] });
  });

  it('never takes Healdeck itself, its ancestors or the first process', async () => {
    const bench = await TestBench.started();
    for (const pattern of ['healdeck', 'init']) {
      const attempt = bench.add({ name: 'x', target: { kind: 'match', by: 'name', pattern } });
      await expect(attempt).rejects.toMatchObject({ code: 'protected' });
    }
    expect(bench.engine.watches.list()).toEqual([]);
    expect(bench.config.watches()).toEqual([]);
  });
});

describe('a stop', () => {
  it('ends three generations that ignore TERM and a grandchild in a session of its own, and nothing else', async () => {
    const bench = await TestBench.started();
    const bystander = bench.world.add({ name: 'bystander' });
    await bench.add({ overrides: { 'stop.graceMs': 3000 } });
    const root = bench.pid();
    const child = bench.world.add({ ppid: root, pgid: root, session: root });
    const grandchild = bench.world.add({ ppid: child.pid });
    for (const pid of [root, child.pid, grandchild.pid]) bench.world.processes.get(pid)?.ignores.add('SIGTERM');

    const stop = await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }), 4000);
    expect(stop.phase).toBe('stopped');
    expect([...bench.world.processes.keys()]).toEqual([1, bench.world.enginePid, bystander.pid]);
    expect(new Set(bench.world.signals.map(({ pid }) => pid))).toEqual(new Set([root, child.pid, grandchild.pid]));
    expect(bench.reported('killed')[0]?.data.forced).toHaveLength(3);
  });

  it('sends nothing to a pid that was reused, and says so', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    const { world } = bench;
    const scan = world.scan.bind(world);
    // The pid changes hands between the pass that found it and the signal.
    world.scan = async () => {
      const result = await scan();
      if (world.processes.get(pid)?.name === 'server') world.reuse(pid);
      return result;
    };
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }), 15_000);
    expect(world.signals).toEqual([]);
    expect(bench.reported('signal_refused')[0]).toMatchObject({ pid, data: { reason: 'pid_reused' } });
    expect(world.processes.get(pid)?.name).toBe('innocent');
  });

  it('that can not be carried out is reported, and no second copy is started', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { 'stop.graceMs': 0 } });
    const process = bench.world.processes.get(bench.pid());
    process?.ignores.add('SIGTERM').add('SIGKILL');
    const restart = bench.through(bench.engine.watches.restart({ watch: 'web', actor: 'cli' }), 20_000);
    await expect(restart).rejects.toThrow(/could not be ended/);
    expect(bench.status().phase).toBe('failed');
    expect(bench.world.launches).toHaveLength(1);
  });
});

describe('orphans of a crash', () => {
  it('are ended before the program is started again', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const root = bench.pid();
    const orphan = bench.world.add({ ppid: root, pgid: root, session: root });
    await bench.clock.advance(2000);
    bench.world.exit(root);
    await bench.clock.advance(200);
    expect(bench.world.processes.has(orphan.pid)).toBe(false);
    expect(healing(bench).slice(-3)).toEqual(['crash_detected', 'killed', 'restarted']);
    expect(bench.reported('killed')[0]?.data.pids).toEqual([orphan.pid]);
  });

  it('that went into a session of their own are ended when the first heal did not hold', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const env = bench.world.processes.get(bench.pid())?.env ?? {};
    const stray = bench.world.add({ env });
    bench.world.exit(bench.pid());
    await bench.clock.advance(2000);
    expect(bench.world.processes.has(stray.pid)).toBe(true);
    const second = bench.world.add({ env });
    bench.world.exit(bench.pid());
    await bench.clock.advance(2000);
    expect(bench.world.processes.has(second.pid)).toBe(false);
    // It is older than what has died now, and may hold the port all the same.
    expect(bench.world.processes.has(stray.pid)).toBe(false);
    expect(bench.reported('killed').at(-1)?.message).toBe(
      `web: killed pid ${stray.pid}, ${second.pid}: left over from an earlier start; a port, a lock or the like that it held may be the reason why the starts failed`,
    );
    expect(bench.status().phase).toBe('running');
  });
});

describe('an action', () => {
  it('is bound to the processes that were shown', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const [shown] = bench.status().processes;
    const expect_ = shown === undefined ? [] : [{ pid: shown.pid, startTime: shown.startTime }];
    bench.world.exit(bench.pid());
    await bench.clock.advance(0);
    const late = bench.engine.watches.stop({ watch: 'web', actor: 'window', expect: expect_ });
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    expect(bench.status().phase).toBe('running');
    expect(bench.world.signals).toEqual([]);
  });

  it('on a name in use, an unknown name or an old revision is refused and changes nothing', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await expect(bench.add({ name: 'WEB' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(bench.engine.watches.stop({ watch: 'nope', actor: 'cli' })).rejects.toMatchObject({
      code: 'not_found',
    });
    const { watch } = bench.status();
    const { id: _, revision: __, ...spec } = watch;
    expect(() => bench.engine.watches.edit({ watch: 'web', revision: 7, spec, actor: 'cli' })).toThrow(
      /edited meanwhile/,
    );
    expect(bench.engine.watches.list()).toHaveLength(1);
  });

  it('that can not be saved changes nothing', async () => {
    const bench = await TestBench.started();
    bench.config.full = true;
    await expect(bench.add()).rejects.toThrow('ENOSPC');
    expect(bench.engine.watches.list()).toEqual([]);
    expect(bench.world.launches).toEqual([]);
  });

  it('of removal leaves the program running and says which', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    expect(bench.engine.watches.remove({ watch: 'web', actor: 'cli' })).toEqual({ leftRunning: [pid] });
    bench.world.exit(pid);
    await bench.clock.advance(60_000);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.reported('crash_detected')).toEqual([]);
  });
});

describe('a watch that is removed and taken back', () => {
  it('keeps its id, its process and its budget, and is healed again', async () => {
    const bench = await TestBench.started();
    const { watch } = await bench.add();
    bench.world.exit(bench.pid());
    await bench.clock.advance(20_000);
    const pid = bench.pid();
    bench.engine.watches.remove({ watch: 'web', actor: 'window' });

    const back = await bench.engine.watches.restore('web', 'window');
    expect(back).toMatchObject({ watch, phase: 'running', restarts: 1, processes: [{ pid, origin: 'adopted' }] });
    expect(bench.world.launches).toHaveLength(2);
    expect(bench.reported('watch_added')).toHaveLength(2);

    bench.world.exit(pid);
    await bench.clock.advance(2000);
    expect(bench.world.launches).toHaveLength(3);
  });

  it('is started when its program has ended meanwhile, which is no crash; one that was stopped stays so', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    bench.engine.watches.remove({ watch: 'web', actor: 'window' });
    bench.world.exit(pid);
    await bench.engine.watches.restore('web', 'window');
    await bench.clock.advance(0);
    expect(bench.reported('crash_detected')).toEqual([]);
    expect(bench.status().phase).toBe('running');

    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'window' }));
    bench.engine.watches.remove({ watch: 'web', actor: 'window' });
    expect(await bench.engine.watches.restore('web', 'window')).toMatchObject({ phase: 'stopped', processes: [] });
  });

  it('is refused when its name or its program is in other hands, and when nothing was removed', async () => {
    const bench = await TestBench.started();
    await expect(bench.engine.watches.restore('web', 'cli')).rejects.toMatchObject({ code: 'not_found' });
    await bench.add();
    const pid = bench.pid();
    bench.engine.watches.remove({ watch: 'web', actor: 'cli' });
    await bench.add({
      name: 'other',
      target: { kind: 'match', by: 'cmdline', pattern: 'server', user: null, start: null },
    });
    expect(bench.status('other').processes).toMatchObject([{ pid }]);
    await expect(bench.engine.watches.restore('web', 'cli')).rejects.toMatchObject({ code: 'conflict' });
    await bench.add();
    await expect(bench.engine.watches.restore('web', 'cli')).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('an engine', () => {
  it('says so when it is the first process, which has to reap orphans', async () => {
    const bench = new TestBench();
    Object.assign(bench.machine, { pid: 1 });
    await bench.engine.start();
    expect(bench.reported('notice').map(({ data }) => data.topic)).toEqual(['init']);
    expect((await TestBench.started()).reported('notice')).toEqual([]);
  });

  it('describes a process with its family and what it has open', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const child = bench.world.add({ ppid: bench.pid(), name: 'child' });
    await bench.clock.advance(2000);
    const process = bench.world.processes.get(bench.pid());
    if (process === undefined) throw new Error('no process');
    const { ancestors, children, openFiles } = bench.engine.processes.describe(process);
    expect(openFiles).toBe(3);
    expect(ancestors.map(({ name }) => name)).toEqual(['healdeck', 'init']);
    expect(children).toEqual([{ pid: child.pid, startTime: child.startTime, name: 'child' }]);
  });

  it('leaves no timer behind when it is disposed', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.replaceEngine();
    bench.world.exit(bench.pid());
    await bench.clock.advance(150);
    bench.engine.dispose('test');
    expect(bench.clock.pending).toBe(0);
  });

  it('starts nothing when it is disposed before its first pass is done', async () => {
    const bench = new TestBench();
    bench.config.saveWatches([{ ...commandSpec(), id: bench.machine.newId(), revision: 1 }]);
    const starting = bench.engine.start();
    bench.engine.dispose('test');
    await starting;
    expect(bench.world.launches).toEqual([]);
    expect(bench.clock.pending).toBe(0);
  });

  it('keeps watching when a pass or a client fails', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const scan = bench.world.scan.bind(bench.world);
    bench.world.scan = () => Promise.reject(new Error('EIO'));
    bench.engine.subscribe(() => {
      throw new Error('bad client');
    });
    await bench.clock.advance(4000);
    expect(bench.errors.length).toBeGreaterThan(0);
    bench.world.scan = scan;
    bench.world.exit(bench.pid());
    await bench.clock.advance(4000);
    expect(bench.reported('restarted')).toHaveLength(1);
  });

  it('refuses a setting out of its range and keeps the old one', async () => {
    const bench = await TestBench.started();
    for (const value of [0, -5, 'many', 1e9, null]) {
      expect(() => bench.engine.settings.set({ 'sampling.intervalMs': value }, 'cli')).toThrow(
        /expected a whole number from 500 to 60000/,
      );
    }
    expect(bench.engine.settings.inForce()['sampling.intervalMs']).toBe(2000);
  });
});

describe('a restart by the operator', () => {
  it('names the process that it replaces, how long that took, and every process that it ended', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const old = bench.pid();
    const stray = bench.world.add({ name: 'deploy', env: bench.world.processes.get(old)?.env ?? {} });
    await bench.through(bench.engine.watches.restart({ watch: 'web', actor: 'cli' }), 5000);
    const [restarted] = bench.reported('restarted');
    expect(restarted?.data).toMatchObject({ oldPid: old, afterMs: expect.any(Number) as number });
    expect([...(restarted?.data.ended ?? [])].sort()).toEqual([old, stray.pid].sort());
    expect(restarted?.message).toContain(`${stray.pid}`);
    expect(bench.reported('killed')).toEqual([]);
  });

  it('names a process that ended before its first signal, also when a start has overtaken the stop', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const old = bench.pid();
    const stop = bench.engine.watches.stop({ watch: 'web', actor: 'cli' }).catch(() => undefined);
    bench.world.exit(old);
    await bench.through(bench.engine.watches.start({ watch: 'web', actor: 'cli' }), 5000);
    await stop;
    expect(bench.reported('restarted').map(({ data }) => [data.oldPid, data.ended])).toEqual([[old, [old]]]);
  });
});

describe('a crash of a program that is never restarted', () => {
  it('is an incident of its own, which nothing follows', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'never' });
    bench.world.exit(bench.pid(), { exitCode: 3, signal: null });
    await bench.clock.advance(100);
    const [crash] = bench.reported('crash_detected');
    expect(crash?.incident).toBe(crash?.id);
    expect(bench.status().incident).toBeNull();
  });
});

describe('a crash of a program that has put a copy of itself into another session', () => {
  it.each([
    ['that the last scan has seen', 2000, true],
    ['that was born since the last scan', 0, true],
    ['that only a scan can show', 0, false],
  ])('is followed by the end of that copy, %s, before the next start', async (_, beforeMs, countsBirths) => {
    const bench = await TestBench.started();
    const { world, clock } = bench;
    await bench.add({ restart: 'always', overrides: { 'restart.delays': false } });
    await clock.advance(2000);
    const { name, argv, env } = world.processes.get(bench.pid())!;
    world.countsBirths = countsBirths;
    const copy = world.add({ name, argv, env, cwd: '/srv' });
    await clock.advance(beforeMs);
    const livingAtStart: boolean[] = [];
    world.onLaunch = () => livingAtStart.push(world.processes.has(copy.pid));
    world.exit(bench.pid());
    await clock.advance(10_000);
    expect(livingAtStart).toEqual([false]);
    expect(bench.reported('killed').map(({ data }) => data.pids)).toEqual([[copy.pid]]);
  });

  it('costs a scan only where something of its start may live', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always', overrides: { 'restart.delays': false } });
    await bench.clock.advance(2000);
    bench.world.scan = () => Promise.reject(new Error('a scan'));
    bench.world.exit(bench.pid());
    await bench.clock.advance(0);
    expect(bench.world.launches).toHaveLength(2);
    expect(bench.errors).toEqual([]);
  });
});

describe('a crash right before an operator asks for something', () => {
  it('is reported with its exit code before the stop, and starts nothing', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    await bench.clock.advance(5000);
    // Its exit is on its way when the stop comes.
    bench.world.exit(pid, { exitCode: 7, signal: null });
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }), 15_000);
    expect(bench.reported('crash_detected').map((event) => [event.pid, event.data.exitCode])).toEqual([[pid, 7]]);
    expect(healing(bench).slice(-2)).toEqual(['crash_detected', 'stopped']);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.status().phase).toBe('stopped');
  });
});

describe('an engine that was killed in the middle of something', () => {
  interface Kill {
    /** How the restart begins: by a crash unless another begin is given. */
    begin?: (bench: TestBench) => void;
    /** Whether it was on record, with what it follows from. */
    isRecorded?: boolean;
    /** Whether what it has started lives on. */
    lives?: boolean;
  }

  /** Killed during a restart, as far as `trace` shows. */
  async function killedWhileRestarting(
    trace: (launched: ProcessIdentity) => LaunchTrace,
    { begin = (dying) => dying.world.exit(dying.pid()), isRecorded = true, lives = false }: Kill = {},
  ): Promise<TestBench> {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always', overrides: { 'restart.delays': false } });
    await bench.clock.advance(2000);
    // What the engine has recorded when it is about to start the program again is all that the next one gets.
    const recorded: { state: PersistedState | null; events: number } = { state: null, events: 0 };
    let mark = '';
    const keep = (): void => {
      recorded.state = structuredClone(bench.state.state);
      recorded.events = bench.events.events.length;
    };
    bench.world.onLaunch = ({ env }) => {
      mark = env[WATCH_MARK] ?? '';
      if (isRecorded) queueMicrotask(keep);
      else keep();
    };
    begin(bench);
    await bench.clock.advance(1000);
    const [second] = bench.status().processes;
    const { id } = bench.status().watch;
    await bench.replaceEngine(() => {
      bench.world.onLaunch = null;
      if (!lives) bench.world.processes.delete(second?.pid ?? 0);
      bench.state.state = recorded.state;
      bench.events.events.length = recorded.events;
      bench.world.traces.put(id, mark, trace({ pid: second?.pid ?? 0, startTime: second?.startTime ?? 0 }));
    });
    await bench.clock.advance(100);
    return bench;
  }

  it('is followed by one that reports the end of what it had just started, with its pid', async () => {
    const bench = await killedWhileRestarting((launched) => ({
      kind: 'executed',
      process: { ...launched, startedAtMs: 0 },
    }));
    expect(bench.reported('crash_detected').map(({ pid, data }) => [pid, data.whileEngineWasDown])).toEqual([
      [1001, false],
      [1002, true],
    ]);
    expect(bench.reported('restart_failed')).toEqual([]);
    expect(bench.reported('restarted')).toMatchObject([{ pid: 1003, data: { oldPid: 1002, attempt: 2 } }]);
  });

  it('is followed by one that makes the start which was never executed, and reports no death of it', async () => {
    const bench = await killedWhileRestarting(() => ({ kind: 'not_executed' }));
    expect(bench.reported('crash_detected').map(({ pid }) => pid)).toEqual([1001]);
    expect(bench.reported('restart_failed')).toEqual([]);
    expect(bench.reported('restarted')).toMatchObject([{ pid: 1003, data: { attempt: 1 } }]);
    expect(bench.status()).toMatchObject({ phase: 'running', restarts: 1 });
  });

  it('is followed by one that reports a start that may have been executed as interrupted, and as no death', async () => {
    const bench = await killedWhileRestarting(() => ({ kind: 'unknown' }));
    expect(bench.reported('crash_detected').map(({ pid }) => pid)).toEqual([1001]);
    expect(bench.reported('restart_failed')).toMatchObject([
      { pid: null, data: { operation: 'restart', reason: 'interrupted', nextAttemptInMs: 0 } },
    ]);
    expect(bench.reported('restarted')).toHaveLength(1);
  });

  const deaths = (bench: TestBench): unknown =>
    bench.reported('crash_detected').map(({ pid, data }) => [pid, data.whileEngineWasDown]);

  it('had made no restart before its record where the machine keeps no traces of starts', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always', overrides: { 'restart.delays': false } });
    bench.world.traces.isKept = false;
    bench.state.saved = () => new Promise(() => undefined);
    bench.world.exit(bench.pid());
    await bench.clock.advance(1000);
    expect(bench.reported('crash_detected')).toHaveLength(1);
    expect(bench.world.launches).toHaveLength(1);
  });

  it('before anything of a restart was on record is followed by one that reports both deaths', async () => {
    const bench = await killedWhileRestarting(
      (launched) => ({ kind: 'executed', process: { ...launched, startedAtMs: 0 } }),
      { isRecorded: false },
    );
    expect(deaths(bench)).toEqual([
      [1001, true],
      [1002, true],
    ]);
    expect(bench.status()).toMatchObject({ phase: 'running', processes: [{ pid: 1003 }] });
  });

  it('before a restart that was never executed was on record is followed by one that makes it', async () => {
    const bench = await killedWhileRestarting(() => ({ kind: 'not_executed' }), { isRecorded: false });
    expect(deaths(bench)).toEqual([[1001, true]]);
    expect(bench.reported('restart_failed')).toEqual([]);
    expect(bench.status()).toMatchObject({ phase: 'running', processes: [{ pid: 1003 }] });
  });

  it('within a restart that was on no record is followed by one that reports it as interrupted beside the death', async () => {
    const bench = await killedWhileRestarting(() => ({ kind: 'unknown' }), { isRecorded: false });
    expect(deaths(bench)).toEqual([[1001, true]]);
    expect(bench.reported('restart_failed')).toMatchObject([{ data: { reason: 'interrupted' } }]);
    expect(bench.status()).toMatchObject({ phase: 'running', processes: [{ pid: 1003 }] });
  });

  it.each(['executed', 'unknown'] as const)(
    'is followed by one that adopts what a restart on no record has started (%s), and starts no other copy',
    async (kind) => {
      const bench = await killedWhileRestarting(
        (launched) => (kind === 'unknown' ? { kind } : { kind, process: { ...launched, startedAtMs: 0 } }),
        { isRecorded: false, lives: true },
      );
      // Until it is known that the program does not go on in another process.
      await bench.clock.advance(1000);
      expect(deaths(bench)).toEqual([[1001, true]]);
      expect(bench.reported('restart_failed')).toEqual([]);
      expect(bench.status()).toMatchObject({ phase: 'running', processes: [{ pid: 1002 }] });
      expect(bench.world.launches).toHaveLength(2);
      expect(bench.world.signals).toEqual([]);
    },
  );

  it('had made no restart as long as what came before was on no record', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always', overrides: { 'restart.delays': false } });
    let write = (): void => undefined;
    bench.state.isSaved = () => false;
    bench.state.saved = () => new Promise((resolve) => (write = resolve));
    bench.world.exit(bench.pid());
    await bench.clock.advance(1000);
    expect(bench.reported('crash_detected')).toHaveLength(1);
    expect(bench.world.launches).toHaveLength(1);
    write();
    await bench.clock.advance(0);
    expect(bench.world.launches).toHaveLength(2);
  });

  it('is followed by one that reports what the restart of the operator had ended', async () => {
    const restart = ({ engine }: TestBench): void =>
      void engine.watches.restart({ watch: 'web', actor: 'cli' }).catch(() => undefined);
    const bench = await killedWhileRestarting(() => ({ kind: 'not_executed' }), { begin: restart });
    expect(bench.reported('stopped')).toMatchObject([{ pid: 1001, data: { actor: 'cli', pids: [1001] } }]);
    expect(bench.reported('stopped')[0]?.message).toBe(
      'web (pid 1001) was ended for a restart by cli, which the end of Healdeck interrupted',
    );
    expect(bench.reported('crash_detected')).toEqual([]);
    expect(bench.status()).toMatchObject({ phase: 'running', processes: [{ pid: 1003 }] });
    await bench.replaceEngine();
    expect(bench.reported('stopped')).toHaveLength(1);
  });

  it('is followed by one that keeps what it had just started, also where no mark can be read of it', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const { id } = bench.status().watch;
    const [launched] = bench.status().processes;
    await bench.replaceEngine(() => {
      const memory = bench.state.state?.watches[id];
      const process = bench.world.processes.get(launched?.pid ?? 0);
      if (process !== undefined) process.env = {};
      if (memory !== undefined)
        Object.assign(memory, {
          processes: [],
          starting: true,
          start: { mark: memory.launch?.mark, countedAtMs: null },
        });
    });
    expect(bench.status()).toMatchObject({ phase: 'running', processes: [{ pid: launched?.pid }] });
    expect(bench.world.launches).toHaveLength(1);
  });

  it('is followed by one that reports what a stop was ending, and leaves it down', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    void bench.engine.watches.stop({ watch: 'web', actor: 'cli' }).catch(() => undefined);
    await bench.replaceEngine(() => bench.world.exit(pid));
    await bench.clock.advance(100);
    expect(bench.reported('stopped').map(({ data }) => data.pids)).toEqual([[pid]]);
    expect(bench.status().phase).toBe('stopped');
  });
});
