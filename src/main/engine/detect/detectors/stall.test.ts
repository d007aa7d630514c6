import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStall } from './stall';
import { HOUR_MS, MINUTE_MS } from './testing/series';

/** When a stall is found, read every 2 s, and how often the threads were asked. */
function stalls(cpuAt: (atMs: number) => number, isDeadlocked = true) {
  const detector = createStall();
  const found: number[] = [];
  let asked = 0;
  for (let atMs = 0; atMs < HOUR_MS; atMs += 2000) {
    const anomaly = detector.observe({
      atMs,
      cpuPercent: cpuAt(atMs),
      isDeadlocked: () => {
        asked += 1;
        return isDeadlocked;
      },
    });
    if (anomaly !== null) found.push(atMs);
  }
  return { found, asked };
}

const FROM_MS = 20 * MINUTE_MS;

describe('the rule of stalls', () => {
  it('finds a program that always worked and now waits for itself, once, a minute later', () => {
    expect(stalls((atMs) => (atMs < FROM_MS ? 5 : 0))).toEqual({ found: [FROM_MS + MINUTE_MS], asked: 1 });
  });

  it('is silent while a thread waits for something else, and asks seldom', () => {
    const { found, asked } = stalls((atMs) => (atMs < FROM_MS ? 5 : 0), false);
    expect(found).toEqual([]);
    expect(asked).toBeLessThan(100);
  });

  it.each([
    ['was never active', () => 0],
    ['has worked for some minutes only', (atMs: number) => (atMs < 5 * MINUTE_MS ? 5 : 0)],
    ['works for a second every minute', (atMs: number) => (atMs % MINUTE_MS < 2000 ? 5 : 0)],
    ['works every five minutes', (atMs: number) => (atMs % (5 * MINUTE_MS) < 2000 ? 5 : 0)],
  ])('does not ask about a program that %s', (_, cpuAt) => {
    expect(stalls(cpuAt)).toEqual({ found: [], asked: 0 });
  });

  it('is reported again only after it has worked', () => {
    const twice = (atMs: number) =>
      atMs < FROM_MS || (atMs > FROM_MS + 2 * MINUTE_MS && atMs < FROM_MS + 4 * MINUTE_MS) ? 5 : 0;
    expect(stalls(twice).found).toHaveLength(2);
  });

  it('never finds a pause that is not three times the longest before', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 600, maxLength: 900 }), (active) => {
        const { found } = stalls((atMs) => (active[Math.floor(atMs / 4000) % active.length] === true ? 5 : 0));
        for (const atMs of found) expect(atMs).toBeGreaterThan(10 * MINUTE_MS);
      }),
      { numRuns: 20 },
    );
  });
});
