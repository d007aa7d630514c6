import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveSettings, type Settings } from '../../../shared/model/settings';
import { BacktestRun, type PastReading } from './backtest';

const START = 1_790_000_000_000;

/** Readings every 2 s with these loads. */
function past(cpu: readonly number[], from = START): PastReading[] {
  return cpu.map((cpuPercent, index) => ({ at: from + index * 2000, cpuPercent, memoryBytes: cpuPercent * 1e6 }));
}

function hitsOf(readings: readonly PastReading[], settings: Partial<Settings>, starts: readonly number[] = []) {
  const run = new BacktestRun(resolveSettings(settings), starts);
  run.observe(readings);
  return run.hits.map(({ at, metric, level }) => [(at - START) / 2000, metric, level]);
}

const LIMIT = { 'cpu.limitPercent': 80, 'start.graceMs': 0 } as const;

describe('limits on the past', () => {
  it('of reading and writing are tried where their rates were recorded', () => {
    const rates = past([1, 1, 1, 1, 1]).map((reading, index) => ({
      ...reading,
      ...(index > 0 && { diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 20e6 }),
    }));
    const limit = { 'diskWrite.limitBytesPerSecond': 10e6, 'start.graceMs': 0 };
    expect(hitsOf(rates, limit)).toEqual([[3, 'disk_write', 'act']]);
    expect(hitsOf(past([1, 1, 1, 1, 1]), limit)).toEqual([]);
  });

  it('act by the tolerance: not on one spike, but on the third of five', () => {
    expect(hitsOf(past([10, 99, 10, 10, 10, 99, 10]), LIMIT)).toEqual([]);
    expect(hitsOf(past([10, 99, 10, 99, 99]), LIMIT)).toEqual([[4, 'cpu', 'act']]);
  });

  it('begin with empty windows after what they would have done, and wait for the grace', () => {
    expect(hitsOf(past(Array.from({ length: 9 }, () => 99)), LIMIT)).toEqual([2, 5, 8].map((at) => [at, 'cpu', 'act']));
    const graced = hitsOf(past(Array.from({ length: 12 }, () => 99)), { ...LIMIT, 'start.graceMs': 10_000 });
    expect(graced).toEqual([2, 9].map((at) => [at, 'cpu', 'act']));
  });

  it('tell once, until it is clear, when nothing would have been ended', () => {
    const notify = { ...LIMIT, 'cpu.action': 'notify', 'cpu.warnPercent': 50 } as const;
    const loads = [60, 60, 60, 99, 99, 99, 99, 10, 99, 99, 99];
    expect(hitsOf(past(loads), notify)).toEqual([
      [2, 'cpu', 'warn'],
      [5, 'cpu', 'act'],
      [8, 'cpu', 'act'],
    ]);
  });

  it('count nothing over a gap or over a start, and nothing within the grace of a real start', () => {
    const gap = [...past([99, 99]), ...past([99, 99], START + 60_000)];
    expect(hitsOf(gap, LIMIT)).toEqual([]);
    expect(hitsOf(past([99, 99, 99, 99]), LIMIT, [START + 3000])).toEqual([]);
    expect(hitsOf(past([99, 99, 99, 99]), { ...LIMIT, 'start.graceMs': 60_000 }, [START - 1000])).toEqual([]);
  });

  it('judge memory, too', () => {
    const run = new BacktestRun(resolveSettings({ 'memory.limitBytes': 50_000_000, 'start.graceMs': 0 }), []);
    run.observe(past([60, 60, 60]));
    expect(run.hits).toEqual([
      { at: START + 4000, metric: 'memory', level: 'act', value: 60e6, limit: 50e6, action: 'restart' },
    ]);
  });

  it('come to the same however the past is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 80 }), fc.nat(80), (loads, cut) => {
        const readings = past(loads);
        const whole = new BacktestRun(resolveSettings(LIMIT), []);
        whole.observe(readings);
        const pieces = new BacktestRun(resolveSettings(LIMIT), []);
        pieces.observe(readings.slice(0, cut));
        pieces.observe(readings.slice(cut));
        expect(pieces.hits).toEqual(whole.hits);
        expect(pieces.readings).toBe(loads.length);
      }),
    );
  });
});
