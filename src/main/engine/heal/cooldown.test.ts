import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/model/settings';
import { TestBench } from '../testing/test-engine';

/** A watch on a program that dies at once, until told otherwise. */
async function crashLoop(overrides: Partial<Settings> = {}): Promise<TestBench> {
  const bench = await TestBench.started();
  bench.world.onLaunch = (process) =>
    void Promise.resolve().then(() => bench.world.exit(process.pid, { exitCode: 3, signal: null }));
  await bench.add({ restart: 'always', overrides });
  return bench;
}

describe('a cooldown', () => {
  it('starts after 5 restarts, says when it ends and what the ends had in common, and ends with a trial', async () => {
    const bench = await crashLoop();
    await bench.clock.advance(20_000);
    const [cooldown] = bench.reported('cooldown_started');
    expect(cooldown?.data).toMatchObject({
      restarts: 5,
      windowSeconds: 60,
      durationMs: 120_000,
      commonExit: 'exit code 3',
    });
    const status = bench.status();
    expect(status.budget.cooldown?.until).toBe(Date.parse(cooldown?.data.untilAt ?? ''));
    expect(bench.reported('anomaly_detected')[0]).toMatchObject({
      severity: 'critical',
      incident: cooldown?.incident,
      data: { anomaly: 'rapid_crashes', action: 'cooldown' },
    });

    bench.world.onLaunch = null;
    await bench.clock.advance(120_000);
    expect(bench.reported('cooldown_ended')).toHaveLength(1);
    expect(bench.status()).toMatchObject({ phase: 'running', budget: { cooldown: null } });
    expect(bench.status().budget.windows[0]?.used).toBe(1);
    await bench.clock.advance(10_000);
    expect(bench.reported('recovered')[0]?.incident).toBe(cooldown?.incident);
  });

  it('keeps its remaining time over a new engine, and is gone after a reboot', async () => {
    const bench = await crashLoop();
    await bench.clock.advance(50_000);
    const until = bench.status().budget.cooldown?.until;
    expect(until).toBeDefined();
    const launches = bench.world.launches.length;
    await bench.replaceEngine();
    expect(bench.status()).toMatchObject({ phase: 'cooldown', budget: { cooldown: { until } } });
    expect(bench.reported('cooldown_started')).toHaveLength(1);
    await bench.clock.advance(30_000);
    expect(bench.world.launches).toHaveLength(launches);

    bench.world.onLaunch = null;
    await bench.replaceEngine(() => {
      bench.machine.bootId = 'boot-2';
    });
    expect(bench.status()).toMatchObject({ phase: 'running', budget: { cooldown: null, trips: 0 } });
  });

  it('that is over while no engine runs is followed by the trial of the next one, which closes the story', async () => {
    const bench = await crashLoop();
    await bench.clock.advance(20_000);
    const [cooldown] = bench.reported('cooldown_started');
    bench.world.onLaunch = null;
    bench.engine.dispose('killed');
    await bench.clock.advance(300_000);
    await bench.replaceEngine();
    await bench.clock.advance(0);
    expect(bench.status().phase).toBe('running');
    await bench.clock.advance(10_000);
    expect(bench.reported('recovered')[0]?.incident).toBe(cooldown?.incident);
    expect(bench.status().incident).toBeNull();
  });

  it('of a watch that was stopped ends under the next engine, and nothing is started', async () => {
    const bench = await crashLoop();
    await bench.clock.advance(20_000);
    bench.world.onLaunch = null;
    await bench.engine.watches.stop({ watch: 'web', actor: 'cli' });
    const launches = bench.world.launches.length;
    await bench.replaceEngine();
    expect(bench.status()).toMatchObject({ phase: 'stopped', budget: { cooldown: { restarts: 5 } } });
    await bench.clock.advance(120_000);
    expect(bench.reported('cooldown_ended')).toHaveLength(1);
    expect(bench.status()).toMatchObject({ phase: 'stopped', budget: { cooldown: null } });
    expect(bench.world.launches).toHaveLength(launches);
  });

  it('is ended at once by a reset, and made longer by an extension', async () => {
    const bench = await crashLoop();
    await bench.clock.advance(20_000);
    const until = bench.status().budget.cooldown?.until ?? 0;
    bench.engine.watches.extendCooldown('web', 60_000, 'window');
    expect(bench.status().budget.cooldown?.until).toBe(until + 60_000);
    bench.world.onLaunch = null;
    expect(bench.engine.watches.resetCooldown('web', 'cli')).toEqual({ reset: ['web'] });
    await bench.clock.advance(0);
    expect(bench.status()).toMatchObject({ phase: 'running', budget: { cooldown: null } });
    expect(() => bench.engine.watches.extendCooldown('web', 60_000, 'cli')).toThrow(/not in cooldown/);
  });

  it('counts a single restart in the singular', async () => {
    const bench = await TestBench.started();
    bench.world.onLaunch = (process) => void Promise.resolve().then(() => bench.world.exit(process.pid));
    await bench.add({ restart: 'always', overrides: { 'restart.limit': 1 } });
    await bench.clock.advance(5000);
    expect(bench.reported('cooldown_started')[0]?.message).toMatch(/: 1 restart within 1 min$/);
    expect(bench.reported('anomaly_detected')[0]?.message).toMatch(/the budget of 1 restart in 1 min is spent/);
  });

  it('never blocks the operator, and a manual start is not counted', async () => {
    const bench = await crashLoop();
    await bench.clock.advance(20_000);
    bench.world.onLaunch = null;
    await bench.through(bench.engine.watches.start({ watch: 'web', actor: 'cli' }));
    expect(bench.status().phase).toBe('running');
    expect(bench.reported('restarted')).toHaveLength(5);
    for (let i = 0; i < 20; i += 1) await bench.through(bench.engine.watches.restart({ watch: 'web', actor: 'cli' }));
    expect(bench.status()).toMatchObject({ phase: 'running', restarts: 5 });
  });

  it('catches a program that crashes every 15 s within 5 minutes, and lets one be that crashes every 2 hours', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always' });
    for (let elapsed = 0; elapsed < 300_000 && bench.status().phase !== 'cooldown'; elapsed += 1000) {
      const [process] = bench.status().processes;
      const age = process === undefined ? 0 : bench.clock.wallMs() - process.startedAt;
      if (process !== undefined && age >= 15_000) bench.world.exit(process.pid);
      await bench.clock.advance(1000);
    }
    expect(bench.status().phase).toBe('cooldown');

    const rare = await TestBench.started();
    rare.engine.settings.set({ 'sampling.intervalMs': 60_000 }, 'cli');
    await rare.add();
    for (let crash = 0; crash < 12; crash += 1) {
      await rare.clock.advance(2 * 3_600_000);
      rare.world.exit(rare.pid());
      await rare.clock.advance(0);
    }
    expect(rare.reported('restarted')).toHaveLength(12);
    expect(rare.reported('cooldown_started')).toEqual([]);
  });

  it('is not moved by a wall clock that jumps', async () => {
    const bench = await crashLoop();
    await bench.clock.advance(20_000);
    bench.clock.jumpWall(86_400_000);
    await bench.clock.advance(60_000);
    expect(bench.status().phase).toBe('cooldown');
    bench.clock.jumpWall(-2 * 86_400_000);
    bench.world.onLaunch = null;
    await bench.clock.advance(60_000);
    expect(bench.status().phase).toBe('running');
  });

  it('follows the classic profile: no delays, one window, no growth', async () => {
    const bench = await TestBench.started();
    bench.engine.settings.set({ profile: 'classic' }, 'cli');
    bench.world.onLaunch = (process) => void Promise.resolve().then(() => bench.world.exit(process.pid));
    await bench.add();
    await bench.clock.advance(400_000);
    expect(bench.reported('cooldown_started').map(({ data }) => data.durationMs)).toEqual([
      120_000, 120_000, 120_000, 120_000,
    ]);
  });
});

