import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeHistory, RecordedAttempt } from '../model/probe-history';
import { addAttempts, bucketBegin, totalOf, withLaterAttempts } from './probe-buckets';

const SPAN_MS = 60_000;

function attempt(at: number, change: Partial<RecordedAttempt> = {}): RecordedAttempt {
  return { at, passed: true, latencyMs: 4, words: null, ...change };
}

const attempts = fc.uniqueArray(
  fc.record({
    at: fc.integer({ min: 0, max: 600_000 }),
    passed: fc.boolean(),
    latencyMs: fc.integer({ min: 0, max: 2000 }),
    words: fc.constant(null),
  }),
  { selector: ({ at }) => at, maxLength: 60 },
);

const EMPTY: ProbeHistory = { spanMs: SPAN_MS, buckets: [], attempts: [], failures: [] };

describe('buckets of attempts', () => {
  it('count each outcome, and leave out of the latencies what does not count', () => {
    const down = { passed: false, latencyMs: 10 };
    const [bucket, ...others] = addAttempts([], SPAN_MS, [
      attempt(61_000),
      attempt(70_000, down),
      attempt(80_000, { ...down, starved: true }),
      attempt(90_000, { passed: false, latencyMs: 0, uncounted: true }),
    ]);
    expect(others).toEqual([]);
    expect(bucket).toEqual({
      ...{ at: 60_000, passed: 1, failed: 2, starved: 1, uncounted: 1 },
      latencyMs: { mean: 8, lowest: 4, highest: 10 },
    });
  });

  it('have together what all attempts have', () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const total = totalOf(addAttempts([], SPAN_MS, all));
        expect(total.passed).toBe(all.filter(({ passed }) => passed).length);
        expect(total.passed + total.failed).toBe(all.length);
        const latencies = all.map(({ latencyMs }) => latencyMs);
        expect(total.latencyMs?.lowest).toBe(all.length === 0 ? undefined : Math.min(...latencies));
        if (all.length > 0)
          expect(total.latencyMs?.mean).toBeCloseTo(latencies.reduce((sum, ms) => sum + ms, 0) / all.length, 6);
      }),
    );
  });

  it('take in live attempts once, in whatever steps they are seen', () => {
    fc.assert(
      fc.property(attempts, fc.nat(60), (drawn, cut) => {
        const all = drawn.toSorted((one, other) => one.at - other.at);
        const seen = withLaterAttempts(EMPTY, all.slice(0, cut));
        const now = withLaterAttempts(seen, all);
        expect(now.attempts).toEqual(all);
        expect(now.failures).toEqual(all.filter(({ passed }) => !passed));
        expect(now.buckets.map(({ at, passed, failed }) => [at, passed + failed])).toEqual(
          [...new Set(all.map(({ at }) => bucketBegin(at, SPAN_MS)))].map((at) => [
            at,
            all.filter((one) => bucketBegin(one.at, SPAN_MS) === at).length,
          ]),
        );
        expect(withLaterAttempts(now, all)).toBe(now);
      }),
    );
  });
});
