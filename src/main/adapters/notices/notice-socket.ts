import { closeSync, lstatSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { errorText } from '../files/notice';
import type { SocketCalls } from '../processes/pidfd/socket-calls';
import type { Unavailable } from '../processes/pidfd/system-calls';
import { preparePlace, type NoticePlace } from './notice-place';

/** A socket that programs can send to. */
export interface NoticeSocket {
  fd: number;
  path: string;
  /** Whether its file is still there, and no other. */
  isInPlace(): boolean;
  /** Removes its file, if it is still its own. The descriptor stays open. */
  remove(): void;
}

/** A receive that waits returns after so long at the latest, so that a thread that was to be stopped ends. */
const MAX_WAIT_MS = 1000;

const SHORT_READ = { throwIfNoEntry: false, bigint: true } as const;

/**
 * Binds the socket. The caller owns the data directory's lock, so a socket of ours that is there already belongs to an engine that died, and
 * is replaced; anything else stays, and is the reason why nothing is bound. Nothing here throws.
 */
export function bindNoticeSocket(calls: SocketCalls, place: NoticePlace, uid: number): NoticeSocket | Unavailable {
  const { path, mode } = place;
  try {
    const problem = preparePlace(place, uid) ?? removeStale(path, uid);
    if (problem !== null) return { available: false, reason: problem };
  } catch (error) {
    return { available: false, reason: `${path} can't be used (${errorText(error)})` };
  }
  const fd = calls.open();
  if (fd < 0) return failed('socket', fd);
  const configured = calls.configure(fd, MAX_WAIT_MS);
  // The file has its mode from the first moment on.
  const before = process.umask(0o777 & ~mode);
  const bound = configured < 0 ? configured : calls.bind(fd, path);
  process.umask(before);
  if (bound < 0) {
    closeSync(fd);
    return failed(`bind of ${path}`, bound);
  }
  const inode = inodeOf(path);
  const isInPlace = (): boolean => inode !== null && inodeOf(path) === inode;
  return {
    ...{ fd, path, isInPlace },
    remove() {
      if (isInPlace()) rmSync(path, { force: true });
    },
  };
}

/** Removes the socket of an earlier engine; what is in the way instead, or null. */
function removeStale(path: string, uid: number): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isSocket()) return `${path} is in the way: it is not a socket; move it away and start again`;
  if (found.uid !== uid) return `${path} is in the way: it belongs to another user (uid ${found.uid})`;
  rmSync(path, { force: true });
  return null;
}

function failed(what: string, result: number): Unavailable {
  const name = Object.entries(constants.errno).find(([, errno]) => errno === -result)?.[0] ?? `errno ${-result}`;
  return { available: false, reason: `${what} failed with ${name}` };
}

function inodeOf(path: string): string | null {
  try {
    const stats = lstatSync(path, SHORT_READ);
    return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
  } catch {
    return null;
  }
}
