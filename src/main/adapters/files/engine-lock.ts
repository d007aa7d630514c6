import Database from 'libsql';
import { closeSync, lstatSync, openSync, realpathSync, rmSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { dataDirPaths, sweepTemporaryFiles, type DataDirPaths } from './data-dir';
import { FILE_MODE, writeFileAtomicSync } from './files';
import { holderOfRemoved } from './lock-holders';
import { errorCode, errorText } from './notice';
import { readOwnFile } from './own-files';

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string(),
  shell: z.enum(['desktop', 'headless']),
});

/** The engine that holds a data directory: `engine.json`. */
export type EngineOwner = z.infer<typeof ownerSchema>;

/** Another engine runs on this data directory. */
export class EngineRunningError extends Error {
  override readonly name = 'EngineRunningError';
  constructor(
    readonly dir: string,
    /** null in the moment between its taking the lock and its saying so. */
    readonly owner: (Pick<EngineOwner, 'pid'> & { startedAt: string | null }) | null,
  ) {
    const since = owner === null || owner.startedAt === null ? '' : ` since ${owner.startedAt}`;
    const who = owner === null ? '' : ` (pid ${owner.pid}${since})`;
    super(`Healdeck already runs on ${dir}${who}; stop it first or use another --data-dir.`);
  }
}

/** The lock can't be taken for another reason than an engine that holds it. */
export class EngineLockError extends Error {
  override readonly name = 'EngineLockError';
}

/** What became of a lock since the last check. */
export type LockState =
  | { kind: 'held' }
  /** Its file was removed or replaced, and was created again. */
  | { kind: 'renewed' }
  /** Its file was removed or replaced, and somebody has the new one: for now it is not known for what. */
  | { kind: 'contested' }
  /** Another engine runs on the data directory. */
  | { kind: 'taken'; owner: EngineOwner };

/**
 * Makes this process the only engine of a data directory until the lock is released or the process ends.
 * SQLite's exclusive lock is one of the kernel's (fcntl(2), on Windows LockFileEx): it ends with its owner, kill -9
 * included, so there is no stale lock to time out, and no child inherits it. It belongs to the file: an engine whose file was
 * removed is found by its open descriptor, and creates its lock again by `refresh`.
 * Nobody else in this process may open `engine.lock`: closing any descriptor of a file drops the process's locks on it.
 */
export class DataDirLock {
  private database: Database.Database;
  private inode: string | null;
  private readonly ownerText: string;
  private held = true;

  /** @throws EngineRunningError or EngineLockError */
  constructor(
    private readonly paths: DataDirPaths,
    owner: EngineOwner,
  ) {
    this.database = takeLock(paths);
    this.inode = inodeOf(paths.lock);
    this.ownerText = `${JSON.stringify(owner)}\n`;
    try {
      refuseHolderOfRemoved(paths);
      sweepTemporaryFiles(paths);
      writeFileAtomicSync(paths.owner, this.ownerText);
    } catch (error) {
      this.database.close();
      if (error instanceof EngineRunningError) throw error;
      throw new EngineLockError(`${paths.owner} can't be written (${errorText(error)}); Healdeck did not start.`);
    }
  }

  /** Checks that the lock's file is still the one at its path, and creates it again when it is not. @throws EngineLockError */
  refresh(): LockState {
    const { paths, ownerText } = this;
    if (inodeOf(paths.lock) === this.inode) {
      if (readOwnerText(paths) === ownerText) return { kind: 'held' };
      writeFileAtomicSync(paths.owner, ownerText);
      return { kind: 'renewed' };
    }
    let next: Database.Database;
    try {
      next = takeLock(paths);
    } catch (error) {
      if (!(error instanceof EngineRunningError)) throw error;
      // An engine that only tries to start has the lock for a moment, and writes its name when it is sure to stay.
      const other = readOwnerText(paths) === ownerText ? null : readEngineOwner(paths);
      return other === null ? { kind: 'contested' } : { kind: 'taken', owner: other };
    }
    // Another file, so that closing the old one costs nothing of the new lock.
    this.database.close();
    this.database = next;
    this.inode = inodeOf(paths.lock);
    writeFileAtomicSync(paths.owner, ownerText);
    return { kind: 'renewed' };
  }