describe('the storm brake', () => {
  /** So many watches whose programs die as soon as they run. */
  async function badDeploy(bench: TestBench, watches: number): Promise<void> {
    bench.world.onLaunch = (process) => {
      if (process.name === 'broken') void Promise.resolve().then(() => bench.world.exit(process.pid));
    };
    const target = { kind: 'command' as const, command: { argv: ['broken'], cwd: '/' } };
    for (let n = 0; n < watches; n += 1) await bench.add({ name: `loop${n}`, target });
  }

  it('holds what keeps ending, with one alert that names it, and goes on by itself or by a reset of all', async () => {
    const bench = await TestBench.started();
    await bench.add({ name: 'db' });
    await badDeploy(bench, 30);
    await bench.clock.advance(10_000);
    expect(bench.reported('healing_paused')).toHaveLength(1);
    const [paused] = bench.reported('healing_paused');
    expect(paused?.message).toMatch(
      /^Healing is paused for watches that keep ending \(loop\d+(, loop\d+){9} and 11 more\)/,
    );
    expect(paused?.data.watches).toHaveLength(21);
    expect(bench.engine.watches.list().filter(({ phase }) => phase === 'held')).toHaveLength(30);
    // Who did not restart in that minute is healed as ever, and is held only if it ends again.
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(100);
    expect(bench.status('db').phase).toBe('running');
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(5000);
    expect(bench.status('db').phase).toBe('held');
    bench.world.onLaunch = null;
    bench.engine.watches.resetCooldown(null, 'window');
    await bench.clock.advance(10_000);
    expect(new Set(bench.engine.watches.list().map(({ phase }) => phase))).toEqual(new Set(['running']));
    expect(bench.reported('healing_resumed')[0]?.data.actor).toBe('window');
  });

  it.each([20, 200])('lets %i idle programs come back at once that die at once', async (count) => {
    const bench = await TestBench.started();
    for (let n = 0; n < count; n += 1) await bench.add({ name: `w${n}` });
    for (let n = 0; n < count; n += 1) bench.world.exit(bench.pid(`w${n}`));
    await bench.clock.advance(100);
    expect(bench.engine.watches.list().filter(({ phase }) => phase === 'running')).toHaveLength(count);
    expect(bench.reported('healing_paused')).toEqual([]);
  });
});

