import { fchown, fstat, lstat, type Stats } from 'node:fs';
import { rename } from 'node:fs/promises';
import { promisify } from 'node:util';
import { closeDescriptor, openToAppend } from './open-output';
import { shiftOlder } from './rotate-file';

/** Who writes to a file, and so owns it. */
export interface OutputOwner {
  uid: number;
  gid: number;
}

const calls = {
  fstat: promisify(fstat),
  lstat: promisify(lstat),
  fchown: promisify(fchown),
};

/**
 * Opens the output file of a program in the thread pool, as a file of its owner (null: the engine's user); throws what speaks
 * against it. One of another user than the one before is set aside as an older one; `files` counts the current one.
 */
export async function openOwnedOutput(path: string, owner: OutputOwner | null, files: () => number): Promise<number> {
  const there = await lstatOutput(path);
  if (there !== null && !there.isFile())
    throw new Error(`${path} is ${kindOf(there)}, expected a regular file or none`);
  const isForeign = there !== null && !isOwnedBy(there, owner) && there.uid !== process.geteuid?.();
  if (isForeign) {
    await shiftOlder(path, Math.max(2, files()));
    await rename(path, `${path}.1`);
  }
  const fd = await openToAppend(path);
  try {
    const stats = await calls.fstat(fd);
    if (!stats.isFile()) throw new Error(`${path} is ${kindOf(stats)}, expected a regular file or none`);
    if (owner !== null && stats.uid !== owner.uid) await calls.fchown(fd, owner.uid, owner.gid);
    return fd;
  } catch (error) {
    await closeDescriptor(fd);
    throw error;
  }
}

/** What lies at a path, without following a link; null: nothing, or it can't be seen. Asked in the thread pool. */
export function lstatOutput(path: string): Promise<Stats | null> {
  return calls.lstat(path).catch(() => null);
}

/** Whether a file belongs to an owner (null: the engine's user); always where files have no users. */
export function isOwnedBy(stats: Stats, owner: OutputOwner | null): boolean {
  const uid = owner?.uid ?? process.geteuid?.();
  return uid === undefined || stats.uid === uid;
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  return stats.isSocket() ? 'a socket' : 'a device';
}
