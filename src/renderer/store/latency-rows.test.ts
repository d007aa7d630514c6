import { describe, expect, it } from 'vitest';
import type { ProbeBucket } from '../../shared/model/probe-history';
import { latencyRows } from './latency-rows';

const MINUTE_MS = 60_000;
const NOW = 1000 * MINUTE_MS + 20_000;

function bucket(minutesAgo: number, passed: number): ProbeBucket {
  const latencyMs = passed === 0 ? null : { mean: 5, lowest: 2, highest: 40 };
  return { at: (1000 - minutesAgo) * MINUTE_MS, passed, failed: 0, starved: 0, uncounted: 1, latencyMs };
}

const historyOf = (...buckets: ProbeBucket[]) => ({ spanMs: MINUTE_MS, buckets });

describe('the latency of a probe as a chart', () => {
  const probe = { intervalMs: 10_000, timeoutMs: 2000 };

  it('has gaps where nobody asked, and ends at the present', () => {
    const rows = latencyRows(historyOf(bucket(20, 6), bucket(19, 6), bucket(9, 6), bucket(8, 0)), probe, NOW);
    expect(rows.map(({ at, latencyMs }) => [Math.floor((NOW - at) / MINUTE_MS), latencyMs])).toEqual([
      [19, 5],
      [18, 5],
      [18, undefined],
      [8, undefined],
      [8, 5],
      [8, undefined],
      [0, undefined],
    ]);
    expect(rows[0]?.spread?.latencyMs).toEqual([2, 40]);
  });

  it('is one line where attempts are rare', () => {
    const rare = { intervalMs: 5 * MINUTE_MS, timeoutMs: 2000 };
    const rows = latencyRows(historyOf(bucket(20, 1), bucket(15, 1), bucket(5, 1)), rare, NOW);
    expect(rows.every(({ latencyMs }) => latencyMs === 5)).toBe(true);
  });
});
