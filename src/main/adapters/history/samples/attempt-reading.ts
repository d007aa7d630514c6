import type { ProbeBucket, ProbeHistory, RecordedAttempt } from '../../../../shared/model/probe-history';
import type { Connection, HistoryFile, SqlValue } from '../database/database';
import { OUTCOMES } from '../database/probe-schema';
import { MINUTE_MS, QUARTER_MS } from '../database/rollup-schema';
import { knownAttemptSeries } from './attempt-table';

/** Some 5 ms of reading. */
const PAGE_ROWS = 2000;

/** Which probe of which watch. */
export interface ProbeOf {
  watchId: string;
  probe: string;
}

/** What is wanted of a probe. */
export interface AttemptQuery extends ProbeOf {
  /** From the bucket on that this moment is in. */
  sinceAt: number;
  /** Width of the buckets, in ms. */
  spanMs: number;
  /** At most so many attempts, and so many failures. */
  newest: number;
}

/** Of these the newest. */
const MAX_BUCKETS = 5000;

const [PASSED, FAILED, STARVED, UNCOUNTED] = OUTCOMES.map((_, place) => place);

/** What is bound as a number of JavaScript is a fraction to SQLite, by which it divides without rounding. */
const BUCKET = 'at / CAST(? AS INTEGER) * CAST(? AS INTEGER) AS begin';

const FROM_ATTEMPTS = `
  SELECT ${BUCKET}, sum(outcome = ${PASSED}) AS passed, sum(outcome IN (${FAILED}, ${STARVED})) AS failed,
    sum(outcome = ${STARVED}) AS starved, sum(outcome = ${UNCOUNTED}) AS uncounted,
    sum(CASE WHEN outcome = ${UNCOUNTED} THEN 0 ELSE latency END) AS latency,
    min(CASE WHEN outcome = ${UNCOUNTED} THEN NULL ELSE latency END) AS low,
    max(CASE WHEN outcome = ${UNCOUNTED} THEN NULL ELSE latency END) AS high
  FROM probe_attempts WHERE series = ? AND at >= ? GROUP BY begin ORDER BY begin DESC LIMIT ${MAX_BUCKETS}`;

const fromRollups = (width: number): string => `
  SELECT ${BUCKET}, sum(passed) AS passed, sum(failed) AS failed, sum(starved) AS starved, sum(uncounted) AS uncounted,
    sum(latency) AS latency, min(latency_low) AS low, max(latency_high) AS high
  FROM probe_rollups WHERE width = ${width} AND series = ? AND at >= ? GROUP BY begin ORDER BY begin DESC LIMIT ${MAX_BUCKETS}`;

/** What is recorded of a probe. Buckets of a whole number of minutes reach as far back as the roll-ups, others as the attempts. */
export function readProbeHistory(file: HistoryFile, { sinceAt, spanMs, newest, ...of }: AttemptQuery): ProbeHistory {
  return file.use((connection) => {
    const series = knownAttemptSeries(connection, of);
    if (series === null) return { spanMs, buckets: [], attempts: [], failures: [] };
    const sql =
      spanMs % QUARTER_MS === 0
        ? fromRollups(QUARTER_MS)
        : spanMs % MINUTE_MS === 0
          ? fromRollups(MINUTE_MS)
          : FROM_ATTEMPTS;
    const from = Math.floor(sinceAt / spanMs) * spanMs;
    return {
      spanMs,
      buckets: connection.all(sql, spanMs, spanMs, series, from).map(bucketOf).reverse(),
      attempts: newestOf(connection, 'series = ? AND at >= ?', [series, from], newest),
      failures: newestOf(connection, `series = ? AND at >= ? AND outcome <> ${PASSED}`, [series, from], newest),
    };
  });
}

/** The next attempts after a moment that are still kept, oldest first; none: there are no more. */
export function readAttemptsPage(
  file: HistoryFile,
  { sinceAt, ...of }: ProbeOf & { sinceAt: number },
): readonly RecordedAttempt[] {
  return file.use((connection) => {
    const series = knownAttemptSeries(connection, of);
    if (series === null) return [];
    const sql = `SELECT at, outcome, latency, words FROM probe_attempts WHERE series = ? AND at > ? ORDER BY at LIMIT ${PAGE_ROWS}`;
    return connection.all(sql, series, sinceAt).map(attemptOf);
  });
}

function newestOf(
  connection: Connection,
  where: string,
  values: readonly SqlValue[],
  count: number,
): readonly RecordedAttempt[] {
  const sql = `SELECT at, outcome, latency, words FROM probe_attempts WHERE ${where} ORDER BY at DESC LIMIT ?`;
  return connection
    .all(sql, ...values, count)
    .map(attemptOf)
    .reverse();
}

function bucketOf(row: Record<string, SqlValue>): ProbeBucket {
  const [passed, failed] = [Number(row['passed']), Number(row['failed'])];
  const counted = passed + failed;
  return {
    at: Number(row['begin']),
    ...{ passed, failed, starved: Number(row['starved']), uncounted: Number(row['uncounted']) },
    latencyMs:
      counted === 0
        ? null
        : {
            mean: Number(row['latency']) / counted / 1000,
            lowest: Number(row['low']) / 1000,
            highest: Number(row['high']) / 1000,
          },
  };
}

function attemptOf(row: Record<string, SqlValue>): RecordedAttempt {
  const outcome = OUTCOMES[Number(row['outcome'])] ?? 'uncounted';
  return {
    at: Number(row['at']),
    passed: outcome === 'passed',
    latencyMs: Number(row['latency']) / 1000,
    words: typeof row['words'] === 'string' ? row['words'] : null,
    ...(outcome === 'starved' ? { starved: true } : {}),
    ...(outcome === 'uncounted' ? { uncounted: true } : {}),
  };
}
