import type { Connection } from './database/database';
import { pruneEvents } from './events/event-table';
import { pruneOutbox } from './events/outbox-table';
import { MINUTE_MS, QUARTER_MS } from './database/rollup-schema';
import {
  oldestAttempt,
  oldestAttemptRollup,
  pruneAttemptRollups,
  pruneAttempts,
  pruneAttemptSeries,
} from './samples/attempt-table';
import { oldestRollup, pruneRollups, rollUp } from './samples/rollup-table';
import { oldestSample, pruneSamples, pruneSeries } from './samples/sample-table';
import { oldestMoment, pruneMoments } from './recording/table-writer';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long things are kept, and how large the file may be: the settings `history.…`. */
export interface Retention {
  sampleHours: number;
  minuteDays: number;
  quarterDays: number;
  eventDays: number;
  /** null: the process table is not recorded, and what was is removed. */
  tableHours: number | null;
  maxBytes: number;
}

/** Free pages that stay in the file for what comes next: giving each back would only make it grow again. */
const SPARE_PAGES = 500;
const PAGES_AT_ONCE = 200;

/**
 * One short piece of what keeps the history small, a few ms; true when there is more to do at once. Nothing is removed before
 * what is kept of it for longer has been made.
 */
export function runMaintenance(connection: Connection, now: number, retention: Retention): boolean {
  return (
    rollUp(connection, now) ||
    removeOld(connection, now, retention) ||
    (usedBytes(connection) > retention.maxBytes && removeOldest(connection, now)) ||
    giveBack(connection)
  );
}

/** Bytes of the file that are in use; what is free in it is not. */
export function usedBytes(connection: Connection): number {
  const pragma = (name: string): number => Number(connection.all(`PRAGMA ${name}`)[0]?.[name] ?? 0);
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
}

/** Removes a batch of what is older than it is to become. */
function removeOld(connection: Connection, now: number, retention: Retention): boolean {
  const removed =
    pruneSamples(connection, now - retention.sampleHours * HOUR_MS) ||
    pruneAttempts(connection, now - retention.sampleHours * HOUR_MS) ||
    pruneRollups(connection, MINUTE_MS, now - retention.minuteDays * DAY_MS) ||
    pruneAttemptRollups(connection, MINUTE_MS, now - retention.minuteDays * DAY_MS) ||
    pruneRollups(connection, QUARTER_MS, now - retention.quarterDays * DAY_MS) ||
    pruneAttemptRollups(connection, QUARTER_MS, now - retention.quarterDays * DAY_MS) ||
    pruneMoments(
      connection,
      retention.tableHours === null ? Number.MAX_SAFE_INTEGER : now - retention.tableHours * HOUR_MS,
    ) ||
    pruneOutbox(connection, now - retention.eventDays * DAY_MS) ||
    pruneEvents(connection, now - retention.eventDays * DAY_MS);
  if (removed === 0) {
    pruneSeries(connection);
    pruneAttemptSeries(connection);
  }
  return removed > 0;
}

/** Removes a batch of the oldest, in the order in which it can be missed: details first, events last. */
function removeOldest(connection: Connection, now: number): boolean {
  const removed =
    // The last hour stays: charts of it are looked at all the time.
    pruneSamples(connection, Math.min(after(oldestSample(connection), HOUR_MS / 4), now - HOUR_MS)) ||
    pruneAttempts(connection, Math.min(after(oldestAttempt(connection), HOUR_MS / 4), now - HOUR_MS)) ||
    pruneMoments(connection, Math.min(after(oldestMoment(connection), HOUR_MS / 4), now - HOUR_MS)) ||
    pruneRollups(connection, MINUTE_MS, after(oldestRollup(connection, MINUTE_MS), HOUR_MS)) ||
    pruneAttemptRollups(connection, MINUTE_MS, after(oldestAttemptRollup(connection, MINUTE_MS), HOUR_MS)) ||
    pruneRollups(connection, QUARTER_MS, after(oldestRollup(connection, QUARTER_MS), DAY_MS)) ||
    pruneAttemptRollups(connection, QUARTER_MS, after(oldestAttemptRollup(connection, QUARTER_MS), DAY_MS)) ||
    pruneEvents(connection, now);
  return removed > 0;
}

function after(at: number | null, ms: number): number {
  return at === null ? 0 : at + ms;
}

/** Returns some free pages to the file system. */
function giveBack(connection: Connection): boolean {
  const free = (): number => Number(connection.all('PRAGMA freelist_count')[0]?.['freelist_count'] ?? 0);
  const before = free();
  if (before <= SPARE_PAGES) return false;
  connection.all(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
  return free() < before;
}
