import { statSync } from 'node:fs';
import type { Clock, DataDir, DataDirIdentity } from '../../engine/ports';
import { isHeld } from './engine-lock';
import { readKeptElsewhere } from './kept-elsewhere';

/** This engine's data directory, which it has locked, among others. */
export function createDataDirPort(path: string, clock: Clock): DataDir {
  return {
    identity: dataDirIdentity(path),
    keptElsewhere: () => readKeptElsewhere(path, clock),
    isOwnedByAnother(other) {
      try {
        // Whatever lies at that path by now: only the directory itself, and only one of ours, is read.
        const stats = statSync(other.path, { bigint: true });
        const own = process.geteuid?.();
        if (own !== undefined && stats.uid !== BigInt(own)) return false;
        return dataDirIdentity(other.path).id === other.id && isHeld(other.path);
      } catch {
        return false;
      }
    },
  };
}

/** Throws errors of the file system. */
function dataDirIdentity(path: string): DataDirIdentity {
  // An inode number may be larger than a double can represent exactly.
  const { dev, ino } = statSync(path, { bigint: true });
  return { path, id: `${dev}:${ino}` };
}