describe('a limit', () => {
  const cpu = { 'cpu.limitPercent': 80, 'start.graceMs': 0 } as const;

  /** Lets the program of `web` use so much CPU for so many ticks. */
  async function burn(bench: TestBench, percent: number, ticks: number): Promise<void> {
    for (let tick = 0; tick < ticks; tick += 1) {
      const process = bench.world.processes.get(bench.status().processes[0]?.pid ?? 0);
      if (process !== undefined) process.cpuPercent = percent;
      await bench.clock.advance(2000);
    }
  }

  it('that is exceeded for the tolerance restarts the program once, with the numbers', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: cpu });
    const first = bench.pid();
    await burn(bench, 97, 1);
    await burn(bench, 5, 5);
    expect(bench.reported('limit_exceeded')).toEqual([]);
    await burn(bench, 97, 3);
    await bench.clock.advance(1000);
    expect(bench.reported('limit_exceeded')[0]).toMatchObject({
      pid: first,
      data: {
        metric: 'cpu',
        value: 97,
        limit: 80,
        unit: '% of one core',
        level: 'act',
        action: 'restart',
        violations: 3,
      },
    });
    expect(bench.reported('killed')[0]?.data.reason).toContain('97 % > 80 %');
    expect(bench.pid()).not.toBe(first);
    // Its windows start empty: what the old process did is not held against the new one.
    await bench.clock.advance(4000);
    expect(bench.reported('restarted')).toHaveLength(1);
    expect(bench.reported('crash_detected')).toEqual([]);
  });

  it('on memory counts the whole tree, or the process alone', async () => {
    const run = async (scope: 'tree' | 'process'): Promise<number> => {
      const bench = await TestBench.started();
      await bench.add({ overrides: { 'memory.limitBytes': 700_000_000, 'limits.scope': scope, 'start.graceMs': 0 } });
      for (let n = 0; n < 4; n += 1) {
        bench.world.add({ ppid: bench.pid(), session: bench.pid(), pgid: bench.pid(), rssBytes: 200_000_000 });
      }
      await bench.clock.advance(10_000);
      return bench.reported('limit_exceeded').length;
    };
    expect(await run('tree')).toBe(1);
    expect(await run('process')).toBe(0);
  });

  it('on memory counts what processes share once, and says what the number is', async () => {
    const pool = async (memoryLimit: number, reportsPss = true) => {
      const bench = await TestBench.started();
      const overrides = { 'memory.limitBytes': memoryLimit, 'memory.action': 'notify', 'start.graceMs': 0 } as const;
      await bench.add({ overrides });
      const root = bench.pid();
      const worker = { rssBytes: 155_000_000, sharedBytes: 150_000_000, reportsPss };
      Object.assign(bench.world.processes.get(root)!, worker);
      for (let n = 0; n < 6; n += 1) bench.world.add({ ppid: root, session: root, pgid: root, ...worker });
      await bench.clock.advance(20_000);
      return bench;
    };
    for (const reportsPss of [true, false]) {
      const within = await pool(500_000_000, reportsPss);
      expect(within.reported('limit_exceeded')).toEqual([]);
      expect(within.status().use.memoryBytes).toBeCloseTo(185_000_000, -1);
    }
    const [pss] = (await pool(100_000_000)).reported('limit_exceeded');
    expect(pss?.message).toContain(
      '(185 MB > 100 MB, 3 of the last 3 readings; PSS of 7 processes: shared memory counts once)',
    );
    expect(pss?.data.memoryBasis).toBe('pss');
    const [estimate] = (await pool(100_000_000, false)).reported('limit_exceeded');
    expect(estimate?.message).toContain('; of 7 processes, shared memory counts once)');
  });

  it('on CPU counts children that have ended, over the tree', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { ...cpu, 'cpu.action': 'notify' } });
    bench.world.processes.get(bench.pid())!.reapedCpuPercent = 160;
    await bench.clock.advance(10_000);
    expect(bench.reported('limit_exceeded')[0]).toMatchObject({ data: { metric: 'cpu', value: 160 } });
    expect(bench.status().use.cpuPercent).toBe(160);
  });

  it('tells the readings that counted, whatever the newest one is', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { ...cpu, 'cpu.action': 'notify' } });
    for (const percent of [123, 10, 126, 12, 116]) await burn(bench, percent, 1);
    const [event] = bench.reported('limit_exceeded');
    expect(event?.message).toBe('web: CPU usage too high (116 % to 126 % > 80 %, 3 of the last 5 readings)');
    expect(event?.data).toMatchObject({ value: 116, values: [123, 10, 126, 12, 116] });
  });

  it('that is still exceeded after the heal has not recovered: the story goes on until it is kept', async () => {
    const bench = await TestBench.started();
    bench.world.onLaunch = (process) => (process.rssBytes = 300_000_000);
    await bench.add({ overrides: { 'memory.limitBytes': 200_000_000 } });
    await bench.clock.advance(90_000);
    expect(bench.reported('restarted').length).toBeGreaterThan(3);
    expect(bench.reported('recovered')).toEqual([]);
    expect(new Set(bench.reported('limit_exceeded').map(({ incident }) => incident)).size).toBe(1);
    bench.world.onLaunch = null;
    for (const process of bench.world.processes.values()) process.rssBytes = 1_000_000;
    await bench.clock.advance(60_000);
    expect(bench.reported('recovered')[0]?.message).toMatch(
      /alive for [\d.]+ s after \d+ restarts, memory usage below the limit$/,
    );
  });

  it('is not judged within the start grace, and touches nothing in observe mode', async () => {
    const graced = await TestBench.started();
    await graced.add({ overrides: { ...cpu, 'start.graceMs': 60_000 } });
    await burn(graced, 99, 20);
    expect(graced.reported('limit_exceeded')).toEqual([]);

    const observed = await TestBench.started();
    await observed.add({ overrides: { ...cpu, observe: true } });
    const pid = observed.pid();
    await burn(observed, 99, 20);
    expect(observed.reported('limit_exceeded')[0]).toMatchObject({ data: { observed: true } });
    expect(observed.reported('limit_exceeded')[0]?.message).toContain('would have: restart');
    expect(observed.pid()).toBe(pid);
    expect(observed.world.signals).toEqual([]);
  });

  it('leaves the program running when its budget is spent, instead of ending what it may not start again', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { ...cpu, 'restart.limit': 1, 'restart.windowMs': 3_600_000 } });
    await burn(bench, 99, 4);
    await bench.clock.advance(1000);
    const second = bench.pid();
    await burn(bench, 99, 4);
    await bench.clock.advance(1000);
    expect(bench.pid()).toBe(second);
    expect(bench.status()).toMatchObject({ phase: 'running', budget: { cooldown: { restarts: 1 } } });
    expect(bench.reported('cooldown_started')).toHaveLength(1);
  });

  it('can suspend instead, until the operator decides', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { ...cpu, 'cpu.action': 'suspend' } });
    const pid = bench.pid();
    await burn(bench, 99, 4);
    expect(bench.status().phase).toBe('suspended');
    expect(bench.world.processes.get(pid)?.state).toBe('stopped');
    await bench.replaceEngine();
    expect(bench.status().phase).toBe('suspended');
    await bench.through(bench.engine.watches.start({ watch: 'web', actor: 'cli' }));
    expect(bench.world.processes.get(pid)?.state).toBe('sleeping');
    expect(bench.pid()).toBe(pid);
  });
});

