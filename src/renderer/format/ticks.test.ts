import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceCeiling, timeTicks } from './ticks';

describe('axes', () => {
  it.each([
    [0, 5, 5],
    [6, 5, 10],
    [100, 5, 100],
    [101, 5, 200],
    [3.2e8, 1e6, 5e8],
  ])('end at a round number above %d', (value, least, top) => expect(niceCeiling(value, least)).toBeCloseTo(top, 6));

  it('have at most seven marks, all within', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 86_400_000 }), fc.integer({ min: 1e12, max: 2e12 }), (range, to) => {
        const ticks = timeTicks(to - range, to);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(ticks.every((at) => at >= to - range && at <= to)).toBe(true);
      }),
    );
  });
});
