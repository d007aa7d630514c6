import type { AttemptReading } from '../../../engine/ports';
import type { Connection } from '../database/database';
import { OUTCOMES, type Outcome } from '../database/probe-schema';
import { MINUTE_MS, QUARTER_MS, type Width } from '../database/rollup-schema';

const BATCH_ROWS = 2000;

const ADD_TO_ROLLUP = `
  INSERT INTO probe_rollups (width, series, at, passed, failed, starved, uncounted, latency, latency_low, latency_high)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (width, series, at) DO UPDATE SET
    passed = passed + excluded.passed,
    failed = failed + excluded.failed,
    starved = starved + excluded.starved,
    uncounted = uncounted + excluded.uncounted,
    latency = latency + excluded.latency,
    latency_low = min(coalesce(latency_low, excluded.latency_low), coalesce(excluded.latency_low, latency_low)),
    latency_high = max(coalesce(latency_high, excluded.latency_high), coalesce(excluded.latency_high, latency_high))`;

/** What attempts add to one roll-up. */
interface Sums {
  width: Width;
  series: number;
  at: number;
  passed: number;
  failed: number;
  starved: number;
  uncounted: number;
  latencies: number[];
}

/**
 * Writes attempts and adds them to their roll-ups, within the transaction of the caller. An attempt comes in at its end, which may be
 * minutes after its begin: roll-ups are made as attempts come, not once their time is over.
 */
export function writeAttempts(connection: Connection, attempts: readonly AttemptReading[]): void {
  const sums = new Map<string, Sums>();
  for (const attempt of attempts) {
    const series = seriesFor(connection, attempt);
    const at = Math.round(attempt.at);
    const outcome = outcomeOf(attempt);
    const latency = Math.round(attempt.latencyMs * 1000);
    const { changes } = connection.run(
      'INSERT OR IGNORE INTO probe_attempts (series, at, outcome, latency, words) VALUES (?, ?, ?, ?, ?)',
      ...[series, at, OUTCOMES.indexOf(outcome), latency, outcome === 'passed' ? null : attempt.words],
    );
    // Nothing counts twice: the clock was set back to a moment of which there is an attempt.
    if (changes > 0)
      for (const width of [MINUTE_MS, QUARTER_MS] as const) add(sums, { width, series, at }, outcome, latency);
  }
  for (const { width, series, at, passed, failed, starved, uncounted, latencies } of sums.values()) {
    const isCounted = latencies.length > 0;
    connection.run(
      ADD_TO_ROLLUP,
      ...[width, series, at, passed, failed, starved, uncounted, latencies.reduce((sum, one) => sum + one, 0)],
      ...[isCounted ? Math.min(...latencies) : null, isCounted ? Math.max(...latencies) : null],
    );
  }
}

function add(
  sums: Map<string, Sums>,
  { width, series, at }: Pick<Sums, 'width' | 'series' | 'at'>,
  outcome: Outcome,
  latency: number,
): void {
  const begin = Math.floor(at / width) * width;
  const key = `${width}/${series}/${begin}`;
  let own = sums.get(key);
  if (own === undefined) {
    own = { width, series, at: begin, passed: 0, failed: 0, starved: 0, uncounted: 0, latencies: [] };
    sums.set(key, own);
  }
  own[outcome] += 1;
  if (outcome === 'starved') own.failed += 1;
  if (outcome !== 'uncounted') own.latencies.push(latency);
}

/** Deletes one batch of attempts before a moment. Returns how many. */
export function pruneAttempts(connection: Connection, beforeAt: number): number {
  for (const { id } of connection.all('SELECT id FROM probe_series')) {
    const { changes } = connection.run(
      `DELETE FROM probe_attempts WHERE series = ? AND at < ? AND at <= coalesce(
         (SELECT at FROM probe_attempts WHERE series = ? ORDER BY at LIMIT 1 OFFSET ${BATCH_ROWS - 1}), ?)`,
      ...[id ?? 0, beforeAt, id ?? 0, beforeAt],
    );
    if (changes > 0) return changes;
  }
  return 0;
}

/** Deletes some roll-ups of a width before a moment. Returns how many. */
export function pruneAttemptRollups(connection: Connection, width: Width, beforeAt: number): number {
  const sql = `DELETE FROM probe_rollups WHERE width = ? AND series = ? AND at < ? AND at < ? + (
    SELECT min(at) FROM probe_rollups WHERE width = ? AND series = ?)`;
  for (const { id } of connection.all('SELECT id FROM probe_series')) {
    const { changes } = connection.run(sql, width, id ?? 0, beforeAt, BATCH_ROWS * width, width, id ?? 0);
    if (changes > 0) return changes;
  }
  return 0;
}

/** Forgets the series of probes of which nothing is kept any more. */
export function pruneAttemptSeries(connection: Connection): void {
  const { changes } = connection.run(
    `DELETE FROM probe_series WHERE NOT EXISTS (SELECT 1 FROM probe_attempts WHERE series = probe_series.id)
       AND NOT EXISTS (SELECT 1 FROM probe_rollups WHERE width IN (${MINUTE_MS}, ${QUARTER_MS}) AND series = probe_series.id)`,
  );
  if (changes > 0) connection.seriesIds.clear();
}

/** Begin of the oldest attempt over all series, or null. */
export function oldestAttempt(connection: Connection): number | null {
  return oldest(connection, '(SELECT min(at) FROM probe_attempts WHERE series = series_of.id)');
}

/** Begin of the oldest roll-up of a width over all series, or null. */
export function oldestAttemptRollup(connection: Connection, width: Width): number | null {
  return oldest(connection, `(SELECT min(at) FROM probe_rollups WHERE width = ${width} AND series = series_of.id)`);
}

/** The number of the series of a probe; null when nothing was recorded of it. */
export function knownAttemptSeries(
  connection: Connection,
  { watchId, probe }: Pick<AttemptReading, 'watchId' | 'probe'>,
): number | null {
  const sql = 'SELECT id FROM probe_series WHERE watch_id = ? AND probe = ?';
  const id = connection.all(sql, watchId, probe)[0]?.['id'];
  return typeof id === 'number' ? id : null;
}

function oldest(connection: Connection, each: string): number | null {
  const found = connection.all(`SELECT min(${each}) AS oldest FROM probe_series AS series_of`)[0]?.['oldest'];
  return typeof found === 'number' ? found : null;
}

function outcomeOf({ passed, starved, uncounted }: AttemptReading): Outcome {
  if (uncounted === true) return 'uncounted';
  if (passed) return 'passed';
  return starved === true ? 'starved' : 'failed';
}

function seriesFor(connection: Connection, { watchId, probe }: AttemptReading): number {
  // Ids of watches have no slash.
  const key = `${watchId}/${probe}`;
  const cached = connection.seriesIds.get(key);
  if (cached !== undefined) return cached;
  connection.run('INSERT OR IGNORE INTO probe_series (watch_id, probe) VALUES (?, ?)', watchId, probe);
  const id = knownAttemptSeries(connection, { watchId, probe });
  if (id === null) throw new Error(`expected a series of ${key}`);
  connection.seriesIds.set(key, id);
  return id;
}
