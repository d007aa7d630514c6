import type { HistoryPoint } from '../../../shared/model/snapshot';
import type { Connection, HistoryFile } from './database';

/** Some 5 ms of reading. */
const PAGE_ROWS = 2000;
const BATCH_ROWS = 2000;
const MACHINE_SERIES = 0;

export interface SampleReading {
  watchId: string | null;
  cpuPercent: number;
  memoryBytes: number;
}

/** Writes the readings of one tick in one transaction. */
export function writeSamples(connection: Connection, at: number, readings: readonly SampleReading[]): void {
  connection.transaction(() => {
    for (const { watchId, cpuPercent, memoryBytes } of readings) {
      if (!Number.isFinite(cpuPercent) || !Number.isFinite(memoryBytes)) continue;
      connection.run(
        'INSERT OR REPLACE INTO samples (series, at, cpu, memory) VALUES (?, ?, ?, ?)',
        seriesFor(connection, watchId),
        Math.round(at),
        cpuPercent,
        Math.round(memoryBytes),
      );
    }
  });
}

/** All readings after a moment, in order. Reads in pages, and lets others run in between. */
export async function readSamples(file: HistoryFile, watchId: string | null, sinceAt: number): Promise<HistoryPoint[]> {
  const points: HistoryPoint[] = [];
  const series = file.use((connection) => knownSeries(connection, watchId));
  if (series === null) return points;
  let after = sinceAt;
  for (;;) {
    const rows = file.use((connection) =>
      connection.all(
        `SELECT at, cpu, memory FROM samples WHERE series = ? AND at > ? ORDER BY at LIMIT ${PAGE_ROWS}`,
        series,
        after,
      ),
    );
    for (const row of rows) {
      after = Number(row['at']);
      points.push({ at: after, cpuPercent: Number(row['cpu']), memoryBytes: Number(row['memory']) });
    }
    if (rows.length < PAGE_ROWS) return points;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Deletes one batch of readings before a moment, and series that have none left. Returns how many readings. */
export function pruneSamples(connection: Connection, beforeAt: number): number {
  for (const { id } of connection.all('SELECT id FROM series')) {
    const { changes } = connection.run(
      `DELETE FROM samples WHERE series = ? AND at < ? AND at <= coalesce(
         (SELECT at FROM samples WHERE series = ? ORDER BY at LIMIT 1 OFFSET ${BATCH_ROWS - 1}), ?)`,
      id ?? MACHINE_SERIES,
      beforeAt,
      id ?? MACHINE_SERIES,
      beforeAt,
    );
    if (changes > 0) return changes;
  }
  connection.run(
    'DELETE FROM series WHERE id <> ? AND NOT EXISTS (SELECT 1 FROM samples WHERE series = series.id)',
    MACHINE_SERIES,
  );
  connection.seriesIds.clear();
  return 0;
}

function knownSeries(connection: Connection, watchId: string | null): number | null {
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
