import { instanceNamesOf } from '../../../../shared/lib/instances';
import { eventTypesWith } from '../../../../shared/events';
import { withBothNames } from '../../../../shared/events/renamed-fields';
import { eventFits } from '../../../../shared/lib/events/event-query';
import type { EventQuery, EventType, HealdeckEvent, Severity } from '../../../../shared/model/event';
import type { Connection, HistoryFile, SqlValue } from '../database/database';
import { writeMemories, type WatchMemory } from './watch-memory-table';

/** Rows read in one go: a few ms, then others may run. */
export const PAGE_ROWS = 500;
const BATCH_ROWS = 500;

/** What belongs together: events, and what the next engine must know because of them. */
export interface HistoryEntry {
  events: readonly HealdeckEvent[];
  memories: readonly WatchMemory[];
}

/** Writes the first entries in one transaction and returns how many. */
export function writeEntries(connection: Connection, entries: readonly HistoryEntry[]): number {
  const batch = entries.slice(0, BATCH_ROWS);
  connection.transaction(() => {
    for (const { events, memories } of batch) {
      for (const event of events) writeEvent(connection, event);
      writeMemories(connection, memories);
    }
  });
  return batch.length;
}

function writeEvent(connection: Connection, event: HealdeckEvent): void {
  // REPLACE: after an error at the commit nobody knows whether it was kept, and it is written again.
  connection.run(
    'INSERT OR REPLACE INTO events (id, at, type, severity, watch, pid, incident, message, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    event.id,
    Date.parse(event.at),
    event.type,
    event.severity,
    event.watch,
    event.pid,
    event.incident,
    event.message,
    JSON.stringify(event.data),
  );
}

/** The highest number in use; 0 for none. */
export function lastEventId(connection: Connection): number {
  return Number(connection.all('SELECT max(id) AS last FROM events')[0]?.['last'] ?? 0);
}

