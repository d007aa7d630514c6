import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAgo, formatCountdown, formatDuration, formatSpan } from './duration';

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [999.6, '1 s'],
    [120, '120 ms'],
    [4260, '4.3 s'],
    [59_940, '59.9 s'],
    [59_990, '1 min'],
    [60_000, '1 min'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
    [86_400_000 * 5 + 3 * 3_600_000, '5 d 3 h'],
    [-5, '0 s'],
  ])('of %d ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('is within one part in ten of what it reads, and never has a unit at its full count', () => {
    const unitMs: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
    const most: Record<string, number> = { ms: 1000, s: 60, min: 60, h: 24, d: Infinity };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 11 }), (ms) => {
        const parts = [...formatDuration(ms).matchAll(/([\d.]+) (\w+)/g)].map(([, count, unit = '']) => {
          expect(Number(count)).toBeLessThan(most[unit] ?? 0);
          return Number(count) * (unitMs[unit] ?? 0);
        });
        const read = parts.reduce((sum, part) => sum + part, 0);
        expect(Math.abs(read - ms)).toBeLessThanOrEqual(0.1 * ms);
      }),
    );
  });
});

describe('a span that grows', () => {
  it.each([
    [-5, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_660_000, '1 h 1 min'],
    [90_000_000, '1 d 1 h'],
  ])('of %d ms reads %s', (ms, text) => expect(formatSpan(ms)).toBe(text));
});

describe('a countdown', () => {
  it.each([
    [94_000, '1:34'],
    [93_001, '1:34'],
    [9000, '0:09'],
    [0, '0:00'],
    [-5, '0:00'],
    [3_723_000, '1:02:03'],
  ])('of %d ms reads %s', (ms, text) => expect(formatCountdown(ms)).toBe(text));
});

it('how long ago it was is in the largest unit, and now for a clock that is ahead', () => {
  const now = 1_000_000_000;
  expect([-500, 400, 1000, 61_000, 7_200_000, 172_800_000].map((ago) => formatAgo(now - ago, now))).toEqual([
    ...['now', 'now', '1 s ago', '1 min ago', '2 h ago', '2 d ago'],
  ]);
});
