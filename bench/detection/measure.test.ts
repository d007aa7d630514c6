import { describe, expect, it } from 'vitest';
import { alarms, growthOf, quantile, rateInterval } from './measure.mjs';

const everySecond = (seconds: number, bytesAt: (second: number) => number) =>
  Array.from({ length: seconds }, (_, second) => ({ atMs: second * 1000, privateBytes: bytesAt(second) }));

describe('the measure of the detection bench', () => {
  it('gives the interval of a rate as tables of Poisson do', () => {
    const none = rateInterval(0, 100);
    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(0.0369, 3);
    const five = rateInterval(5, 1);
    expect(five.low).toBeCloseTo(1.62, 1);
    expect(five.high).toBeCloseTo(11.67, 1);
  });

  it('takes quantiles by nearest rank', () => {
    expect(quantile([], 0.9)).toBeNull();
    expect(quantile([3], 0.9)).toBe(3);
    expect(
      quantile(
        Array.from({ length: 10 }, (_, index) => 10 - index),
        0.9,
      ),
    ).toBe(9);
  });

  it('measures how fast a leak grows from its onset on, over the saw-tooth of a heap', () => {
    const readings = everySecond(2000, (s) => 20e6 + (s % 7) * 1e5 + Math.max(0, s - 500) * 10_000);
    const { bytesPerSecond, shareIn20Min } = growthOf(readings, 500_000);
    expect(bytesPerSecond).toBeGreaterThan(9500);
    expect(bytesPerSecond).toBeLessThan(10_500);
    expect(shareIn20Min).toBeCloseTo(0.6, 1);
  });

  it('empties a detector at a gap, unless its rule survives one', () => {
    const counting = () => {
      let seen = 0;
      return {
        observe: () => (++seen === 15 ? {} : null),
        reset: () => {
          seen = 0;
        },
      };
    };
    const readings = [
      ...everySecond(10, () => 1),
      ...everySecond(10, () => 1).map((r) => ({ ...r, atMs: r.atMs + 30_000 })),
    ];
    expect(alarms({ create: counting }, readings)).toEqual([]);
    expect(alarms({ create: counting, survivesGaps: true }, readings)).toEqual([34_000]);
  });
});