/** The newest `limit` events on disk that fit, oldest first. Reads in pages, and lets others run in between. */
export async function readEvents(file: HistoryFile, query: EventQuery): Promise<readonly HealdeckEvent[]> {
  const found: HealdeckEvent[] = [];
  const { conditions, values } = conditionsOf(query);
  if (query.sinceAt !== undefined) {
    // Numbers rise with time, except when clocks are set back: the first event after the moment bounds the scan.
    const first = file.use((connection) =>
      connection.all('SELECT min(id) AS first FROM events WHERE at > ?', query.sinceAt ?? 0),
    )[0];
    if (first === undefined || first['first'] === null) return [];
    conditions.push('id >= ?');
    values.push(first['first'] ?? 0);
  }
  const where = [...conditions, 'id < ?'].join(' AND ');
  // SQLite does not fold the case of other letters than a to z, so the text is looked for here, row by row.
  const sql = `SELECT * FROM events WHERE ${where} ORDER BY id DESC LIMIT ${PAGE_ROWS}`;
  let below = query.beforeId ?? Number.MAX_SAFE_INTEGER;
  for (;;) {
    const rows = file.use((connection) => connection.all(sql, ...values, below));
    for (const row of rows) {
      const event = eventOf(row);
      if (eventFits(event, query)) found.push(event);
      if (found.length === query.limit) return found.reverse();
      below = event.id;
    }
    if (rows.length < PAGE_ROWS) return found.reverse();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Which incidents are wanted. */
export interface IncidentQuery {
  /** Only this one. */
  id?: number | undefined;
  /** Incidents with an event of the watch of this name. */
  watch?: string | undefined;
  /** Incidents with an event after this moment, in ms since the epoch. */
  sinceAt?: number | undefined;
  /** At most this many, the newest. */
  limit: number;
}

/** Whether an event makes its incident one that is wanted. */
export function incidentFits(event: HealdeckEvent, query: IncidentQuery): boolean {
  return (
    event.incident !== null &&
    (query.id === undefined || event.incident === query.id) &&
    (query.watch === undefined || event.watch === query.watch) &&
    (query.sinceAt === undefined || Date.parse(event.at) > query.sinceAt)
  );
}

/** Events of a watch and of all of its instances; in the words of an index. */
const OF_WATCH = '(watch = ? OR (watch > ? AND watch < ?))';

function valuesOfWatch(name: string): SqlValue[] {
  const { after, before } = instanceNamesOf(name);
  return [name, after, before];
}

/** The numbers of the newest incidents on disk that fit, newest first. */
export function readIncidentIds(file: HistoryFile, query: IncidentQuery): readonly number[] {
  const conditions = ['incident IS NOT NULL'];
  const values: SqlValue[] = [];
  if (query.id !== undefined) {
    conditions.push('incident = ?');
    values.push(query.id);
  }
  if (query.watch !== undefined) {
    conditions.push(OF_WATCH);
    values.push(...valuesOfWatch(query.watch));
  }
  if (query.sinceAt !== undefined) {
    conditions.push('at > ?');
    values.push(query.sinceAt);
  }
  // By this index the look ends after `limit` incidents; by another one all events of a watch would be sorted first.
  const sql = `SELECT DISTINCT incident FROM events INDEXED BY events_incident
    WHERE ${conditions.join(' AND ')} ORDER BY incident DESC LIMIT ?`;
  return file.use((connection) => connection.all(sql, ...values, query.limit)).map((row) => Number(row['incident']));
}

/** Of many incidents they would be megabytes. */
const LARGE_TYPES = eventTypesWith(({ isLarge }) => isLarge === true);

/**
 * All events on disk of some incidents, incident by incident, oldest first; those that are large only on request. Reads in pages, and lets others
 * run in between.
 */
export async function readEventsOfIncidents(
  file: HistoryFile,
  incidents: readonly number[],
  withLarge: boolean,
): Promise<readonly HealdeckEvent[]> {
  const found: HealdeckEvent[] = [];
  const leftOut = withLarge ? '' : `AND type NOT IN (${LARGE_TYPES.map((type) => `'${type}'`).join(', ')})`;
  const sql = `SELECT * FROM events WHERE incident = ? AND id > ? ${leftOut} ORDER BY id LIMIT ${PAGE_ROWS}`;
  let readInTurn = 0;
  for (const incident of incidents) {
    let after = 0;
    for (;;) {
      const rows = file.use((connection) => connection.all(sql, incident, after));
      for (const row of rows) {
        const event = eventOf(row);
        after = event.id;
        found.push(event);
      }
      readInTurn += rows.length + 1;
      if (readInTurn >= PAGE_ROWS) {
        readInTurn = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (rows.length < PAGE_ROWS) break;
    }
  }
  return found;
}

/**
 * Deletes one batch of events before a moment, never the newest event (its number must be known) nor one that an alert is to
 * report. Returns how many.
 */
export function pruneEvents(connection: Connection, beforeAt: number): number {
  return connection.run(
    `DELETE FROM events WHERE id IN
       (SELECT id FROM events WHERE at < ? AND id < (SELECT max(id) FROM events)
          AND id NOT IN (SELECT event FROM alert_items WHERE message IS NULL)
        ORDER BY at LIMIT ${BATCH_ROWS})`,
    beforeAt,
  ).changes;
}

function conditionsOf(query: EventQuery): { conditions: string[]; values: SqlValue[] } {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  if (query.types !== undefined) {
    conditions.push(`type IN (${query.types.map(() => '?').join(', ')})`);
    values.push(...query.types);
  }
  if (query.watch !== undefined) {
    conditions.push(OF_WATCH);
    values.push(...valuesOfWatch(query.watch));
  }
  if (query.untilAt !== undefined) {
    conditions.push('at <= ?');
    values.push(query.untilAt);
  }
  if (query.afterId !== undefined) {
    conditions.push('id > ?');
    values.push(query.afterId);
  }
  return { conditions, values };
}

/** An event from its row. */
export function eventOf(row: Record<string, SqlValue>): HealdeckEvent {
  return withBothNames({
    id: Number(row['id']),
    at: new Date(Number(row['at'])).toISOString(),
    type: row['type'] as EventType,
    severity: row['severity'] as Severity,
    watch: row['watch'] as string | null,
    pid: row['pid'] as number | null,
    incident: row['incident'] as number | null,
    message: String(row['message']),
    data: JSON.parse(String(row['data'])) as unknown,
  } as HealdeckEvent);
}
