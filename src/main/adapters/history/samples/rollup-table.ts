import type { Connection } from '../database/database';
import { MINUTE_MS, QUARTER_MS, type Width } from '../database/rollup-schema';

/** Readings of a tick come some time after the tick. */
const SETTLE_MS = 5000;
/** Some thousand rows, so a few ms. */
const SLICE_MS: Readonly<Record<Width, number>> = { [MINUTE_MS]: 5 * MINUTE_MS, [QUARTER_MS]: 16 * QUARTER_MS };

/** The metrics of `source` by name, each with its mean, lowest and highest; NULL for none. */
const countsOf = (source: string, [mean, low, high]: readonly [string, string, string]): string => `(
    SELECT CASE count(*) WHEN 0 THEN NULL ELSE json_group_object(metric, json_array(mean, low, high)) END FROM (
      SELECT each.key AS metric, ${mean} AS mean, min(${low}) AS low, max(${high}) AS high FROM ${source} GROUP BY each.key))`;

const COUNTS_OF_READINGS = countsOf(
  `samples AS own, json_each(own.counts) AS each WHERE own.series = samples.series
      AND own.at >= samples.at / ${MINUTE_MS} * ${MINUTE_MS} AND own.at < samples.at / ${MINUTE_MS} * ${MINUTE_MS} + ${MINUTE_MS}`,
  ['avg(each.value)', 'each.value', 'each.value'],
);

const COUNTS_OF_MINUTES = countsOf(
  `rollups AS own, json_each(own.counts) AS each WHERE own.width = ${MINUTE_MS} AND own.series = rollups.series
      AND own.at >= rollups.at / ${QUARTER_MS} * ${QUARTER_MS} AND own.at < rollups.at / ${QUARTER_MS} * ${QUARTER_MS} + ${QUARTER_MS}`,
  [
    "sum(json_extract(each.value, '$[0]') * own.count) / sum(own.count)",
    "json_extract(each.value, '$[1]')",
    "json_extract(each.value, '$[2]')",
  ],
);

const MINUTES_OF_READINGS = `
  INSERT OR REPLACE INTO rollups
  SELECT ${MINUTE_MS}, series, at / ${MINUTE_MS} * ${MINUTE_MS}, count(*), avg(cpu), min(cpu), max(cpu),
    CAST(round(avg(memory)) AS INTEGER), min(memory), max(memory), avg(load),
    avg(disk_read), min(disk_read), max(disk_read), avg(disk_write), min(disk_write), max(disk_write), ${COUNTS_OF_READINGS}
  FROM samples WHERE series = ? AND at >= ? AND at < ? GROUP BY at / ${MINUTE_MS}`;

/** Mean over the readings of those minutes that have a value. */
const meanOf = (column: string): string =>
  `sum(${column} * count) / sum(CASE WHEN ${column} IS NULL THEN 0 ELSE count END)`;

const QUARTERS_OF_MINUTES = `
  INSERT OR REPLACE INTO rollups
  SELECT ${QUARTER_MS}, series, at / ${QUARTER_MS} * ${QUARTER_MS}, sum(count), sum(cpu * count) / sum(count),
    min(cpu_low), max(cpu_high), CAST(round(sum(1.0 * memory * count) / sum(count)) AS INTEGER), min(memory_low),
    max(memory_high), ${meanOf('load')}, ${meanOf('disk_read')}, min(disk_read_low), max(disk_read_high),
    ${meanOf('disk_write')}, min(disk_write_low), max(disk_write_high), ${COUNTS_OF_MINUTES}
  FROM rollups WHERE width = ${MINUTE_MS} AND series = ? AND at >= ? AND at < ? GROUP BY at / ${QUARTER_MS}`;

/**
 * Rolls up one slice of what is complete, in one transaction with its mark; true when there is more. A roll-up is always made
 * of all its readings at once and replaces what was there: doing it again counts nothing twice, and where there are no
 * readings there is no row.
 */
export function rollUp(connection: Connection, now: number): boolean {
  const minutesTo = floorTo(now - SETTLE_MS, MINUTE_MS);
  return (
    rollUpLevel(connection, MINUTE_MS, minutesTo, MINUTES_OF_READINGS, 'samples WHERE') ||
    rollUpLevel(
      connection,
      QUARTER_MS,
      floorTo(Math.min(minutesTo, rollupMark(connection, MINUTE_MS)), QUARTER_MS),
      QUARTERS_OF_MINUTES,
      `rollups WHERE width = ${MINUTE_MS} AND`,
    )
  );
}

/** Everything before this moment is in the roll-ups of a width. */
export function rollupMark(connection: Connection, width: Width): number {
  return Number(connection.all('SELECT at FROM rollup_marks WHERE width = ?', width)[0]?.['at'] ?? 0);
}

/** A reading of a time that was rolled up already, since the clock was set back: it is done again from there. */
export function reopenRollups(connection: Connection, at: number): void {
  connection.run('UPDATE rollup_marks SET at = ? / width * width WHERE at > ?', at, at);
}

/** Deletes some roll-ups of a width before a moment; never those that the next level still needs. Returns how many. */
export function pruneRollups(connection: Connection, width: Width, beforeAt: number): number {
  const before = width === MINUTE_MS ? Math.min(beforeAt, rollupMark(connection, QUARTER_MS)) : beforeAt;
  const sql = `DELETE FROM rollups WHERE width = ? AND series = ? AND at < ? AND at < ? + (
    SELECT min(at) FROM rollups WHERE width = ? AND series = ?)`;
  for (const { id } of connection.all('SELECT id FROM series')) {
    const series = Number(id);
    const { changes } = connection.run(sql, width, series, before, 1000 * width, width, series);
    if (changes > 0) return changes;
  }
  return 0;
}

/** Start of the oldest roll-up of a width over all series, or null. */
export function oldestRollup(connection: Connection, width: Width): number | null {
  const sql = `SELECT min((SELECT min(at) FROM rollups WHERE width = ? AND series = series_of.id)) AS oldest
    FROM series AS series_of`;
  return numberOrNull(connection.all(sql, width)[0]?.['oldest']);
}

function rollUpLevel(connection: Connection, width: Width, to: number, insert: string, source: string) {
  const mark = rollupMark(connection, width);
  if (mark >= to) return false;
  const sql = `SELECT min((SELECT min(at) FROM ${source} series = series_of.id AND at >= ?)) AS next FROM series AS series_of`;
  const next = numberOrNull(connection.all(sql, mark)[0]?.['next']) ?? to;
  const start = Math.min(floorTo(next, width), to);
  const end = Math.min(start + SLICE_MS[width], to);
  connection.transaction(() => {
    if (start < end)
      for (const { id } of connection.all('SELECT id FROM series')) connection.run(insert, id ?? 0, start, end);
    connection.run('UPDATE rollup_marks SET at = ? WHERE width = ?', end, width);
  });
  return end < to;
}

function floorTo(at: number, width: number): number {
  return Math.floor(at / width) * width;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