describe('a watch without a start command', () => {
  const target = { kind: 'match', by: 'name', pattern: 'java' } as const;
  const limit = { 'memory.limitBytes': 1_000_000_000, 'start.graceMs': 0 } as const;

  it('is reported, but not ended, by a limit whose action is restart', async () => {
    const bench = await TestBench.started();
    bench.world.add({ name: 'java', rssBytes: 2_000_000_000 });
    await bench.add({ name: 'app', target, overrides: limit });
    await bench.clock.advance(20_000);
    expect(bench.reported('restart_failed')[0]?.data.reason).toBe('no_start_command');
    expect(bench.world.signals).toEqual([]);
    expect(bench.status('app').phase).toBe('running');
  });

  it('that was suspended goes on when it is started, also beside another that matches', async () => {
    const bench = await TestBench.started();
    const busy = bench.world.add({ name: 'java', cpuPercent: 99 });
    const suspend = { 'cpu.limitPercent': 80, 'cpu.action': 'suspend', 'start.graceMs': 0 } as const;
    await bench.add({ name: 'app', target, overrides: suspend });
    await bench.clock.advance(20_000);
    expect(busy.state).toBe('stopped');
    busy.cpuPercent = 0;
    const another = bench.world.add({ name: 'java' });
    await bench.through(bench.engine.watches.start({ watch: 'app', actor: 'cli' }));
    expect(busy.state).toBe('sleeping');
    await bench.clock.advance(10_000);
    expect(bench.status('app').processes.map(({ pid }) => pid)).toEqual([busy.pid, another.pid]);
  });

  it('is ended where the action is kill, and watched again when it comes back', async () => {
    const bench = await TestBench.started();
    bench.world.add({ name: 'java', rssBytes: 2_000_000_000 });
    await bench.add({ name: 'app', target, overrides: { ...limit, 'memory.action': 'kill' } });
    await bench.clock.advance(12_000);
    expect(bench.reported('killed')).toHaveLength(1);
    expect(bench.status('app').phase).toBe('waiting');
    bench.world.add({ name: 'java' });
    await bench.clock.advance(6000);
    expect(bench.status('app').phase).toBe('running');
  });

  it('that ends by itself right before it is killed has no incident that stays open', async () => {
    const bench = await TestBench.started();
    const { pid } = bench.world.add({ name: 'java', rssBytes: 2_000_000_000 });
    await bench.add({ name: 'app', target, overrides: { ...limit, 'memory.action': 'kill' } });
    bench.engine.subscribe(({ events = [] }) => {
      if (events.some(({ type }) => type === 'limit_exceeded')) bench.world.exit(pid);
    });
    await bench.clock.advance(12_000);
    expect(bench.reported('killed').map(({ data }) => data.pids)).toEqual([[pid]]);
    expect(bench.status('app').incident).toBeNull();
  });

  it('that could not be ended is looked out for again when it is started', async () => {
    const bench = await TestBench.started();
    const stubborn = bench.world.add({ name: 'java', ignores: new Set(['SIGTERM', 'SIGKILL']) });
    await bench.add({ name: 'app', target });
    await expect(bench.through(bench.engine.watches.stop({ watch: 'app', actor: 'cli' }), 60_000)).rejects.toThrow(
      'app',
    );
    expect(bench.status('app').phase).toBe('failed');
    bench.world.exit(stubborn.pid, { exitCode: 0, signal: null });
    await bench.clock.advance(4000);
    await bench.through(bench.engine.watches.start({ watch: 'app', actor: 'cli' }));
    expect(bench.status('app').phase).toBe('waiting');
  });
});

