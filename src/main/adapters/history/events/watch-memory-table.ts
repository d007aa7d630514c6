import type { Connection } from '../database/database';

/** The memory of one watch as it was saved last. */
export interface WatchMemory {
  watchId: string;
  /** JSON of what is the same for all watches of the engine that saved it, such as the boot of the machine. */
  header: string;
  /** Rises with each save of any watch, over all engines: what state.json has may be older or newer. */
  revision: number;
  /** JSON; null: the watch is gone. */
  memory: string | null;
}

export function writeMemories(connection: Connection, memories: readonly WatchMemory[]): void {
  for (const { watchId, header, revision, memory } of memories) {
    if (memory === null) connection.run('DELETE FROM watch_memories WHERE watch_id = ?', watchId);
    else {
      connection.run(
        'INSERT OR REPLACE INTO watch_memories (watch_id, header, revision, memory) VALUES (?, ?, ?, ?)',
        watchId,
        header,
        revision,
        memory,
      );
    }
  }
}

export function readMemories(connection: Connection): readonly WatchMemory[] {
  return connection.all('SELECT * FROM watch_memories').map((row) => ({
    watchId: String(row['watch_id']),
    header: String(row['header']),
    revision: Number(row['revision']),
    memory: String(row['memory']),
  }));
}
