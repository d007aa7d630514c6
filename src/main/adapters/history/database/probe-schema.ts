/**
 * Attempts of probes. `outcome` is an index of `OUTCOMES`; latencies are in µs, as whole numbers take a few bytes and fractions eight.
 * `words` only of those that did not pass. A roll-up has the sums of its attempts, those included that came in after its end; its
 * latencies are of the attempts that count.
 */
export const PROBE_SCHEMA = `
  CREATE TABLE probe_series (
    id INTEGER PRIMARY KEY,
    watch_id TEXT NOT NULL,
    probe TEXT NOT NULL,
    UNIQUE (watch_id, probe)
  );

  CREATE TABLE probe_attempts (
    series INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    latency INTEGER NOT NULL,
    words TEXT,
    PRIMARY KEY (series, at)
  ) WITHOUT ROWID;

  CREATE TABLE probe_rollups (
    width INTEGER NOT NULL,
    series INTEGER NOT NULL,
    at INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    starved INTEGER NOT NULL,
    uncounted INTEGER NOT NULL,
    latency INTEGER NOT NULL,
    latency_low INTEGER,
    latency_high INTEGER,
    PRIMARY KEY (width, series, at)
  ) WITHOUT ROWID;
`;

/** How attempts end; what stands in the file is the place in this list. */
export const OUTCOMES = ['passed', 'failed', 'starved', 'uncounted'] as const;
export type Outcome = (typeof OUTCOMES)[number];