describe('an anomaly', () => {
  it('of a fork bomb ends the whole tree at once, beside limits that are not judged then', async () => {
    const bench = await TestBench.started();
    await bench.add({
      overrides: { 'forkBomb.rule': 'classic', 'children.limit': 10, 'start.graceMs': 0, 'limits.violations': 1 },
    });
    const root = bench.pid();
    const bystander = bench.world.add({ name: 'bystander' });
    for (let n = 0; n < 60; n += 1) bench.world.add({ ppid: root, session: root, pgid: root, name: 'bomb' });
    await bench.clock.advance(4000);
    expect(bench.reported('anomaly_detected')[0]).toMatchObject({
      data: { anomaly: 'fork_bomb', action: 'freeze_and_kill' },
    });
    expect(bench.reported('limit_exceeded')).toEqual([]);
    expect([...bench.world.processes.keys()]).toEqual([1, bench.world.enginePid, bystander.pid]);
    expect(bench.status()).toMatchObject({ phase: 'stopped' });
  });

  /** Adds `count` processes below the root of a watch, whose parents are as `parentOf` says: an index of an earlier one, or a pid. */
  function grow(
    bench: TestBench,
    root: number,
    count: number,
    parentOf: (n: number, pids: number[]) => number,
  ): number[] {
    const pids: number[] = [];
    const family = { session: root, pgid: root, name: 'bomb' };
    for (let n = 0; n < count; n += 1) pids.push(bench.world.add({ ppid: parentOf(n, pids), ...family }).pid);
    return pids;
  }

  it('of a bounded bomb is found at the first look, also if half of the parents have ended', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const root = bench.pid();
    grow(bench, root, 120, (n, pids) => (n === 0 ? root : n % 10 === 9 ? 1 : (pids[Math.floor((n - 1) / 2)] ?? root)));
    await bench.clock.advance(2500);
    expect(bench.reported('anomaly_detected')[0]?.data).toMatchObject({
      anomaly: 'fork_bomb',
      evidence: { rule: 'growth', numbers: { reason: 'replicating' } },
    });
    expect(bench.world.processes.has(root)).toBe(false);
  });

  it('of a fork bomb is no pool, no launcher that leaves its workers to init, and no heap of zombies', async () => {
    const found = async (parent: 'root' | 'init', state: 'sleeping' | 'zombie') => {
      const bench = await TestBench.started();
      await bench.add({ overrides: { 'zombie.action': 'off' } });
      const root = bench.pid();
      for (const pid of grow(bench, root, 300, () => (parent === 'root' ? root : 1))) {
        bench.world.processes.get(pid)!.state = state;
      }
      await bench.clock.advance(20_000);
      return bench.reported('anomaly_detected');
    };
    expect(await found('root', 'sleeping')).toEqual([]);
    expect(await found('init', 'sleeping')).toEqual([]);
    expect(await found('root', 'zombie')).toEqual([]);
  });

  it.each([
    ['a parent that forks 200 a second is caught in less than 3 s', 200, false, 1],
    ['a database with 1,000 clients that come at once is none', 200, true, 0],
    ['a launcher of 200 workers is none', 100, false, 0],
  ])('of a fork bomb: %s', async (_, perSecond, serves, expected) => {
    const bench = await TestBench.started();
    await bench.add();
    const root = bench.pid();
    const top = serves ? 1010 : perSecond === 200 ? 600 : 200;
    let started = 0;
    for (let ms = 0; ms < 8000 && bench.world.processes.has(root); ms += 100) {
      for (let n = 0; n < perSecond / 10 && started < top; n += 1, started += 1) {
        bench.world.add({
          ...{ ppid: root, session: root, pgid: root, name: 'child' },
          sockets: serves ? [`own${started}`, 'inherited'] : ['inherited'],
        });
      }
      await bench.clock.advance(100);
      if (bench.reported('anomaly_detected').length > 0) expect(ms).toBeLessThan(3000);
    }
    expect(bench.reported('anomaly_detected')).toHaveLength(expected);
  });

  it('of a zombie goes through its parent and never signals the zombie, and says what came of it', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const zombie = bench.world.add({ ppid: bench.pid(), name: 'dead', state: 'zombie' });
    await bench.clock.advance(34_000);
    const [anomaly] = bench.reported('anomaly_detected');
    expect(anomaly).toMatchObject({ pid: zombie.pid, data: { anomaly: 'zombie', action: 'reap' } });
    expect(anomaly?.message).toContain(`${bench.pid()}`);
    expect(bench.world.signals).toEqual([{ pid: bench.pid(), signal: 'SIGCHLD' }]);
    await bench.clock.advance(6000);
    expect(bench.reported('notice')[0]).toMatchObject({ watch: 'web', severity: 'warning' });
    expect(bench.reported('notice')[0]?.message).toContain('was asked to reap its zombies and has not');
  });

  it('of zombies is one for each parent, with their count', async () => {
    const bench = await TestBench.started();
    await bench.add();
    for (let second = 0; second < 120; second += 1) {
      for (let n = 0; n < 8; n += 1) bench.world.add({ ppid: bench.pid(), name: 'dead', state: 'zombie' });
      await bench.clock.advance(1000);
    }
    const counts = bench.reported('anomaly_detected').map(({ data }) => data.evidence.numbers['zombies']);
    expect(counts).toHaveLength(2);
    expect(counts[1]).toBeGreaterThan(100);
  });

  it('of a leak restarts a program whose limit the operator has set, and only tells of others', async () => {
    const leak = async (overrides: Partial<Settings>) => {
      const bench = await TestBench.started();
      await bench.add({ overrides: { 'memoryLeak.rule': 'strict', ...overrides } });
      const pid = bench.pid();
      for (let tick = 0; tick < 12 && bench.reported('anomaly_detected').length === 0; tick += 1) {
        const process = bench.world.processes.get(pid);
        if (process !== undefined) process.rssBytes += 1_000_000;
        await bench.clock.advance(2000);
      }
      await bench.clock.advance(1000);
      return { action: bench.reported('anomaly_detected')[0]?.data.action, isSame: bench.pid() === pid };
    };
    expect(await leak({})).toEqual({ action: 'notify', isSame: true });
    expect(await leak({ 'memory.limitBytes': 500_000_000 })).toEqual({ action: 'restart', isSame: false });
    expect(await leak({ 'memoryLeak.action': 'restart' })).toEqual({ action: 'restart', isSame: false });
  });

  it('of a leak by the strict rule has the readings as evidence', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { 'memoryLeak.rule': 'strict', 'memoryLeak.action': 'restart' } });
    const pid = bench.pid();
    for (let tick = 0; tick < 12 && bench.reported('anomaly_detected').length === 0; tick += 1) {
      const process = bench.world.processes.get(pid);
      if (process !== undefined) process.rssBytes += 1_000_000;
      await bench.clock.advance(2000);
    }
    await bench.clock.advance(1000);
    expect(bench.reported('anomaly_detected')[0]?.data).toMatchObject({
      anomaly: 'memory_leak',
      evidence: { rule: 'strict' },
    });
    expect(bench.reported('anomaly_detected')[0]?.data.evidence.samples.length).toBeGreaterThanOrEqual(5);
    expect(bench.pid()).not.toBe(pid);
  });
});

