import type { ProbeBucket, ProbeHistory, RecordedAttempt } from '../model/probe-history';

/** The begin of the bucket that a moment is in. */
export function bucketBegin(at: number, spanMs: number): number {
  return Math.floor(at / spanMs) * spanMs;
}

/** A history with attempts that came after its newest one, oldest first; those that it has already change nothing. */
export function withLaterAttempts(history: ProbeHistory, attempts: readonly RecordedAttempt[]): ProbeHistory {
  const newestAt = history.attempts.at(-1)?.at ?? -Infinity;
  const later = attempts.filter(({ at }) => at > newestAt);
  if (later.length === 0) return history;
  const failures = later.filter(({ passed }) => !passed);
  return {
    ...history,
    buckets: addAttempts(history.buckets, history.spanMs, later),
    attempts: [...history.attempts, ...later],
    failures: [...history.failures, ...failures],
  };
}

/** Buckets with further attempts counted, in order of time. */
export function addAttempts(
  buckets: readonly ProbeBucket[],
  spanMs: number,
  attempts: readonly RecordedAttempt[],
): readonly ProbeBucket[] {
  const byBegin = new Map(buckets.map((bucket) => [bucket.at, bucket]));
  for (const attempt of attempts) {
    const at = bucketBegin(attempt.at, spanMs);
    byBegin.set(at, addAttempt(byBegin.get(at) ?? emptyBucket(at), attempt));
  }
  return [...byBegin.values()].sort((one, other) => one.at - other.at);
}

/** What buckets amount to together: how many attempts counted and passed, and their latencies. */
export function totalOf(buckets: readonly ProbeBucket[]): Omit<ProbeBucket, 'at'> {
  return buckets.reduce<Omit<ProbeBucket, 'at'>>(
    (total, bucket) => ({
      passed: total.passed + bucket.passed,
      failed: total.failed + bucket.failed,
      starved: total.starved + bucket.starved,
      uncounted: total.uncounted + bucket.uncounted,
      latencyMs: latencyOf(total, bucket),
    }),
    emptyBucket(0),
  );
}

function addAttempt(bucket: ProbeBucket, { passed, starved, uncounted, latencyMs }: RecordedAttempt): ProbeBucket {
  if (uncounted === true) return { ...bucket, uncounted: bucket.uncounted + 1 };
  const one = { ...emptyBucket(0), latencyMs: { mean: latencyMs, lowest: latencyMs, highest: latencyMs } };
  return {
    ...bucket,
    passed: bucket.passed + Number(passed),
    failed: bucket.failed + Number(!passed),
    starved: bucket.starved + Number(!passed && starved === true),
    latencyMs: latencyOf(bucket, { ...one, passed: 1 }),
  };
}

type Counted = Pick<ProbeBucket, 'passed' | 'failed' | 'latencyMs'>;

function latencyOf(one: Counted, other: Counted): ProbeBucket['latencyMs'] {
  if (one.latencyMs === null || other.latencyMs === null) return one.latencyMs ?? other.latencyMs;
  const [mine, others] = [one.passed + one.failed, other.passed + other.failed];
  return {
    mean: (one.latencyMs.mean * mine + other.latencyMs.mean * others) / (mine + others),
    lowest: Math.min(one.latencyMs.lowest, other.latencyMs.lowest),
    highest: Math.max(one.latencyMs.highest, other.latencyMs.highest),
  };
}

function emptyBucket(at: number): ProbeBucket {
  return { at, passed: 0, failed: 0, starved: 0, uncounted: 0, latencyMs: null };
}
