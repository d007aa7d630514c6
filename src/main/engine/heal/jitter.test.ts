import { describe, expect, it } from 'vitest';
import { TestBench } from '../testing/test-engine';

/** Crashes the program once its restart is there. */
async function crash(bench: TestBench): Promise<void> {
  bench.world.exit(bench.pid());
  await bench.clock.advance(0);
}

/** The time until the restart that a crash has led to, in ms. */
function delayMs(bench: TestBench): number {
  return (bench.status().nextAttemptAt ?? NaN) - bench.clock.wallMs();
}

async function lengthMs(bench: TestBench): Promise<number> {
  await bench.add({ overrides: { 'restart.limit': 1 } });
  await crash(bench);
  await crash(bench);
  const cooldown = bench.status().budget.cooldown;
  return (cooldown?.until ?? NaN) - (cooldown?.startedAt ?? NaN);
}

describe('the jitter of restarts', () => {
  it('restarts at once after the first crash, whatever the jitter', async () => {
    const bench = await TestBench.started();
    bench.random = 1;
    await bench.add();
    await crash(bench);
    expect(bench.status().phase).toBe('running');
  });

  it.each([
    [0, 900],
    [0.5, 1000],
    [1, 1100],
  ])('varies a delay by a tenth (random %d: %d ms), and restarts when the countdown ends', async (random, expected) => {
    const bench = await TestBench.started();
    bench.random = random;
    await bench.add();
    await crash(bench);
    await crash(bench);
    expect(delayMs(bench)).toBe(expected);
    await bench.clock.advance(expected - 1);
    expect(bench.status().phase).toBe('backoff');
    await bench.clock.advance(1);
    expect(bench.status().phase).toBe('running');
  });

  it.each([
    [0, 108_000],
    [1, 132_000],
  ])('varies a cooldown by a tenth (random %d: %d ms), and another engine keeps its end', async (random, expected) => {
    const bench = await TestBench.started();
    bench.random = random;
    expect(await lengthMs(bench)).toBe(expected);
    const until = bench.status().budget.cooldown?.until;
    await bench.replaceEngine(() => {
      bench.random = 0.5;
    });
    expect(bench.status().budget.cooldown?.until).toBe(until);
  });

  it('reports the delay that is kept: there is one draw for each start', async () => {
    const bench = await TestBench.started();
    bench.random = 1;
    await bench.add();
    await crash(bench);
    bench.random = 0;
    await crash(bench);
    expect(bench.reported('restart_failed').at(-1)?.data.nextAttemptInMs).toBe(1100);
    expect(delayMs(bench)).toBe(1100);
  });

  it('never makes a cooldown longer than the longest one', async () => {
    const bench = await TestBench.started();
    bench.random = 1;
    bench.engine.settings.set({ 'cooldown.maxMs': 120_000 }, 'cli');
    expect(await lengthMs(bench)).toBe(108_000);
  });

  it('is off at 0 %, and in the profile `classic`', async () => {
    for (const settings of [{ 'restart.jitterPercent': 0 }, { profile: 'classic' }] as const) {
      const bench = await TestBench.started();
      bench.random = 1;
      bench.engine.settings.set(settings, 'cli');
      expect(await lengthMs(bench)).toBe(120_000);
    }
  });
});
