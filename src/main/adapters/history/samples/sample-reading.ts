import type { HistoryPoint } from '../../../../shared/model/snapshot';
import type { Connection, HistoryFile, SqlValue } from '../database/database';
import { MINUTE_MS, QUARTER_MS } from '../database/rollup-schema';
import { rollupMark } from './rollup-table';
import { knownSeries } from './sample-table';
import { pointOf, downsampleBuckets, type Bucket, type Triple } from './thinning';

/** Some 5 ms of reading. */
const PAGE_ROWS = 2000;

/** What readings are kept as, coarsest first; 0: as they are. */
const WIDTHS = [QUARTER_MS, MINUTE_MS, 0] as const;

/** A stretch of time and the width of the buckets that cover it. */
interface Stretch {
  width: (typeof WIDTHS)[number];
  /** After this moment … */
  from: number;
  /** … and before this one. */
  to: number;
}

/** Which readings are wanted for a chart. */
export interface SampleQuery {
  watchId: string | null;
  /** After this moment, in ms since the epoch. */
  sinceAt: number;
  /** At most this many. */
  points: number;
}

/** Readings of a watch, or of the machine (null), oldest first, as fine as `points` can show and as far back as any are kept. */
export async function readPoints(file: HistoryFile, query: SampleQuery, now: number): Promise<readonly HistoryPoint[]> {
  const series = file.use((connection) => knownSeries(connection, query.watchId));
  if (series === null) return [];
  const { width, stretches } = file.use((connection) => plan(connection, series, query, now));
  const buckets: Bucket[] = [];
  for (const stretch of stretches) await readStretch(file, series, stretch, (page) => buckets.push(...page));
  return downsampleBuckets(buckets, width, query.points);
}

/** The next readings that are still kept as they are, oldest first; none: there are no more. */
export function readEachPage(
  file: HistoryFile,
  { watchId, sinceAt }: Pick<SampleQuery, 'watchId' | 'sinceAt'>,
): readonly HistoryPoint[] {
  return file.use((connection) => {
    const series = knownSeries(connection, watchId);
    if (series === null) return [];
    const page = readPage(connection, series, { width: 0, from: sinceAt, to: Number.MAX_SAFE_INTEGER });
    return page.map(pointOf);
  });
}

/**
 * Which buckets cover which time. The best width is the coarsest that still fills the points that were asked for. Before
 * its first bucket a coarser one is taken, after its last (of the newest readings nothing is rolled up yet) a finer one.
 */
function plan(
  connection: Connection,
  series: number,
  { sinceAt, points }: SampleQuery,
  now: number,
): { width: number; stretches: readonly Stretch[] } {
  const first = WIDTHS.map((width) => firstAt(connection, series, width));
  const from = Math.max(sinceAt, Math.min(...first.map((at) => at ?? now)) - 1);
  const best = WIDTHS.findIndex((width) => width <= (now - from) / points);
  const stretches: Stretch[] = [];
  let cursor = from;
  const read = (width: Stretch['width'], to: number): void => {
    if (to <= cursor) return;
    stretches.push({ width, from: cursor, to });
    // The bounds exclude their moment, and a bucket that begins at it is wanted.
    cursor = to - 1;
  };
  for (const [index, width] of WIDTHS.entries()) {
    if (width === 0) {
      read(width, Infinity);
    } else if (index >= best) {
      read(width, rollupMark(connection, width));
    } else {
      const own = first[index] ?? Infinity;
      const finer = first.slice(index + 1).find((at) => at !== null) ?? Infinity;
      if (own + width <= finer) read(width, Math.min(ceilTo(finer, width), rollupMark(connection, width)));
    }
  }
  return { width: WIDTHS[best] ?? 0, stretches };
}

function firstAt(connection: Connection, series: number, width: number): number | null {
  const row =
    width === 0
      ? connection.all('SELECT min(at) AS first FROM samples WHERE series = ?', series)[0]
      : connection.all('SELECT min(at) AS first FROM rollups WHERE width = ? AND series = ?', width, series)[0];
  return typeof row?.['first'] === 'number' ? row['first'] : null;
}

async function readStretch(
  file: HistoryFile,
  series: number,
  stretch: Stretch,
  onPage: (page: readonly Bucket[]) => void,
): Promise<void> {
  const to = Math.min(stretch.to, Number.MAX_SAFE_INTEGER);
  let from = stretch.from;
  for (;;) {
    const page = file.use((connection) => readPage(connection, series, { ...stretch, from, to }));
    onPage(page);
    from = page.at(-1)?.at ?? from;
    if (page.length < PAGE_ROWS) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function readPage(connection: Connection, series: number, { width, from, to }: Stretch): readonly Bucket[] {
  const sql =
    width === 0
      ? `SELECT at, cpu, memory, load, disk_read, disk_write, counts FROM samples WHERE series = ? AND at > ? AND at < ? ORDER BY at LIMIT ${PAGE_ROWS}`
      : `SELECT * FROM rollups WHERE width = ${width} AND series = ? AND at > ? AND at < ? ORDER BY at LIMIT ${PAGE_ROWS}`;
  return connection.all(sql, series, from, to).map((row) => bucketOf(row, width));
}

function bucketOf(row: Record<string, SqlValue>, spanMs: number): Bucket {
  return {
    at: Number(row['at']),
    spanMs,
    count: Number(row['count'] ?? 1),
    cpu: tripleOf(row, 'cpu'),
    memory: tripleOf(row, 'memory'),
    load: row['load'] === null ? null : Number(row['load']),
    diskRead: row['disk_read'] === null ? null : tripleOf(row, 'disk_read'),
    diskWrite: row['disk_write'] === null ? null : tripleOf(row, 'disk_write'),
    counts: countsOf(row['counts']),
  };
}

function countsOf(json: SqlValue | undefined): Bucket['counts'] {
  if (typeof json !== 'string') return {};
  const values = Object.entries(JSON.parse(json) as Record<string, number | Triple>);
  return Object.fromEntries(
    values.map(([metric, value]) => [metric, typeof value === 'number' ? [value, value, value] : value]),
  );
}

function tripleOf(row: Record<string, SqlValue>, column: string): Triple {
  const mean = Number(row[column]);
  return [mean, Number(row[`${column}_low`] ?? mean), Number(row[`${column}_high`] ?? mean)];
}

function ceilTo(at: number, width: number): number {
  return Math.ceil(at / width) * width;
}
