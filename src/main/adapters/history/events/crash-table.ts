import { DAY_MS } from '../../../../shared/lib/crash/crash-groups';
import type { CrashCount } from '../../../../shared/model/crash-group';
import type { HealdeckEvent } from '../../../../shared/model/event';
import { CRASH_ID, CRASH_VERSION, IS_CRASH } from '../database/crash-schema';
import type { Connection, HistoryFile } from '../database/database';
import { eventOf, PAGE_ROWS } from './event-table';

/** How often each crash came in each watch and version of its program on each day (UTC), of the events below a number. */
export function readCrashCounts(connection: Connection, belowId: number): readonly CrashCount[] {
  const sql = `SELECT ${CRASH_ID} AS crash, watch, at / ${DAY_MS} AS day, ${CRASH_VERSION} AS version, count(*) AS count, min(at) AS first, max(at) AS last
    FROM events INDEXED BY events_crash
    WHERE ${IS_CRASH} AND ${CRASH_ID} IS NOT NULL AND watch IS NOT NULL AND id < ?
    GROUP BY 1, 2, 3, 4`;
  return connection.all(sql, belowId).map((row) => ({
    id: String(row['crash']),
    watch: String(row['watch']),
    day: Number(row['day']),
    version: row['version'] === null ? null : String(row['version']),
    count: Number(row['count']),
    firstAt: Number(row['first']),
    lastAt: Number(row['last']),
  }));
}

/** The newest events of each of some crashes below a number, crash by crash, newest first. Lets others run in between. */
export async function readCrashEvents(
  file: HistoryFile,
  ids: readonly string[],
  belowId: number,
  limitEach: number,
): Promise<readonly HealdeckEvent[]> {
  const found: HealdeckEvent[] = [];
  const sql = `SELECT * FROM events INDEXED BY events_crash
    WHERE ${IS_CRASH} AND ${CRASH_ID} = ? AND id < ? ORDER BY id DESC LIMIT ?`;
  let readInTurn = 0;
  for (const id of ids) {
    const rows = file.use((connection) => connection.all(sql, id, belowId, limitEach));
    found.push(...rows.map(eventOf));
    readInTurn += rows.length + 1;
    if (readInTurn >= PAGE_ROWS) {
      readInTurn = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return found;
}
