/**
 * The process table of the past. A frame is a moment: what differs from its key, a whole table; both are bytes of
 * table-codec.ts. Texts (programs with their arguments, watches) are kept once; `used_at` is the last time that a key held it.
 */
export const RECORDING_SCHEMA = `
  CREATE TABLE table_keys (
    at INTEGER PRIMARY KEY,
    body BLOB NOT NULL
  );
  CREATE TABLE table_frames (
    at INTEGER PRIMARY KEY,
    key INTEGER NOT NULL,
    body BLOB NOT NULL
  );
  CREATE INDEX table_frames_key ON table_frames (key);

  CREATE TABLE table_texts (
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    text TEXT NOT NULL,
    used_at INTEGER NOT NULL
  );
  CREATE INDEX table_texts_hash ON table_texts (hash);
`;
