import { readdirSync, statfsSync, statSync, type StatsFs } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DiskSpace, FileState } from '../../engine/ports';
import { errorCode } from '../files/notice';

/** What a file is now; links are followed, as what runs is where they lead. */
export function fileState(path: string): FileState {
  try {
    const { ino: inode, size: bytes, mtimeMs: modifiedAt } = statSync(path);
    return { kind: 'present', inode, bytes, modifiedAt };
  } catch (error) {
    return { kind: isMissing(error) ? 'missing' : 'unknown' };
  }
}

/** Of a directory with more entries, the others are not looked at. */
const MAX_ENTRIES = 1000;

/** The same of a directory with what lies directly in it: it is another one when one of these is. */
export function entriesState(path: string): FileState {
  const own = fileState(path);
  if (own.kind !== 'present') return own;
  const entries = entriesOf(path).map((name) => fileState(join(path, name)));
  const present = entries.flatMap((state) => (state.kind === 'present' ? [state] : []));
  return {
    ...own,
    bytes: present.reduce((total, { bytes }) => total + bytes, own.bytes),
    modifiedAt: Math.max(own.modifiedAt, ...present.map(({ modifiedAt }) => modifiedAt)),
  };
}

/** None of what is no directory. */
function entriesOf(path: string): readonly string[] {
  try {
    return readdirSync(path).slice(0, MAX_ENTRIES);
  } catch {
    return [];
  }
}

/** The disk that a folder lies on or, where it is missing, would lie on; null where that can't be read. */
export function diskSpace(folder: string): DiskSpace | null {
  const stats = statfsOf(folder);
  if (stats === null) return null;
  const { bsize, bavail, blocks, files, ffree } = stats;
  return {
    folder,
    freeBytes: bavail * bsize,
    totalBytes: blocks * bsize,
    // btrfs and others make inodes as they need them (statfs(2)).
    freeInodes: files === 0 ? null : ffree,
    totalInodes: files === 0 ? null : files,
  };
}

function statfsOf(folder: string): StatsFs | null {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return statfsSync(at);
    } catch (error) {
      if (!isMissing(error) || dirname(at) === at) return null;
    }
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
}
