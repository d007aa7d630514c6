import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the bytes begin that SQLite locks, on every system (sqlite3: PENDING_BYTE). */
const SQLITE_LOCK_START = 0x40000000;

/**
 * The engine that runs on a data directory, whether or not its socket is there; null when none does. `engine.json` names it, and
 * on Linux the kernel says whether that process has a lock as an engine has one (proc_locks(5)): the file may be one of a dead engine,
 * and the pid that of another process by now.
 */
export function livingEngine(dataDir: string): { pid: number } | null {
  const pid = ownerPid(dataDir);
  if (pid === null || !lives(pid)) return null;
  let locks;
  try {
    locks = readFileSync('/proc/locks', 'utf8');
  } catch {
    return { pid };
  }
  return hasEngineLock(locks, pid) ? { pid } : null;
}

/** Whether a process has an exclusive lock of SQLite, by the text of /proc/locks. */
export function hasEngineLock(locks: string, pid: number): boolean {
  const found = locks.matchAll(/ POSIX +\S+ +WRITE +(\d+) +\S+ +(\d+) +\d+/g);
  return [...found].some(([, holder, start]) => Number(holder) === pid && Number(start) >= SQLITE_LOCK_START);
}

function ownerPid(dataDir: string): number | null {
  try {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8')) as { pid?: unknown };
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
