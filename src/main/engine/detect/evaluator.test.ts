import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/model/settings';
import { indexOf, sampleOf } from '../testing/sample';
import { Evaluator, type Finding } from './evaluator';
import type { MetricValues } from './limit-rules';
import { TreeDemand } from './tree-demand';
import { readTree } from './tree-reading';

const MB = 1_000_000;
const MINUTE_MS = 60_000;
const NO_VALUES: MetricValues = new Map();

/** An evaluator, and what it finds while the private memory of a process goes on from one time to another. */
function judging(settings: Partial<Settings> = {}) {
  const evaluator = new Evaluator({ ...DEFAULT_SETTINGS, ...settings });
  const run = (fromMs: number, toMs: number, bytesAt: (atMs: number) => number, values = NO_VALUES): Finding[] => {
    const found: Finding[] = [];
    for (let atMs = fromMs; atMs < toMs; atMs += 2000) {
      const root = sampleOf({ pid: 7, rssBytes: bytesAt(atMs), startedAt: -3_600_000 });
      const table = {
        privateBytes: () => bytesAt(atMs),
        proportionalBytes: () => null,
        openFiles: () => null,
        sockets: () => null,
        waitChannels: () => null,
      };
      const reading = readTree(root, indexOf(root), table, {
        scope: 'process',
        io: null,
        demand: new TreeDemand({ schedulerTimes: () => null }),
        machineCpuPercent: 20,
        exactMemoryAbove: null,
        wallMs: atMs,
      });
      const context = { atMs, machineCpuPercent: 20, machineMemoryBytes: 8000 * MB, judgesLimits: true };
      found.push(...evaluator.evaluate(reading, values, context));
    }
    return found;
  };
  return { evaluator, run };
}

const leakFrom = (onsetMs: number, bytesPerSecond: number) => (atMs: number) =>
  50 * MB + (Math.max(0, atMs - onsetMs) / 1000) * bytesPerSecond;

describe('after a stall of the engine', () => {
  const leak = leakFrom(10 * MINUTE_MS, 100_000);

  it('a leak that began before it is found as soon as without one', () => {
    const { evaluator, run } = judging();
    expect(run(0, 12 * MINUTE_MS, leak)).toEqual([]);
    evaluator.forgetReadings();
    expect(run(12 * MINUTE_MS + 10_000, 15 * MINUTE_MS, leak)).toHaveLength(1);
  });

  it('a limit needs all of its readings again', () => {
    const { evaluator, run } = judging({ 'cpu.limitPercent': 50, 'limits.violations': 3, 'limits.samples': 3 });
    const busy: MetricValues = new Map([['cpu', 90]]);
    expect(run(0, 4000, () => MB, busy)).toEqual([]);
    evaluator.forgetReadings();
    expect(run(20_000, 24_000, () => MB, busy)).toEqual([]);
    expect(run(24_000, 26_000, () => MB, busy)).toMatchObject([{ kind: 'limit', metric: 'cpu' }]);
  });
});

describe('a leak', () => {
  const actionOf = (bytesPerSecond: number, settings: Partial<Settings>) =>
    judging(settings)
      .run(0, 18 * MINUTE_MS, leakFrom(10 * MINUTE_MS, bytesPerSecond))
      .map(({ action }) => action);

  it('towards a limit that somebody has set restarts within a day of it, and is only reported before', () => {
    const limit = { 'memory.limitBytes': 1000 * MB };
    expect(actionOf(100_000, limit)).toEqual(['restart']);
    expect(actionOf(8000, limit)).toEqual(['notify']);
    expect(actionOf(8000, { ...limit, 'memoryLeak.action': 'kill' })).toEqual(['notify']);
    expect(actionOf(100_000, {})).toEqual(['notify']);
  });

  it('that takes longer than the horizon is not reported', () => {
    expect(actionOf(8000, { 'memory.limitBytes': 1000 * MB, 'memoryLeak.horizonMs': 86_400_000 })).toEqual([]);
  });
});
