import { describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../../../shared/model/process';
import { createZombie, DEFAULT_ZOMBIE, type ZombieDetector } from './zombie';

const parent = { pid: 42, name: 'forgetful' };
const MINUTE_MS = 60_000;

/** What is found while the parent has the zombies that `at` says. */
function watch(
  detector: ZombieDetector,
  forMs: number,
  everyMs: number,
  at: (atMs: number) => readonly number[],
  fromMs = 0,
) {
  const found = [];
  for (let atMs = fromMs; atMs < fromMs + forMs; atMs += everyMs) {
    const zombies: ProcessIdentity[] = at(atMs).map((pid) => ({ pid, startTime: pid }));
    const anomaly = detector.observe({ atMs, parent, zombies });
    if (anomaly !== null) found.push({ atMs, anomaly });
  }
  return found;
}
const oneFrom =
  (fromMs: number, toMs = Infinity) =>
  (atMs: number) =>
    atMs >= fromMs && atMs < toMs ? [7] : [];

describe('the zombie rule', () => {
  it.each([
    [500, 30_000],
    [2000, 30_000],
    [20_000, 40_000],
    [60_000, 120_000],
  ])('sampled every %i ms tells a zombie after %i ms, once', (everyMs, afterMs) => {
    const found = watch(createZombie(), 600_000, everyMs, oneFrom(60_000));
    expect(found.map(({ atMs }) => atMs - 60_000)).toEqual([afterMs]);
  });

  it('is silent about ones that are reaped in time, again and again', () => {
    const flicker = (atMs: number) => oneFrom(0, 29_000)(atMs % 31_000);
    expect(watch(createZombie(), 600_000, 1000, flicker)).toEqual([]);
  });

  it('names the parent, and says what to do where that is the first process of a container', () => {
    const [found] = watch(createZombie(), 60_000, 2000, oneFrom(0));
    expect(found?.anomaly.message).toBe(
      'It ended 30 s ago or more and its parent forgetful (pid 42) has not reaped it.',
    );
    expect(found?.anomaly.evidence).toMatchObject({
      parentPid: 42,
      parentName: 'forgetful',
      zombies: 1,
      threshold: 30_000,
    });
    expect(found?.anomaly.evidence.samples.at(-1)).toEqual({ atMs: 30_000, value: 30_000 });
    const contained = createZombie({ ...DEFAULT_ZOMBIE, minMs: 0, minReadings: 1 });
    const first = { pid: 1, name: 'npm' };
    expect(contained.observe({ atMs: 0, parent: first, zombies: [{ pid: 9, startTime: 9 }] })?.message).toContain(
      'docker run --init',
    );
  });

  it('tells a parent that never reaps once, and again only when it has ten times as many', () => {
    const detector = createZombie();
    // Eight a second, for five minutes.
    const found = watch(detector, 5 * MINUTE_MS, 2000, (atMs) => Array.from({ length: atMs / 125 }, (_, n) => n + 1));
    expect(found.map(({ anomaly }) => anomaly.evidence.zombies)).toEqual([16, 160, 1600]);
    expect(found[1]?.anomaly.message).toBe(
      '160 processes ended 30 s ago or more and their parent forgetful (pid 42) has not reaped them.',
    );
    expect(detector.oldest).toEqual({ pid: 1, startTime: 1 });
  });

  it('tells a parent that reaps late, again and again, once in half an hour', () => {
    const late = (atMs: number) => oneFrom(0, 40_000)(atMs % MINUTE_MS);
    expect(watch(createZombie(), 29 * MINUTE_MS, 1000, late)).toHaveLength(1);
    const detector = createZombie();
    watch(detector, MINUTE_MS, 1000, oneFrom(0, 40_000));
    expect(detector.isIdle).toBe(false);
    watch(detector, 31 * MINUTE_MS, 1000, () => [], MINUTE_MS);
    expect(detector.isIdle).toBe(true);
    expect(watch(detector, MINUTE_MS, 1000, oneFrom(0), 32 * MINUTE_MS)).toHaveLength(1);
  });

  it('counts anew after a reset', () => {
    const detector = createZombie();
    watch(detector, 20_000, 1000, oneFrom(0));
    detector.reset();
    const found = watch(detector, 60_000, 1000, oneFrom(0), 20_000);
    expect(found.map(({ atMs }) => atMs)).toEqual([50_000]);
  });
});
