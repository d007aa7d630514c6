import { describe, expect, it } from 'vitest';
import { fittingSpan } from './ranges';

const MINUTE = 60_000;
const points = (...minutes: readonly number[]) => minutes.map((minute) => ({ at: minute * MINUTE }));

describe('the time span of a chart', () => {
  it.each([
    ['what is known fills it', points(0, 7), 60, 10],
    ['all that was asked for is known', points(0, 59.9), 60, 60],
    ['more is known than was asked for', points(0, 90), 60, 60],
    ['one reading is known', points(3), 60, 1],
    ['nothing is known', points(), 60, 60],
    ['seven minutes of a week are known', points(0, 7), 7 * 24 * 60, 10],
  ])('is such that %s', (_case, known, range, expected) => {
    expect(fittingSpan(known, range * MINUTE)).toBe(expected * MINUTE);
  });
});
