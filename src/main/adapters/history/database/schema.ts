import { CRASH_SCHEMA, CRASH_VERSION_SCHEMA } from './crash-schema';
import { DISK_RATE_SCHEMA } from './disk-rate-schema';
import { METRIC_COUNTS_SCHEMA } from './metric-counts-schema';
import { OUTBOX_SCHEMA, BUDGET_SCHEMA, FOLDING_SCHEMA } from './outbox-schema';
import { PROBE_SCHEMA } from './probe-schema';
import { ROLLUP_SCHEMA } from './rollup-schema';
import { RECORDING_SCHEMA } from './recording-schema';
import { WATCH_MEMORY_SCHEMA } from './watch-memory-schema';

/**
 * Times are ms since the epoch. `events.data` is JSON. Samples lie in the order in which charts read them; the series keeps
 * the long id of a watch out of each row. Series 0, with no watch, is the machine.
 */
const EVENTS_AND_SAMPLES = `
  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    severity TEXT NOT NULL,
    watch TEXT,
    pid INTEGER,
    incident INTEGER,
    message TEXT NOT NULL,
    data TEXT NOT NULL
  );
  CREATE INDEX events_at ON events (at);
  CREATE INDEX events_watch ON events (watch);
  CREATE INDEX events_type ON events (type);

  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    watch_id TEXT UNIQUE
  );
  INSERT INTO series (id, watch_id) VALUES (0, NULL);

  CREATE TABLE samples (
    series INTEGER NOT NULL,
    at INTEGER NOT NULL,
    cpu REAL NOT NULL,
    memory INTEGER NOT NULL,
    PRIMARY KEY (series, at)
  ) WITHOUT ROWID;
`;

/** Files of version 1 may have it or not. */
const INCIDENTS = `
  CREATE INDEX IF NOT EXISTS events_incident ON events (incident, id) WHERE incident IS NOT NULL;
`;

/**
 * What leads from an empty file to the tables of today: the step at `n` makes version `n + 1` of version `n`. A step that
 * files out there have taken is never changed; what comes later is a new one.
 */
export const HISTORY_STEPS: readonly string[] = [
  EVENTS_AND_SAMPLES,
  INCIDENTS + ROLLUP_SCHEMA,
  RECORDING_SCHEMA,
  OUTBOX_SCHEMA,
  BUDGET_SCHEMA,
  WATCH_MEMORY_SCHEMA,
  DISK_RATE_SCHEMA,
  METRIC_COUNTS_SCHEMA,
  CRASH_SCHEMA,
  CRASH_VERSION_SCHEMA,
  PROBE_SCHEMA,
  FOLDING_SCHEMA,
];

/** Version of the tables, kept in the file's `user_version`. */
export const HISTORY_VERSION = HISTORY_STEPS.length;
