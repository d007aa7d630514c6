import { bucketBegin, totalOf } from '../../shared/lib/probe-buckets';
import type { ProbeBucket, ProbeHistory, RecordedAttempt } from '../../shared/model/probe-history';
import { formatDuration, formatPercent, plural } from '../format/format';
import { rangeWords } from '../format/ranges';

/** One cell of a strip: how the attempts of its time went. `unknown`: none counted. */
export interface UptimeCell {
  at: number;
  state: 'unknown' | 'passed' | 'some' | 'failed';
  passed: number;
  failed: number;
}

/** The cells of the time up to `now`, each of the span of the history: also those in which nobody asked. */
export function uptimeCells({ buckets, spanMs }: ProbeHistory, rangeMs: number, now: number): readonly UptimeCell[] {
  const byBegin = new Map(buckets.map((bucket) => [bucket.at, bucket]));
  const last = bucketBegin(now, spanMs);
  const count = Math.round(rangeMs / spanMs);
  return Array.from({ length: count }, (_, index) => {
    const at = last - (count - 1 - index) * spanMs;
    const { passed = 0, failed = 0 } = byBegin.get(at) ?? {};
    return { at, passed, failed, state: stateOf(passed, failed) };
  });
}

function stateOf(passed: number, failed: number): UptimeCell['state'] {
  if (passed + failed === 0) return 'unknown';
  if (failed === 0) return 'passed';
  return passed === 0 ? 'failed' : 'some';
}

/** A strip in words: `Last hour: 99.7 % of 360 attempts passed; failures in 1 of 60 parts of 1 min, 5 unknown`. */
export function uptimeWords(cells: readonly UptimeCell[], spanMs: number): string {
  const { passed, failed } = cells.reduce(
    (sum, cell) => ({ passed: sum.passed + cell.passed, failed: sum.failed + cell.failed }),
    { passed: 0, failed: 0 },
  );
  const range = rangeWords(cells.length * spanMs);
  const title = `${range.charAt(0).toUpperCase()}${range.slice(1)}`;
  if (passed + failed === 0) return `${title}: unknown`;
  const failing = cells.filter((cell) => cell.failed > 0).length;
  const unknown = cells.filter(({ state }) => state === 'unknown').length;
  const parts = `failures in ${failing} of ${cells.length} parts of ${formatDuration(spanMs)}, ${unknown} unknown`;
  return `${title}: ${shareText(passed, failed)}; ${parts}`;
}

/** One cell in words: `29 of 30 attempts passed`, `unknown: nobody asked`. */
export function cellWords({ passed, failed }: UptimeCell): string {
  return passed + failed === 0
    ? 'unknown: no attempt counted'
    : `${passed} of ${plural(passed + failed, 'attempt')} passed`;
}

/** `99.7 % of 360 attempts passed`. Rounded down, so that a failure never reads as 100 %. */
export function shareText(passed: number, failed: number): string {
  const all = passed + failed;
  const percent = Math.floor((1000 * passed) / all) / 10;
  return `${formatPercent(percent)} of ${plural(all, 'attempt')} passed`;
}

/** What a history amounts to; null: no attempt counted. */
export function historySummary(buckets: readonly ProbeBucket[]): string | null {
  const { passed, failed, latencyMs } = totalOf(buckets);
  if (latencyMs === null) return null;
  const latency = `${formatDuration(latencyMs.mean)} on average, ${formatDuration(latencyMs.highest)} at most`;
  return `${shareText(passed, failed)}; ${latency}`;
}

/** A recorded attempt in words: `passed in 4 ms`, `failed after 2 s: no answer within 2 s`, `not counted: too many open files`. */
export function recordedWords({ passed, latencyMs, words, uncounted, starved }: RecordedAttempt): string {
  const answer = words === null ? '' : `: ${words}`;
  if (uncounted === true) return `not counted${answer}`;
  const half = starved === true ? ' (counts half)' : '';
  return `${passed ? 'passed in' : 'failed after'} ${formatDuration(latencyMs)}${half}${answer}`;
}
