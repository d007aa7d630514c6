import { opendirSync, readlinkSync, type Dir } from 'node:fs';

export interface Descriptor {
  fd: number;
  target: string;
}

/** The number of a socket in what its descriptor is a link to (proc_pid_fd(5)); null: it is no socket. */
export function socketInode(target: string): string | null {
  return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? null;
}

/** What a process has open; `isCut`: there is more. */
export interface OpenDescriptors {
  descriptors: Descriptor[];
  isCut: boolean;
}

/**
 * What a process has open, at most `most` of it. A directory of a hundred thousand descriptors is not read to its end. Null where it may
 * not be read.
 */
export function readDescriptors(fdDir: string, most: number): OpenDescriptors | null {
  const descriptors: Descriptor[] = [];
  let dir: Dir;
  try {
    dir = opendirSync(fdDir);
  } catch {
    return null;
  }
  try {
    for (let entry = dir.readSync(); entry !== null; entry = dir.readSync()) {
      if (descriptors.length === most) return { descriptors, isCut: true };
      const target = readLink(`${fdDir}/${entry.name}`);
      if (target !== null) descriptors.push({ fd: Number(entry.name), target });
    }
    return { descriptors, isCut: false };
  } catch {
    // It has ended meanwhile.
    return { descriptors, isCut: true };
  } finally {
    dir.closeSync();
  }
}

/** null: closed meanwhile. */
function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
