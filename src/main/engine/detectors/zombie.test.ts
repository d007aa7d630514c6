import { describe, expect, it } from 'vitest';
import type { ProcessState } from '../../../shared/model/process';
import { feed } from './testing/series';
import { createZombie } from './zombie';

const parent = { pid: 42, name: 'forgetful' };
const zombieFrom =
  (fromMs: number, toMs = Infinity) =>
  (atMs: number) => ({ parent, state: (atMs >= fromMs && atMs < toMs ? 'zombie' : 'sleeping') as ProcessState });

describe('the zombie rule', () => {
  it.each([
    [500, 30_000],
    [2000, 30_000],
    [20_000, 40_000],
    [60_000, 120_000],
  ])('sampled every %i ms tells a zombie after %i ms, once', (everyMs, afterMs) => {
    const found = feed(createZombie(), 600_000, everyMs, zombieFrom(60_000));
    expect(found.map(({ atMs }) => atMs - 60_000)).toEqual([afterMs]);
  });

  it('is silent about one that is reaped in time, again and again', () => {
    const flicker = (atMs: number) => zombieFrom(0, 29_000)(atMs % 31_000);
    expect(feed(createZombie(), 600_000, 1000, flicker)).toEqual([]);
  });

  it('names the parent', () => {
    const [found] = feed(createZombie(), 60_000, 2000, zombieFrom(0));
    expect(found?.anomaly.message).toBe(
      'It ended 30 s ago or more and its parent forgetful (pid 42) has not reaped it.',
    );
    expect(found?.anomaly.evidence).toMatchObject({ parentPid: 42, parentName: 'forgetful', threshold: 30_000 });
    expect(found?.anomaly.evidence.samples.at(-1)).toEqual({ atMs: 30_000, value: 30_000 });
  });

  it('counts anew after a reset', () => {
    const detector = createZombie();
    feed(detector, 20_000, 1000, zombieFrom(0));
    detector.reset();
    const found = feed(detector, 60_000, 1000, zombieFrom(0), 20_000);
    expect(found.map(({ atMs }) => atMs)).toEqual([50_000]);
  });
});