describe('a watch that is only observed', () => {
  const observe = { observe: true } as const;

  it('is not restarted and nothing that it left is ended, and it says what would have been done', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: observe });
    const root = bench.pid();
    const left = bench.world.add({ ppid: root, session: root, pgid: root, name: 'left' });
    bench.world.exit(root);
    await bench.clock.advance(60_000);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.world.signals).toEqual([]);
    expect(bench.world.processes.has(left.pid)).toBe(true);
    const [crash] = bench.reported('crash_detected');
    expect(crash?.message).toMatch(/; observed only, would have: end what it left behind, restart$/);
    expect(bench.status()).toMatchObject({
      phase: 'stopped',
      reason: 'Ended in observe mode: it would have been restarted',
    });
    // Also under the next engine; what a clean end under `always` would have led to is the same.
    await bench.replaceEngine();
    await bench.clock.advance(10_000);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.status().reason).toBe('Ended in observe mode: it would have been restarted');
  });

  it.each([
    ['by the same engine', false],
    ['by the next one', true],
  ])('is restarted as soon as it is acted on again, %s', async (_, isReplaced) => {
    const bench = await TestBench.started();
    await bench.add({ overrides: observe });
    bench.world.exit(bench.pid());
    await bench.clock.advance(10_000);
    if (isReplaced) await bench.replaceEngine();
    bench.engine.watches.observe('web', false, 'cli');
    await bench.clock.advance(100);
    expect(bench.status().phase).toBe('running');
    expect(bench.world.launches).toHaveLength(2);
  });

  it('of a match waits for other hands, and takes what they start', async () => {
    const bench = await TestBench.started();
    const target = {
      ...({ kind: 'match', by: 'name', pattern: 'nginx' } as const),
      start: { argv: ['nginx'], cwd: '/' },
    };
    const first = bench.world.add({ name: 'nginx' });
    await bench.add({ name: 'proxy', target, overrides: observe });
    bench.world.exit(first.pid);
    await bench.clock.advance(10_000);
    expect(bench.world.launches).toEqual([]);
    expect(bench.status('proxy')).toMatchObject({ phase: 'waiting' });
    expect(bench.status('proxy').reason).toContain('it would have been started');
    const second = bench.world.add({ name: 'nginx' });
    await bench.clock.advance(10_000);
    expect(bench.status('proxy').processes.map(({ pid }) => pid)).toEqual([second.pid]);
  });

  it('stays down when it was waiting for its next attempt', async () => {
    const bench = await crashLoop();
    await bench.clock.advance(100);
    expect(bench.status().phase).toBe('backoff');
    bench.engine.watches.observe('web', true, 'cli');
    const { length } = bench.world.launches;
    await bench.clock.advance(60_000);
    expect(bench.world.launches).toHaveLength(length);
    expect(bench.status().incident).toBeNull();
    expect(bench.reported('stopped')[0]?.message).toContain('observed only, would have: restart');
  });
});

