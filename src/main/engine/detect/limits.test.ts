import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_WINDOW, judgeLimit, type Crossing, type LimitRule, type Tolerance } from './limits';

const rule: LimitRule = { warn: null, act: 80, action: 'restart' };
const tolerant: Tolerance = { violations: 3, samples: 5, clearPercent: 90 };
const classic: Tolerance = { violations: 1, samples: 1, clearPercent: 90 };

/** The crossings that a series of readings makes, with the place of each. */
function crossings(values: readonly number[], tolerance = tolerant, limits = rule): (Crossing & { at: number })[] {
  let window = EMPTY_WINDOW;
  return values.flatMap((value, at) => {
    const judged = judgeLimit(window, value, limits, tolerance);
    window = judged.window;
    return judged.crossing === null ? [] : [{ ...judged.crossing, at }];
  });
}

describe('a limit', () => {
  it('does not act on a spike of one reading, and does on a sustained one', () => {
    expect(crossings([10, 99, 10, 10, 99, 10, 10, 10, 99])).toEqual([]);
    expect(crossings([10, 99, 99, 99])).toMatchObject([{ at: 3, value: 99, limit: 80, violations: 3, level: 'act' }]);
    expect(crossings([99, 10, 99, 10, 99])).toMatchObject([{ at: 4, values: [99, 10, 99, 10, 99] }]);
  });

  it('acts on the first reading in the classic way', () => {
    expect(crossings([10, 81], classic)).toHaveLength(1);
    expect(crossings([80, 80], classic)).toEqual([]);
  });

  it('is reported again only after it was below the clear line', () => {
    expect(crossings([99, 75, 99, 75, 99], classic)).toHaveLength(1);
    expect(crossings([99, 71, 99], classic)).toHaveLength(2);
  });

  it('warns below the level at which it acts, and goes from warning to acting', () => {
    const both: LimitRule = { warn: 50, act: 80, action: 'restart' };
    expect(
      crossings([60, 60, 60, 99, 99, 99], tolerant, both).map(({ level, limit, at }) => [level, limit, at]),
    ).toEqual([
      ['warn', 50, 2],
      ['act', 80, 5],
    ]);
  });

  it('never crosses with fewer readings above than the tolerance asks for, nor without a ceiling', () => {
    const readings = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 40 });
    const tolerances = fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 }))
      .map(([violations, more]) => ({ violations, samples: violations + more, clearPercent: 90 }));
    fc.assert(
      fc.property(readings, tolerances, (values, tolerance) => {
        for (const { at } of crossings(values, tolerance)) {
          const window = values.slice(Math.max(0, at + 1 - tolerance.samples), at + 1);
          expect(window.filter((value) => value > 80).length).toBeGreaterThanOrEqual(tolerance.violations);
        }
        expect(crossings(values, tolerance, { warn: null, act: null, action: 'kill' })).toEqual([]);
      }),
    );
  });
});
