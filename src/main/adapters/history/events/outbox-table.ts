import type { MessageKind, Mute } from '../../../../shared/model/alert';
import type { AlertChannel, DeliveryProblem } from '../../../../shared/model/delivery';
import type { EventType, Severity } from '../../../../shared/model/event';
import type {
  AlertThread,
  MessageBudget,
  MessageProgress,
  OutboxStore,
  RouteName,
  StoredMessage,
  SuppressedBecause,
} from '../../../engine/outbox-store';
import type { Connection, HistoryFile, SqlValue } from '../database/database';
import { eventOf } from './event-table';

type Row = Record<string, SqlValue>;

/** Rows removed in one go. */
const PRUNE_ROWS = 500;
/** One parameter for any number of ids: a statement can't have one for each. */
const AMONG = 'id IN (SELECT value FROM json_each(?))';
const UNFINISHED = `state IN ('queued', 'sending')`;
const MESSAGE_COLUMNS =
  'id, channel, recipient, kind, severity, watch, incident, subject, events, budget, created_at, message_id, in_reply_to, state, attempts, next_attempt_at, sent_at, reply, problem';

/** The outbox in `history.db`. */
export function outboxTable(file: HistoryFile): OutboxStore {
  return {
    load: (sinceAt) =>
      file.use((connection) => {
        const cursor = connection.all('SELECT event FROM alert_cursor')[0]?.['event'];
        return {
          cursor: cursor === undefined ? null : Number(cursor),
          // An event that is too old to be kept is too old to be reported.
          items: connection
            .all(
              `SELECT i.channel, i.recipient, i.suppressed, e.* FROM alert_items i INDEXED BY alert_items_waiting
                JOIN events e ON e.id = i.event WHERE i.message IS NULL ORDER BY i.event`,
            )
            .map((row) => ({
              route: routeOf(row),
              event: eventOf(row),
              suppressed: row['suppressed'] as SuppressedBecause | null,
            })),
          threads: connection
            .all('SELECT * FROM alert_threads WHERE ended_at IS NULL OR ended_at > ?', sinceAt)
            .map(threadOf),
          mutes: connection.all('SELECT * FROM alert_mutes ORDER BY id').map(muteOf),
          unfinished: connection
            .all(`SELECT ${MESSAGE_COLUMNS} FROM outbox WHERE ${UNFINISHED} ORDER BY id`)
            .map(messageOf),
          sent: connection
            .all(
              'SELECT channel, recipient, watch, budget, sent_at FROM outbox WHERE sent_at > ? ORDER BY sent_at',
              sinceAt,
            )
            .map((row) => ({
              ...routeOf(row),
              watch: row['watch'] as string | null,
              at: Number(row['sent_at']),
              budget: row['budget'] as MessageBudget,
            })),
          lastSent: connection
            .all('SELECT channel, max(sent_at) AS at FROM outbox WHERE sent_at IS NOT NULL GROUP BY channel')
            .map((row) => ({ channel: row['channel'] as AlertChannel, at: Number(row['at']) })),
          failed: Number(connection.all(`SELECT count(*) AS n FROM outbox WHERE state = 'failed'`)[0]?.['n'] ?? 0),
        };
      }),
    eventsAfter: (id, limit) =>
      file.use((connection) =>
        connection.all('SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?', id, limit).map(eventOf),
      ),
    eventsOf: (ids) =>
      file.use((connection) =>
        connection.all(`SELECT * FROM events WHERE ${AMONG} ORDER BY id`, JSON.stringify(ids)).map(eventOf),
      ),
    countsOf: (ids) =>
      file.use((connection) =>
        connection
          .all(
            `SELECT watch, type, count(*) AS n FROM events WHERE ${AMONG} GROUP BY watch, type ORDER BY watch, type`,
            JSON.stringify(ids),
          )
          .map((row) => ({
            watch: row['watch'] as string | null,
            type: row['type'] as EventType,
            count: Number(row['n']),
          })),
      ),
    admit: ({ cursor, items, threads, endedMutes }) =>
      file.use((connection) =>
        connection.transaction(() => {
          connection.run(
            'INSERT INTO alert_cursor (one, event) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET event = excluded.event',
            cursor,
          );
          for (const { route, event, suppressed } of items) {
            connection.run(
              'INSERT OR IGNORE INTO alert_items (channel, recipient, event, suppressed) VALUES (?, ?, ?, ?)',
              route.channel,
              route.recipient,
              event,
              suppressed,
            );
          }
          writeThreads(connection, threads);
          removeMutes(connection, endedMutes);
        }),
      ),
    suppress: (route, events, reason) =>
      file.use((connection) =>
        connection.transaction(() => {
          for (const event of events) {
            connection.run(
              'UPDATE alert_items SET suppressed = ? WHERE channel = ? AND recipient = ? AND event = ?',
              reason,
              route.channel,
              route.recipient,
              event,
            );
          }
        }),
      ),
    add: (message, { events, threads }) =>
      file.use((connection) => {
        let id = 0;
        connection.transaction(() => {
          const { channel, recipient } = message.route;
          connection.run(
            `INSERT INTO outbox (channel, recipient, kind, severity, watch, incident, subject, body, events, budget, created_at, message_id, in_reply_to)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            channel,
            recipient,
            message.kind,
            message.severity,
            message.watch,
            message.incident,
            message.subject,
            message.body,
            message.events,
            message.budget,
            message.createdAt,
            message.messageId,
            message.inReplyTo,
          );
          id = Number(connection.all('SELECT last_insert_rowid() AS id')[0]?.['id']);
          for (const event of events) {
            connection.run(
              // What was on its way when somebody acknowledged it is reported.
              `UPDATE alert_items SET message = ?, suppressed = nullif(suppressed, 'acknowledged')
                WHERE channel = ? AND recipient = ? AND event = ?`,
              id,
              channel,
              recipient,
              event,
            );
          }
          writeThreads(connection, threads);
        });
        return id;
      }),
    save: (id, { state, attempts, nextAttemptAt, sentAt, reply, problem }) => {
      const isOver = state === 'sent' || state === 'dropped';
      file.use((connection) =>
        connection.run(
          `UPDATE outbox SET state = ?, attempts = ?, next_attempt_at = ?, sent_at = ?, reply = ?, problem = ?,
            body = ${isOver ? 'NULL' : 'body'} WHERE id = ?`,
          state,
          attempts,
          nextAttemptAt,
          sentAt,
          reply,
          problem === null ? null : JSON.stringify(problem),
          id,
        ),
      );
    },
    body: (id) =>
      file.use(
        (connection) =>
          (connection.all('SELECT body FROM outbox WHERE id = ?', id)[0]?.['body'] ?? null) as string | null,
      ),
    message: (id) =>
      file.use((connection) => {
        const row = connection.all(`SELECT ${MESSAGE_COLUMNS} FROM outbox WHERE id = ?`, id)[0];
        return row === undefined ? null : messageOf(row);
      }),
    list: ({ states, limit }) =>
      file.use((connection) =>
        connection
          .all(
            `SELECT ${MESSAGE_COLUMNS} FROM outbox WHERE state IN (${marks(states)}) ORDER BY id DESC LIMIT ?`,
            ...states,
            limit,
          )
          .map(messageOf),
      ),
    addMute: ({ kind, watchId, incident, at, until }) =>
      file.use((connection) => {
        connection.run(
          'INSERT INTO alert_mutes (kind, watch_id, incident, at, until) VALUES (?, ?, ?, ?, ?)',
          kind,
          watchId,
          incident,
          at,
          until,
        );
        return Number(connection.all('SELECT last_insert_rowid() AS id')[0]?.['id']);
      }),
    removeMutes: (ids) => file.use((connection) => connection.transaction(() => removeMutes(connection, ids))),
  };
}

/** Deletes one batch of what is over since before a moment. Returns how many rows; what waits or failed stays. */
export function pruneOutbox(connection: Connection, beforeAt: number): number {
  const messages = connection.run(
    `DELETE FROM outbox WHERE id IN
      (SELECT id FROM outbox WHERE state IN ('sent', 'dropped') AND created_at < ? ORDER BY id LIMIT ${PRUNE_ROWS})`,
    beforeAt,
  ).changes;
  // Items go right before their events: afterwards nothing would show what they were.
  const items = connection.run(
    `DELETE FROM alert_items WHERE (channel, recipient, event) IN
      (SELECT channel, recipient, event FROM alert_items
        WHERE event <= (SELECT coalesce(max(id), 0) FROM events WHERE at < ?) LIMIT ${PRUNE_ROWS})`,
    beforeAt,
  ).changes;
  const threads = connection.run(
    `DELETE FROM alert_threads WHERE (channel, recipient, incident) IN
      (SELECT channel, recipient, incident FROM alert_threads WHERE last_at < ? LIMIT ${PRUNE_ROWS})`,
    beforeAt,
  ).changes;
  return messages + items + threads;
}

function writeThreads(connection: Connection, threads: readonly AlertThread[]): void {
  for (const { route, incident, watch, root, lastAt, endedAt, overAt, cause, criticalReported } of threads) {
    connection.run(
      'INSERT OR REPLACE INTO alert_threads (channel, recipient, incident, watch, root, last_at, ended_at, over_at, cause, critical_reported) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      route.channel,
      route.recipient,
      incident,
      watch,
      root,
      lastAt,
      endedAt,
      overAt,
      cause,
      Number(criticalReported),
    );
  }
}

function removeMutes(connection: Connection, ids: readonly number[]): void {
  for (const id of ids) connection.run('DELETE FROM alert_mutes WHERE id = ?', id);
}

function routeOf(row: Row): RouteName {
  return { channel: row['channel'] as AlertChannel, recipient: String(row['recipient']) };
}

function threadOf(row: Row): AlertThread {
  return {
    route: routeOf(row),
    incident: Number(row['incident']),
    watch: row['watch'] as string | null,
    root: row['root'] as string | null,
    lastAt: Number(row['last_at']),
    endedAt: row['ended_at'] as number | null,
    // Earlier versions did not write it.
    overAt: (row['over_at'] ?? row['ended_at']) as number | null,
    cause: row['cause'] as number | null,
    criticalReported: row['critical_reported'] === 1,
  };
}

function muteOf(row: Row): Mute {
  return {
    id: Number(row['id']),
    kind: row['kind'] as Mute['kind'],
    watchId: row['watch_id'] as string | null,
    incident: row['incident'] as number | null,
    at: Number(row['at']),
    until: row['until'] as number | null,
  };
}

function messageOf(row: Row): StoredMessage {
  return {
    id: Number(row['id']),
    route: routeOf(row),
    kind: row['kind'] as MessageKind,
    severity: row['severity'] as Severity,
    watch: row['watch'] as string | null,
    incident: row['incident'] as number | null,
    subject: String(row['subject']),
    events: Number(row['events']),
    budget: row['budget'] as MessageBudget,
    createdAt: Number(row['created_at']),
    messageId: String(row['message_id']),
    inReplyTo: row['in_reply_to'] as string | null,
    state: row['state'] as MessageProgress['state'],
    attempts: Number(row['attempts']),
    nextAttemptAt: row['next_attempt_at'] as number | null,
    sentAt: row['sent_at'] as number | null,
    reply: row['reply'] as string | null,
    problem: row['problem'] === null ? null : (JSON.parse(String(row['problem'])) as DeliveryProblem),
  };
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