describe('a gap', () => {
  it('is reported, empties the windows and heals nothing', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { 'cpu.limitPercent': 80, 'start.graceMs': 0 } });
    const process = bench.world.processes.get(bench.pid());
    if (process !== undefined) process.cpuPercent = 99;
    await bench.clock.advance(4000);
    // The machine slept: the wall clock moved on, the monotonic one did not.
    bench.clock.jumpWall(3_600_000);
    if (process !== undefined) process.cpuPercent = 5;
    await bench.clock.advance(2000);
    if (process !== undefined) process.cpuPercent = 99;
    await bench.clock.advance(4000);
    expect(bench.reported('gap')[0]).toMatchObject({ data: { clockJumpSeconds: 3600 } });
    expect(bench.reported('limit_exceeded')).toEqual([]);
    expect(bench.reported('restarted')).toEqual([]);
  });
});

describe('settings', () => {
  it('that contradict each other are refused', async () => {
    const bench = await TestBench.started();
    expect(() => bench.engine.settings.set({ 'limits.violations': 9 }, 'cli')).toThrow(/window could never fill/);
    await expect(bench.add({ overrides: { 'cpu.warnPercent': 90, 'cpu.limitPercent': 80 } })).rejects.toThrow(
      /cpu.warnPercent: expected at most cpu.limitPercent/,
    );
    expect(bench.engine.watches.list()).toEqual([]);
  });

  it('that are set together are all set, or none', async () => {
    const bench = await TestBench.started();
    bench.engine.settings.set({ 'limits.violations': 9, 'limits.samples': 12 }, 'cli');
    expect(bench.engine.settings.inForce()['limits.violations']).toBe(9);
    expect(() => bench.engine.settings.set({ 'cpu.limitPercent': 50, 'mail.port': 0 }, 'cli')).toThrow(
      'mail.port: expected a number from 1 to 65535, or none',
    );
    expect(bench.engine.settings.inForce()['cpu.limitPercent']).toBeNull();
    bench.engine.settings.set({ 'limits.violations': 1, profile: 'classic' }, 'cli');
    expect(bench.config.overrides()).toEqual({ profile: 'classic', 'limits.samples': 12 });
  });

  it('that hold a broken template are refused, with its line', async () => {
    const bench = await TestBench.started();
    expect(() => bench.engine.settings.set({ 'mail.htmlTemplate': '<p>\n{{{summary}}}</p>' }, 'cli')).toThrow(
      'mail.htmlTemplate: line 2: {{{summary}}} would not be escaped; write {{summary}}',
    );
    expect(bench.engine.settings.inForce()['mail.htmlTemplate']).toBeNull();
    expect(
      bench.engine.settings.set({ 'mail.htmlTemplate': '<p>{{summary}}</p>' }, 'cli')['mail.htmlTemplate'],
    ).toContain('summary');
  });

  it('of a watch go before those for all', async () => {
    const bench = await TestBench.started();
    bench.engine.settings.set({ 'cpu.limitPercent': 50 }, 'cli');
    await bench.add({ name: 'a' });
    await bench.add({ name: 'b', overrides: { 'cpu.limitPercent': 70 } });
    expect(['a', 'b'].map((name) => bench.status(name).settings['cpu.limitPercent'])).toEqual([50, 70]);
  });
});
