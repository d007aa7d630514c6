import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kendallTau, select, theilSenSlope } from './order-statistics';

const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 64 });

describe('order statistics', () => {
  it('select what stands at a rank after sorting', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), (values, seed) => {
        const rank = seed % values.length;
        expect(select(Float64Array.from(values), values.length, rank)).toBe(values.toSorted((a, b) => a - b)[rank]);
      }),
    );
  });

  it('give tau 1 for a rise, -1 for a fall, 0 for rest', () => {
    expect(
      [
        [1, 2, 5],
        [9, 3, 1],
        [4, 4, 4],
      ].map((values) => kendallTau(Float64Array.from(values))),
    ).toEqual([1, -1, 0]);
  });

  it('find the slope of a line in spite of outliers', () => {
    const values = Float64Array.from({ length: 20 }, (_, index) =>
      index === 7 || index === 15 ? 9999 : 3 * index + 2,
    );
    expect(theilSenSlope(values, 0)).toBe(3);
  });

  it('do not depend on where a line starts', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: -50, max: 50 }), (values, shift) => {
        const moved = values.map((value) => value + shift);
        expect(theilSenSlope(Float64Array.from(moved), 0)).toBeCloseTo(theilSenSlope(Float64Array.from(values), 0), 9);
      }),
    );
  });
});
