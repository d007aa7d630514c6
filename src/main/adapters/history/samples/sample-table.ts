import type { AttemptReading, SampleReading } from '../../../engine/ports';
import type { Connection } from '../database/database';
import { MINUTE_MS } from '../database/rollup-schema';
import { writeAttempts } from './attempt-table';
import { reopenRollups, rollupMark } from './rollup-table';

const BATCH_ROWS = 2000;
const MACHINE_SERIES = 0;

/** Writes the readings of one tick, and the attempts of probes since the last one, in one transaction. */
export function writeSamples(
  connection: Connection,
  at: number,
  readings: readonly SampleReading[],
  attempts: readonly AttemptReading[],
): void {
  connection.transaction(() => {
    reopenRollups(connection, Math.round(at));
    for (const reading of readings) {
      const { watchId, cpuPercent, memoryBytes, load } = reading;
      if (!Number.isFinite(cpuPercent) || !Number.isFinite(memoryBytes)) continue;
      connection.run(
        `INSERT OR REPLACE INTO samples (series, at, cpu, memory, load, disk_read, disk_write, counts)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        seriesFor(connection, watchId),
        Math.round(at),
        cpuPercent,
        Math.round(memoryBytes),
        load ?? null,
        reading.diskReadBytesPerSecond ?? null,
        reading.diskWriteBytesPerSecond ?? null,
        reading.counts === undefined ? null : JSON.stringify(reading.counts),
      );
    }
    writeAttempts(connection, attempts);
  });
}

/** Deletes one batch of readings before a moment, but for those that are not rolled up yet. Returns how many. */
export function pruneSamples(connection: Connection, beforeAt: number): number {
  const before = Math.min(beforeAt, rollupMark(connection, MINUTE_MS));
  for (const { id } of connection.all('SELECT id FROM series')) {
    const { changes } = connection.run(
      `DELETE FROM samples WHERE series = ? AND at < ? AND at <= coalesce(
         (SELECT at FROM samples WHERE series = ? ORDER BY at LIMIT 1 OFFSET ${BATCH_ROWS - 1}), ?)`,
      id ?? MACHINE_SERIES,
      before,
      id ?? MACHINE_SERIES,
      before,
    );
    if (changes > 0) return changes;
  }
  return 0;
}

/** Forgets the series of watches of which nothing is kept any more. */
export function pruneSeries(connection: Connection): void {
  const { changes } = connection.run(
    `DELETE FROM series WHERE id <> ? AND NOT EXISTS (SELECT 1 FROM samples WHERE series = series.id)
       AND NOT EXISTS (SELECT 1 FROM rollups WHERE width IN (SELECT width FROM rollup_marks) AND series = series.id)`,
    MACHINE_SERIES,
  );
  if (changes > 0) connection.seriesIds.clear();
}

/** Time of the oldest reading over all series, or null. */
export function oldestSample(connection: Connection): number | null {
  const sql = `SELECT min((SELECT min(at) FROM samples WHERE series = series_of.id)) AS oldest FROM series AS series_of`;
  const oldest = connection.all(sql)[0]?.['oldest'];
  return typeof oldest === 'number' ? oldest : null;
}

/** The number of a watch's series, or of the machine's (null); null when nothing was recorded of it. */
export function knownSeries(connection: Connection, watchId: string | null): number | null {
  if (watchId === null) return MACHINE_SERIES;
  const id = connection.all('SELECT id FROM series WHERE watch_id = ?', watchId)[0]?.['id'];
  return typeof id === 'number' ? id : null;
}

function seriesFor(connection: Connection, watchId: string | null): number {
  if (watchId === null) return MACHINE_SERIES;
  const cached = connection.seriesIds.get(watchId);
  if (cached !== undefined) return cached;
  connection.run('INSERT OR IGNORE INTO series (watch_id) VALUES (?)', watchId);
  const id = knownSeries(connection, watchId) ?? MACHINE_SERIES;
  connection.seriesIds.set(watchId, id);
  return id;
}
