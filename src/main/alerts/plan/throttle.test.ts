import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL_THROTTLE, spendToken, tokensAt, tokensDueMs, type AlertThrottle } from './throttle';

const HOUR_MS = 3_600_000;

/** When messages are let through, if somebody wants to send one at each of these moments. */
function letThrough(wishes: readonly number[], perHour: number): number[] {
  let throttle: AlertThrottle = FULL_THROTTLE;
  return wishes.filter((nowMs) => {
    if (tokensAt(throttle, nowMs, perHour) < 1) return false;
    throttle = spendToken(throttle, nowMs, perHour);
    return true;
  });
}

describe('the alert throttle', () => {
  it('lets never more through in any hour than it may, whatever is wished', () => {
    const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: HOUR_MS })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 40 }), (gaps, perHour) => {
        let nowMs = 0;
        const sent = letThrough(
          gaps.map((gap) => (nowMs += gap)),
          perHour,
        );
        for (const from of sent) {
          expect(sent.filter((at) => at >= from && at <= from + HOUR_MS).length).toBeLessThanOrEqual(perHour);
        }
      }),
    );
  });

  it.each([1, 2, 3, 10, 60])('lets %i an hour through when something waits all the time, for days', (perHour) => {
    const minutes = Array.from({ length: 3 * 24 * 60 }, (_, minute) => minute * 60_000);
    const sent = letThrough(minutes, perHour);
    expect(sent.length).toBeGreaterThanOrEqual(3 * 24 * Math.floor(perHour / 2));
    for (const from of sent) {
      expect(sent.filter((at) => at >= from && at <= from + HOUR_MS).length).toBeLessThanOrEqual(perHour);
    }
  });

  it('gives half of an hour at once, then one after the other', () => {
    expect(letThrough([0, 0, 0, 0, 0, 0, 0], 10)).toHaveLength(5);
    let throttle = FULL_THROTTLE;
    for (let i = 0; i < 5; i += 1) throttle = spendToken(throttle, 0, 10);
    expect(tokensAt(throttle, 0, 10)).toBe(0);
    const due = tokensDueMs(throttle, 1, 10);
    expect([tokensAt(throttle, due - 1, 10), tokensAt(throttle, due, 10)]).toEqual([0, 1]);
    expect(tokensAt(throttle, tokensDueMs(throttle, 3, 10), 10)).toBe(3);
    expect(tokensDueMs(throttle, 6, 10)).toBe(Infinity);
  });

  it('remembers what was sent without a token', () => {
    let throttle = FULL_THROTTLE;
    for (let i = 0; i < 8; i += 1) throttle = spendToken(throttle, 0, 10);
    expect(tokensAt(throttle, 0, 10)).toBe(0);
    expect(tokensDueMs(throttle, 1, 10)).toBeGreaterThan(HOUR_MS / 2);
  });
});
