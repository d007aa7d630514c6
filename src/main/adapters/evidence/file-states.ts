import { statfsSync, statSync, type StatsFs } from 'node:fs';
import { dirname } from 'node:path';
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
