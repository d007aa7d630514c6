import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeBucket } from '../../shared/model/probe-history';
import { historySummary, recordedWords, shareText, uptimeCells, uptimeWords } from './probe-history';

const MINUTE_MS = 60_000;
const NOW = 1000 * MINUTE_MS + 20_000;

function bucket(minutesAgo: number, passed: number, failed = 0): ProbeBucket {
  const latencyMs = passed + failed === 0 ? null : { mean: 5, lowest: 2, highest: 40 };
  return { at: (1000 - minutesAgo) * MINUTE_MS, passed, failed, starved: 0, uncounted: 1, latencyMs };
}

const historyOf = (...buckets: ProbeBucket[]) => ({ spanMs: MINUTE_MS, buckets, attempts: [], failures: [] });

describe('a strip of the past of a probe', () => {
  it('has a cell for each part of the time, and those in which no attempt counted are unknown', () => {
    const history = historyOf(bucket(70, 6), bucket(3, 6), bucket(2, 0), bucket(1, 5, 1), bucket(0, 0, 2));
    const cells = uptimeCells(history, 5 * MINUTE_MS, NOW);
    expect(cells.map(({ state }) => state)).toEqual(['unknown', 'passed', 'unknown', 'some', 'failed']);
    expect(uptimeWords(cells, MINUTE_MS)).toBe(
      'Last 5 minutes: 78.5 % of 14 attempts passed; failures in 2 of 5 parts of 1 min, 2 unknown',
    );
    expect(uptimeWords(uptimeCells(historyOf(), 3_600_000, NOW), MINUTE_MS)).toBe('Last hour: unknown');
  });

  it('never reads as whole when an attempt has failed', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.integer({ min: 1, max: 1000 }), (passed, failed) => {
        expect(shareText(passed, failed)).not.toMatch(/^100 %/);
      }),
    );
    expect(shareText(7, 0)).toBe('100 % of 7 attempts passed');
  });
});

it('says what attempts came to', () => {
  expect(historySummary([bucket(1, 99, 1)])).toBe('99 % of 100 attempts passed; 5 ms on average, 40 ms at most');
  expect(historySummary([bucket(1, 0)])).toBeNull();
  const failed = { at: 0, passed: false, latencyMs: 2000, words: 'no answer within 2 s' };
  expect(recordedWords(failed)).toBe('failed after 2 s: no answer within 2 s');
  expect(recordedWords({ ...failed, starved: true })).toBe('failed after 2 s (counts half): no answer within 2 s');
  expect(recordedWords({ ...failed, uncounted: true })).toBe('not counted: no answer within 2 s');
  expect(recordedWords({ ...failed, passed: true, words: null })).toBe('passed in 2 s');
});
