import { describe, expect, it } from 'vitest';
import { incidentsOf } from '../../../shared/lib/events/incidents';
import { TestBench } from '../testing/test-engine';

const MINUTE = 60_000;

/** `web` ends so many times, each time after it ran for a while. */
async function ends(bench: TestBench, times: number, everyMs: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await bench.clock.advance(everyMs / 2);
    bench.world.exit(bench.pid(), { exitCode: null, signal: 'SIGKILL' });
    await bench.clock.advance(everyMs / 2);
  }
}

/** Budgets that no test here is about. */
const PATIENT = { 'restart.mediumLimit': null, 'restart.longLimit': null } as const;

describe('a program that goes down and comes up again and again', () => {
  it('is one incident with a count, confirmed once it has run for longer', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: PATIENT });
    await ends(bench, 20, 21_000);
    expect(new Set(bench.reported('crash_detected').map(({ incident }) => incident)).size).toBe(1);
    expect(bench.reported('recovered')).toHaveLength(1);
    expect(bench.status().reason).toMatch(/failed repeatedly/);
    await bench.clock.advance(5 * MINUTE);
    expect(bench.reported('recovered').map(({ data }) => data.attempts)).toEqual([1, 20]);
    expect(bench.status()).toMatchObject({ reason: 'Running', incident: null });
    const [incident, another] = incidentsOf(bench.events.events);
    expect(another).toBeUndefined();
    expect(incident).toMatchObject({ outcome: 'recovered', restarts: 20, commonExit: 'SIGKILL' });
    // From the first end to the last confirmation.
    expect(incident?.durationMs).toBeGreaterThan(20 * 21_000);
  });

  it('is not given up for that, as each heal held for a while', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { ...PATIENT, 'heal.giveUpAfter': 3 } });
    await ends(bench, 8, 30_000);
    expect(bench.status().phase).toBe('running');
    expect(bench.reported('restart_failed')).toEqual([]);
  });

  it("is another incident after the window, after an operator's restart, and without a window", async () => {
    const bench = await TestBench.started();
    const incidents = () => new Set(bench.reported('crash_detected').map(({ incident }) => incident)).size;
    await bench.add({ overrides: PATIENT });
    await ends(bench, 2, 6 * MINUTE);
    expect(incidents()).toBe(2);
    await bench.through(bench.engine.watches.restart({ watch: 'web', actor: 'cli' }));
    await ends(bench, 1, MINUTE);
    expect(incidents()).toBe(3);
    bench.engine.settings.set({ 'heal.flappingMs': 0 }, 'cli');
    await ends(bench, 2, MINUTE);
    expect(incidents()).toBe(5);
  });

  it('stays one incident over a new engine', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: PATIENT });
    await ends(bench, 1, 21_000);
    await bench.replaceEngine();
    await ends(bench, 1, 21_000);
    bench.world.exit(bench.pid());
    await bench.clock.advance(1000);
    const found = bench.reported('crash_detected').map(({ incident }) => incident);
    expect(new Set(found)).toEqual(new Set([found[0]]));
  });

  it('that ends cleanly between is no incident before it crashes', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always', overrides: PATIENT });
    bench.world.exit(bench.pid(), { exitCode: 0, signal: null });
    await bench.clock.advance(2000);
    bench.world.exit(bench.pid());
    await bench.clock.advance(2000);
    const [crash] = bench.reported('crash_detected');
    expect(crash?.incident).toBe(crash?.id);
    expect(bench.status().incident).toBe(crash?.id);
  });
});

describe('a program that exceeds a limit again and again', () => {
  it('is one incident, too', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { ...PATIENT, 'memory.limitBytes': 100_000_000, 'start.graceMs': 0 } });
    for (let n = 0; n < 3; n += 1) {
      const process = bench.world.processes.get(bench.pid());
      if (process !== undefined) process.rssBytes = 200_000_000;
      await bench.clock.advance(30_000);
    }
    expect(bench.reported('limit_exceeded')).toHaveLength(3);
    expect(new Set(bench.reported('limit_exceeded').map(({ incident }) => incident)).size).toBe(1);
  });
});

describe('a restart that may not be made yet of a program that runs', () => {
  const leaky = { 'memory.limitBytes': 100_000_000, 'start.graceMs': 0, 'restart.limit': 1 } as const;

  async function exceedsLimit(bench: TestBench): Promise<void> {
    const process = bench.world.processes.get(bench.pid());
    if (process !== undefined) process.rssBytes = 200_000_000;
    await bench.clock.advance(10_000);
  }

  it('is made when the cooldown ends, and its incident goes on until then', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: leaky });
    await exceedsLimit(bench);
    const second = bench.pid();
    await exceedsLimit(bench);
    expect(bench.pid()).toBe(second);
    expect(bench.reported('cooldown_started')[0]?.incident).toBe(bench.reported('limit_exceeded')[0]?.incident);
    expect(bench.status()).toMatchObject({ phase: 'running', incident: bench.reported('limit_exceeded')[0]?.incident });
    expect(bench.status().reason).toContain('memory usage too high');
    await bench.clock.advance(3 * MINUTE);
    expect(bench.pid()).not.toBe(second);
    expect(bench.reported('restarted')).toHaveLength(2);
  });

  it('is not made where the limit is kept again by itself: that is the recovery', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: leaky });
    await exceedsLimit(bench);
    await exceedsLimit(bench);
    const process = bench.world.processes.get(bench.pid());
    if (process !== undefined) process.rssBytes = 10_000_000;
    await bench.clock.advance(10 * MINUTE);
    expect(bench.pid()).toBe(process?.pid);
    expect(bench.reported('recovered').at(-1)?.message).toContain('memory usage below the limit');
    expect(bench.status().incident).toBeNull();
  });

  it('is made when the storm is over', async () => {
    const bench = await TestBench.started();
    bench.engine.settings.set({ 'storm.restarts': 1 }, 'cli');
    await bench.add({ overrides: { ...leaky, 'restart.limit': 50 } });
    await ends(bench, 3, 5000);
    const held = bench.pid();
    expect(bench.reported('healing_paused')).toHaveLength(1);
    await exceedsLimit(bench);
    expect(bench.pid()).toBe(held);
    expect(bench.status().incident).toBe(bench.reported('limit_exceeded')[0]?.incident);
    bench.engine.watches.resetCooldown(null, 'cli');
    await bench.clock.advance(1000);
    expect(bench.pid()).not.toBe(held);
  });
});

describe('a program that ends at once for the last time', () => {
  it('is reported as given up, and no next attempt is announced', async () => {
    const bench = await TestBench.started();
    bench.engine.settings.set({ 'heal.giveUpAfter': 3 }, 'cli');
    bench.world.onLaunch = (process) => void Promise.resolve().then(() => bench.world.exit(process.pid));
    await bench.add();
    await bench.clock.advance(MINUTE);
    const failures = bench.reported('restart_failed');
    expect(failures.map(({ data }) => data.reason)).toEqual([...Array<string>(3).fill('instant_exit'), 'gave_up']);
  });
});
