import Database from 'libsql';
import { closeSync, openSync, rmSync, statSync, truncateSync } from 'node:fs';
import { z } from 'zod';
import type { Dispose } from '../engine/ports';
import { sweepTemporaryFiles, type DataDirPaths } from './data-dir';
import { FILE_MODE, writeFileAtomicSync } from './files';
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
    readonly owner: EngineOwner | null,
  ) {
    const who = owner === null ? '' : ` (pid ${owner.pid} since ${owner.startedAt})`;
    super(`Healdeck already runs on ${dir}${who}; stop it first or use another --data-dir.`);
  }
}

/** The lock can't be taken for another reason than an engine that holds it. */
export class EngineLockError extends Error {
  override readonly name = 'EngineLockError';
}

/**
 * Makes this process the only engine of a data directory until the returned function is called or the process ends.
 * SQLite's exclusive lock is one of the kernel's (fcntl(2), on Windows LockFileEx): it ends with its owner, kill -9
 * included, so there is no stale lock to time out, and no child inherits it.
 * Nobody else in this process may open `engine.lock`: closing any descriptor of a file drops the process's locks on it.
 * Throws EngineRunningError or EngineLockError.
 */
export function lockDataDir(paths: DataDirPaths, owner: EngineOwner): Dispose {
  const database = takeLock(paths);
  try {
    sweepTemporaryFiles(paths);
    writeFileAtomicSync(paths.owner, `${JSON.stringify(owner)}\n`);
  } catch (error) {
    database.close();
    throw new EngineLockError(`${paths.owner} can't be written (${errorText(error)}); Healdeck did not start.`);
  }
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    // While the lock is still held: the next owner's file must not be removed.
    rmSync(paths.owner, { force: true });
    database.close();
  };
}

/** Who is, or was last, the engine of a data directory; null when it can't be said. */
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
    if (statSync(paths.lock).isFile()) truncateSync(paths.lock);
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
