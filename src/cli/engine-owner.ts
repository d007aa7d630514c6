import { join } from 'node:path';
import { isAlive } from '../host/is-alive';
import { readText } from '../host/read-text';

/** Where the bytes begin that SQLite locks, on every system (sqlite3: PENDING_BYTE). */
const SQLITE_LOCK_START = 0x40000000;

/**
 * The engine that runs on a data directory, whether or not its socket is there; null when none does. `engine.json` names it, and
 * on Linux the kernel shows whether that process has a lock as an engine has one (proc_locks(5)): the file may be one of a dead engine,
 * and the pid that of another process by now.
 */
export function livingEngine(dataDir: string): { pid: number } | null {
  const pid = ownerPid(dataDir);
  if (pid === null || !isAlive(pid)) return null;
  const locks = readText('/proc/locks');
  return locks === null || hasEngineLock(locks, pid) ? { pid } : null;
}

/** Whether a process has an exclusive lock of SQLite, by the text of /proc/locks. */
export function hasEngineLock(locks: string, pid: number): boolean {
  const found = locks.matchAll(/ POSIX +\S+ +WRITE +(\d+) +\S+ +(\d+) +\d+/g);
  return [...found].some(([, holder, start]) => Number(holder) === pid && Number(start) >= SQLITE_LOCK_START);
}

/** The pid that `engine.json` names, of an engine that runs or has run; null where it can't be said. */
export function ownerPid(dataDir: string): number | null {
  try {
    const { pid } = JSON.parse(readText(join(dataDir, 'engine.json')) ?? '{}') as { pid?: unknown };
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
