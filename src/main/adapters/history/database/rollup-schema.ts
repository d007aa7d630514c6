/** Widths of the roll-ups, in ms. Each is made of the level below it: minutes of readings, quarters of an hour of minutes. */
export const MINUTE_MS = 60_000;
export const QUARTER_MS = 900_000;
export type Width = typeof MINUTE_MS | typeof QUARTER_MS;

/** A row is what is kept of the readings of a series from `at` on, for `width` ms. Everything before the mark is rolled up. */
export const ROLLUP_SCHEMA = `
  ALTER TABLE samples ADD COLUMN load REAL;

  CREATE TABLE rollups (
    width INTEGER NOT NULL,
    series INTEGER NOT NULL,
    at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    cpu REAL NOT NULL,
    cpu_low REAL NOT NULL,
    cpu_high REAL NOT NULL,
    memory INTEGER NOT NULL,
    memory_low INTEGER NOT NULL,
    memory_high INTEGER NOT NULL,
    load REAL,
    PRIMARY KEY (width, series, at)
  ) WITHOUT ROWID;

  CREATE TABLE rollup_marks (
    width INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
  );
  INSERT INTO rollup_marks (width, at) VALUES (${MINUTE_MS}, 0), (${QUARTER_MS}, 0);
`;
