import Database from 'libsql';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { corruptPath, FILE_MODE } from '../../files/files';
import { errorCode, errorText, type Notify } from '../../files/notice';
import { HISTORY_STEPS, HISTORY_VERSION } from './schema';

/** What libsql binds. A boolean is not among them on purpose: its native part ends the whole process over one. */
export type SqlValue = string | number | null;
/** Bytes are bound as what they are, and come back as a buffer. */
type SqlBound = SqlValue | Uint8Array;

/** An open database, for the time of one `use`. */
export interface Connection {
  run(sql: string, ...values: SqlBound[]): { changes: number };
  /** The bytes in a row's column `body`; null for no row. */
  body(sql: string, ...values: SqlValue[]): Uint8Array | null;
  all(sql: string, ...values: SqlValue[]): Record<string, SqlValue>[];
  /** All or nothing. */
  transaction(work: () => void): void;
  /** Ids of series that were looked up on this connection; forgotten with it. */
  readonly seriesIds: Map<string, number>;
}

/** How long a statement waits for another program's lock: shorter than anyone would notice in a tick. */
const BUSY_MS = 20;
/** The same at the start, where nothing waits for it and the last event's number is wanted. */
const BUSY_AT_START_MS = 1000;

interface Open {
  database: Database.Database;
  connection: Connection;
  inode: number;
}

/** The file of the history, reopened or replaced when it must be. */
export class HistoryFile {
  private current: Open | null = null;
  private wasReplaced = false;
  private opened = false;
  private closed = false;

  /** Opens nothing yet: the first `use` does, so that a history that can't be opened stops nobody. */
  constructor(private readonly options: { file: string; nowMs: () => number; notify: Notify }) {}

  /** True once a file was set aside: the new one does not know the events before. */
  get replaced(): boolean {
    return this.wasReplaced;
  }

  /** Runs work on the database; throws its errors. A damaged file is replaced, and the work runs on the new one. */
  use<T>(work: (connection: Connection) => T): T {
    if (this.current !== null && !this.stillThere(this.current)) {
      this.disconnect();
      this.options.notify({
        topic: 'history.db',
        severity: 'high',
        detail: 'history.db was removed or replaced while Healdeck was running; the file that is there now is used.',
      });
    }
    try {
      return work((this.current ?? this.open()).connection);
    } catch (error) {
      const problem = damage(error);
      if (problem !== null) {
        this.setAside(problem);
        return work(this.open().connection);
      }
      // After an I/O error a new connection may do better; a lock or a full disk is not the connection's fault.
      if (!/^SQLITE_(?:BUSY|LOCKED|FULL)/.test(errorCode(error))) this.disconnect();
      throw error;
    }
  }

  close(): void {
    if (this.closed) return;
    try {
      // Into the one file: whoever copies history.db then has all of it.
      this.current?.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // The next start reads the -wal file.
    }
    this.disconnect();
    this.closed = true;
  }

  private open(): Open {
    if (this.closed) throw new Error('the history is closed');
    const { file } = this.options;
    try {
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
        this.setAside('there is a directory in its place');
      this.current = openDatabase(file, this.opened ? BUSY_MS : BUSY_AT_START_MS);
    } catch (error) {
      const problem = damage(error);
      if (problem === null) throw error;
      this.setAside(problem);
      this.current = openDatabase(file, BUSY_MS);
    }
    this.opened = true;
    return this.current;
  }

  /** libsql ends a connection when its statements are collected too; until then this process keeps the file open. */
  private disconnect(): void {
    try {
      this.current?.database.close();
    } catch {
      // It is of no use any more; its error does not matter.
    }
    this.current = null;
  }

  private setAside(problem: string): void {
    this.disconnect();
    const { file, nowMs, notify } = this.options;
    const aside = corruptPath(file, nowMs());
    renameSync(file, aside);
    for (const part of ['-wal', '-shm']) {
      try {
        renameSync(file + part, aside + part);
      } catch {
        // There is none: the last engine ended cleanly.
      }
    }
    this.wasReplaced = true;
    notify({
      topic: 'history.db',
      severity: 'high',
      detail: `history.db can't be used (${problem}); it is kept as ${aside} and a new one was created. Earlier events and charts are in the old file only.`,
    });
  }

  /** Whether the open file is still the one that the name stands for; what goes into a removed file is lost. */
  private stillThere({ inode }: Open): boolean {
    return statSync(this.options.file, { throwIfNoEntry: false })?.ino === inode;
  }
}

class OtherVersionError extends Error {}

/** Why the file itself is unusable, or null when something else went wrong. */
function damage(error: unknown): string | null {
  if (error instanceof OtherVersionError) return error.message;
  return /^SQLITE_(?:NOTADB|CORRUPT)/.test(errorCode(error)) ? errorText(error) : null;
}

function openDatabase(file: string, busyMs: number): Open {
  try {
    // SQLite would take the umask's mode; -wal and -shm follow the mode of the file.
    closeSync(openSync(file, 'wx', FILE_MODE));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const database = new Database(file, { timeout: busyMs });
  try {
    // Before anything is in the file: afterwards only a VACUUM changes it.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY');
    const connection = connect(database);
    upgrade(database, connection);
    // Fails here rather than at the first event when the tables are damaged.
    connection.all('SELECT max(id) FROM events');
    connection.all('SELECT count(*) FROM series');
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return { database, connection, inode: statSync(file).ino };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Makes the tables of today, in an empty file as in one of an earlier version: all steps, or none. */
function upgrade(database: Database.Database, connection: Connection): void {
  const version = (): number => Number(connection.all('PRAGMA user_version')[0]?.['user_version']);
  const before = version();
  if (before > HISTORY_VERSION) {
    throw new OtherVersionError(`it has version ${before}, this Healdeck reads up to version ${HISTORY_VERSION}`);
  }
  if (before === HISTORY_VERSION) return;
  connection.transaction(() => {
    for (const step of HISTORY_STEPS.slice(version())) database.exec(step);
    database.exec(`PRAGMA user_version = ${HISTORY_VERSION}`);
  });
  if (Number(connection.all('PRAGMA auto_vacuum')[0]?.['auto_vacuum']) !== 0) return;
  try {
    // Once in the life of a file that is older than this setting. It takes some seconds for a large one.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
  } catch {
    // It needs room for a copy. Without it the file keeps its size, and what is freed in it is used again.
  }
}

function connect(database: Database.Database): Connection {
  const seriesIds = new Map<string, number>();
  const statements = new Map<string, Database.Statement>();
  const prepared = (sql: string): Database.Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    run: (sql, ...values) => prepared(sql).run(...values),
    all: (sql, ...values) => prepared(sql).all(...values) as Record<string, SqlValue>[],
    body(sql, ...values) {
      const row = prepared(sql).get(...values) as { body: ArrayBuffer } | undefined;
      return row === undefined ? null : new Uint8Array(row.body);
    },
    transaction(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        work();
        database.exec('COMMIT');
      } catch (error) {
        // On some errors SQLite has rolled back already, and a ROLLBACK would hide the error.
        if (database.inTransaction) database.exec('ROLLBACK');
        // Series that it has made are gone again.
        seriesIds.clear();
        throw error;
      }
    },
    seriesIds,
  };
}
