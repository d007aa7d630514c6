/**
 * What the alerts have to keep. An item names the message of a route that accounts for an event:
 * none while it waits. What waits is found by an index of its own, however much was reported before. `alert_cursor` has one row.
 */
export const OUTBOX_SCHEMA = `
  CREATE TABLE alert_cursor (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    event INTEGER NOT NULL
  );

  CREATE TABLE alert_items (
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    event INTEGER NOT NULL,
    message INTEGER,
    suppressed TEXT,
    PRIMARY KEY (channel, recipient, event)
  ) WITHOUT ROWID;
  CREATE INDEX alert_items_waiting ON alert_items (event) WHERE message IS NULL;

  CREATE TABLE alert_threads (
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    incident INTEGER NOT NULL,
    watch TEXT,
    root TEXT,
    last_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (channel, recipient, incident)
  ) WITHOUT ROWID;

  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    watch TEXT,
    incident INTEGER,
    subject TEXT NOT NULL,
    body TEXT,
    events INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    in_reply_to TEXT,
    state TEXT NOT NULL DEFAULT 'queued',
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER,
    sent_at INTEGER,
    reply TEXT,
    problem TEXT
  );
  CREATE INDEX outbox_state ON outbox (state, id);
  CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

  CREATE TABLE alert_mutes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    watch_id TEXT,
    incident INTEGER,
    at INTEGER NOT NULL,
    until INTEGER
  );
`;

/** What each message was paid from, and which incidents have had their critical message. */
export const BUDGET_SCHEMA = `
  ALTER TABLE outbox ADD COLUMN budget TEXT NOT NULL DEFAULT 'hourly';
  ALTER TABLE alert_threads ADD COLUMN critical_reported INTEGER NOT NULL DEFAULT 0;
`;

/** The incident that led to one, and when one was over or given up. */
export const FOLDING_SCHEMA = `
  ALTER TABLE alert_threads ADD COLUMN cause INTEGER;
  ALTER TABLE alert_threads ADD COLUMN over_at INTEGER;
`;
