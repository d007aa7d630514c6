import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PastMark } from '../../../shared/model/past';
import { LOOKBACK_MS, nextMark, pastSpan, placeMarks } from './past';

const NOW = 100 * LOOKBACK_MS;
const mark = (at: number, kind: PastMark['kind'] = 'crash_detected'): PastMark => ({
  ...{ at, kind, watch: 'web', incident: 1 },
});

describe('the time that one can travel through', () => {
  it('is what was recorded, and at most a day', () => {
    expect(pastSpan({ from: null }, NOW)).toBeNull();
    expect(pastSpan({ from: NOW }, NOW + 3000)).toBeNull();
    expect(pastSpan({ from: NOW - 60_000 }, NOW + 3000)).toEqual({ fromAt: NOW - 60_000, toAt: NOW });
    expect(pastSpan({ from: 0 }, NOW)).toEqual({ fromAt: NOW - LOOKBACK_MS, toAt: NOW });
  });

  it('is marked where something was found, and where it was healed', () => {
    const span = { fromAt: 0, toAt: 1000 };
    const marks = [mark(0), mark(500), mark(501, 'restarted'), mark(501), mark(2000)];
    expect(placeMarks(marks, span)).toEqual([
      { share: 0, at: 0, kind: 'found', count: 1 },
      { share: 0.5, at: 500, kind: 'found', count: 2 },
      { share: 0.501, at: 501, kind: 'healed', count: 1 },
    ]);
  });

  it('has a bounded number of lines, and loses no mark', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(86_400_000), { maxLength: 3000 }), (times) => {
        const groups = placeMarks(
          times.map((at) => mark(at)),
          { fromAt: 0, toAt: 86_400_000 },
        );
        expect(groups.length).toBeLessThanOrEqual(251);
        expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(times.length);
      }),
    );
  });

  it('leads from mark to mark, past those that are reported already', () => {
    const marks = [10_000, 15_000, 60_000, 65_000, 900_000].map((at) => mark(at));
    const span = { fromAt: 12_000, toAt: 200_000 };
    expect(nextMark(marks, 200_000, 'earlier', span)).toBe(65_000);
    expect(nextMark(marks, 65_000, 'earlier', span)).toBe(15_000);
    expect(nextMark(marks, 15_000, 'earlier', span)).toBeNull();
    expect(nextMark(marks, 15_000, 'later', span)).toBe(60_000);
    expect(nextMark(marks, 60_000, 'later', span)).toBeNull();
  });
});
