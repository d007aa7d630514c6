import { lstatSync, readlinkSync } from 'node:fs';
import type { PathPart } from '../shared/lib/host/path-safety';

/** What is at a path, for `judgePath`; null when there is nothing. Throws other errors of the file system. */
export function readPathPart(path: string): PathPart | null {
  let stats;
  try {
    stats = lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Below a file there is nothing.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
  if (stats === undefined) return null;
  const isLink = stats.isSymbolicLink();
  return {
    kind: isLink ? 'link' : stats.isDirectory() ? 'directory' : 'other',
    uid: stats.uid,
    mode: stats.mode & 0o7777,
    target: isLink ? readlinkSync(path) : null,
  };
}
