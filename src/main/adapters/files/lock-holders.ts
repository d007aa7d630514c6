import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** How readlink(2) marks a descriptor whose file has no name any more (proc_pid_fd(5)). */
const DELETED = ' (deleted)';
/** Where the bytes begin that SQLite locks, on every system (sqlite3: PENDING_BYTE). */
const SQLITE_LOCK_START = 0x40000000;

/**
 * The process that has `path` open although the file was removed, or null. A lock of fcntl(2) belongs to the file and is out of
 * reach when its name is gone; the descriptors of its holder are not: the kernel shows them to processes of the same user,
 * and nobody else can imitate one of them. (A socket in the abstract namespace could be taken by any user first, and
 * is another one in each network namespace.) `path` has no links in it. Elsewhere than on Linux the answer is always null.
 */
export function holderOfRemoved(path: string): number | null {
  const wanted = `${path}${DELETED}`;
  for (const pid of lockingPids() ?? namesIn('/proc').filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    // Processes of other users can't be read; none of them could have our data directory.
    if (namesIn(`/proc/${pid}/fd`).some((fd) => linkAt(`/proc/${pid}/fd/${fd}`) === wanted)) return Number(pid);
  }
  return null;
}

/** Paths of the locks that other engines of this user hold. Elsewhere than on Linux there are none. */
export function engineLocksOfOthers(): readonly string[] {
  const pids = (lockingPids() ?? []).filter((pid) => Number(pid) !== process.pid);
  return pids
    .flatMap((pid) => namesIn(`/proc/${pid}/fd`).map((fd) => linkAt(`/proc/${pid}/fd/${fd}`)))
    .filter((path) => path.endsWith('/engine.lock'));
}

/** Processes with an exclusive lock of SQLite on any file (proc_locks(5)), or null where the kernel does not list them. */
function lockingPids(): readonly string[] | null {
  let text;
  try {
    text = readFileSync('/proc/locks', 'utf8');
  } catch {
    return null;
  }
  const locks = text.matchAll(/ POSIX +\S+ +WRITE +(\d+) +\S+ +(\d+) +\d+/g);
  return [...new Set([...locks].flatMap(([, pid = '', start]) => (Number(start) >= SQLITE_LOCK_START ? [pid] : [])))];
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