  release(): void {
    if (!this.held) return;
    this.held = false;
    const { paths, ownerText } = this;
    // While the lock is still held, and only our own: the next owner's file must not be removed.
    if (inodeOf(paths.lock) === this.inode && readOwnerText(paths) === ownerText) rmSync(paths.owner, { force: true });
    this.database.close();
  }
}

/**
 * Whether a living engine holds the data directory of that path. Never for this process's own: closing a descriptor of
 * `engine.lock` would drop our lock on it (fcntl(2)). Touches nothing, and never throws.
 */
export function isHeld(dir: string): boolean {
  let database: Database.Database | null = null;
  try {
    database = new Database(dataDirPaths(dir).lock, { readonly: true, fileMustExist: true, timeout: 0 });
    // A shared lock is refused as long as somebody holds the exclusive one.
    database.exec('SELECT count(*) FROM sqlite_master');
    return false;
  } catch (error) {
    return errorCode(error).startsWith('SQLITE_BUSY');
  } finally {
    database?.close();
  }
}

/** An engine whose lock was removed goes on, and has its lock again within seconds. */
function refuseHolderOfRemoved(paths: DataDirPaths): void {
  const pid = holderOfRemoved(join(realpathSync(paths.dir), basename(paths.lock)));
  if (pid === null) return;
  const owner = readEngineOwner(paths);
  throw new EngineRunningError(paths.dir, { pid, startedAt: owner?.pid === pid ? owner.startedAt : null });
}

/** Device and inode of what is at a path; null when there is nothing. */
function inodeOf(path: string): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}

function readOwnerText(paths: DataDirPaths): string | null {
  try {
    return readOwnFile(paths.owner);
  } catch {
    return null;
  }
}

/** Who is, or was last, the engine of a data directory; null when it can't be determined. */
export function readEngineOwner(paths: DataDirPaths): EngineOwner | null {
  try {
    const text = readOwnFile(paths.owner);
    return text === null ? null : ownerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function takeLock(paths: DataDirPaths): Database.Database {
  try {
    // SQLite would create it with the umask's mode. Never opened when it exists: see above.
    closeSync(openSync(paths.lock, 'wx', FILE_MODE));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw lockError(paths, error);
  }
  try {
    return lockedDatabase(paths.lock);
  } catch (error) {
    const code = errorCode(error);
    if (code.startsWith('SQLITE_BUSY')) throw new EngineRunningError(paths.dir, readEngineOwner(paths));
    if (code !== 'SQLITE_NOTADB' && code !== 'SQLITE_CORRUPT') throw lockError(paths, error);
  }
  // Somebody wrote into it. It holds nothing, and had an engine locked it, the answer would have been SQLITE_BUSY.
  try {
    if (lstatSync(paths.lock).isFile()) truncateSync(paths.lock);
    return lockedDatabase(paths.lock);
  } catch (error) {
    if (errorCode(error).startsWith('SQLITE_BUSY')) throw new EngineRunningError(paths.dir, readEngineOwner(paths));
    throw lockError(paths, error);
  }
}

function lockedDatabase(path: string): Database.Database {
  const database = new Database(path, { timeout: 0 });
  try {
    // No prepared statements (pragma() makes one): a connection with living ones stays open after close().
    // The lock outlasts the transaction in this locking mode; a journal in memory leaves no second file.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function lockError(paths: DataDirPaths, error: unknown): EngineLockError {
  return new EngineLockError(
    `${paths.lock} can't be locked (${errorText(error)}); Healdeck did not start. ` +
      `Check the permissions and the file system of ${paths.dir} (it must support file locks), or use another --data-dir.`,
  );
}
