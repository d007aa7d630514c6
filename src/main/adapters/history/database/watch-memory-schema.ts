/** What the next engine must know of each watch, kept with the events that it follows from: both are there, or neither. */
export const WATCH_MEMORY_SCHEMA = `
  CREATE TABLE watch_memories (
    watch_id TEXT PRIMARY KEY,
    header TEXT NOT NULL,
    revision INTEGER NOT NULL,
    memory TEXT NOT NULL
  ) WITHOUT ROWID;
`;
