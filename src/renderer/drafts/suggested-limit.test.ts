import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestLimit } from './suggested-limit';

const steady = (value: number, count = 50) => Array.from({ length: count }, () => value);

describe('a suggested limit', () => {
  it('is half above what was usual, rounded up', () => {
    expect(suggestLimit(steady(46_300_000), 1_000_000)).toBe(70_000_000);
    expect(suggestLimit(steady(34), 1)).toBe(51);
    expect(suggestLimit(steady(1.3), 1)).toBe(2);
    expect(suggestLimit(steady(0.2), 10)).toBe(10);
  });

  it('leaves out the one reading in a hundred that was an exception', () => {
    expect(suggestLimit([...steady(100, 199), 5000], 1)).toBe(150);
  });

  it('needs readings: what is missing counts for nothing', () => {
    expect(suggestLimit([...steady(100, 29), null, null], 1)).toBeNull();
  });

  it('is above 99 of 100 readings, and never below the least', () => {
    const many = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 30, maxLength: 300 });
    fc.assert(
      fc.property(many, (readings) => {
        const limit = suggestLimit(readings, 1) ?? 0;
        expect(limit).toBeGreaterThanOrEqual(1);
        expect(readings.filter((value) => value > limit).length).toBeLessThanOrEqual(readings.length / 100);
      }),
    );
  });
});
