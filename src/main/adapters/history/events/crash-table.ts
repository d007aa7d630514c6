import { DAY_MS } from '../../../../shared/lib/crash/crash-groups';
import type { CrashCount } from '../../../../shared/model/crash-group';
import type { HealdeckEvent } from '../../../../shared/model/event';
import { CRASH_ID, IS_CRASH } from '../database/crash-schema';
import type { Connection } from '../database/database';
import { eventOf } from './event-table';

/** How often each crash came in each watch on each day (UTC), of the events below a number. */
export function readCrashCounts(connection: Connection, belowId: number): readonly CrashCount[] {
  const sql = `SELECT ${CRASH_ID} AS crash, watch, at / ${DAY_MS} AS day, count(*) AS count, min(at) AS first, max(at) AS last
    FROM events INDEXED BY events_crash
    WHERE ${IS_CRASH} AND ${CRASH_ID} IS NOT NULL AND watch IS NOT NULL AND id < ?
    GROUP BY 1, 2, 3`;
  return connection.all(sql, belowId).map((row) => ({
    id: String(row['crash']),
    watch: String(row['watch']),
    day: Number(row['day']),
    count: Number(row['count']),
    firstAt: Number(row['first']),
    lastAt: Number(row['last']),
  }));
}

/** The newest events of one crash below a number, newest first. */
export function readCrashEvents(
  connection: Connection,
  id: string,
  belowId: number,
  limit: number,
): readonly HealdeckEvent[] {
  const sql = `SELECT * FROM events INDEXED BY events_crash
    WHERE ${IS_CRASH} AND ${CRASH_ID} = ? AND id < ? ORDER BY id DESC LIMIT ?`;
  return connection.all(sql, id, belowId, limit).map(eventOf);
}
