import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { readDescriptors, socketInode } from './open-descriptors';
import { executablePath, readEnvironment, readSockets, readWholeArgv } from './process-facts';
import { readIo } from './read-io';
import { readSchedulerTimes } from './scheduler-times';
import { readPss } from './shared-memory';
import { readWaitChannels } from './wait-channels';
import { readThread } from './thread-facts';

/** Where a process is, and what it runs; each null where it may not be read. */
export interface Paths {
  cwd: string | null;
  executable: string | null;
}

/** What is read of one process at a time. None throws, and any may hang: see `ProcfsReader`. */
export const READS = {
  environment: readEnvironment,
  paths: readPaths,
  facts: (processDir: string) => ({
    ...readPaths(processDir),
    argv: readWholeArgv(processDir),
    pidNamespace: readLink(`${processDir}/ns/pid`),
  }),
  pss: readPss,
  io: readIo,
  sockets: readSockets,
  openFiles: countOpenFiles,
  descriptors: readDescriptors,
  thread: readThread,
  schedulerTimes: readSchedulerTimes,
  waitChannels: readWaitChannels,
  heldSockets: readHeldSockets,
  netNamespace: (processDir: string) => readLink(`${processDir}/ns/net`),
} as const;

/** The names of all that is read. */
export type Reads = typeof READS;

function readPaths(processDir: string): Paths {
  const link = readLink(`${processDir}/exe`);
  return { cwd: readLink(`${processDir}/cwd`), executable: link === null ? null : executablePath(link) };
}

/** The sockets that a process has open, by inode, and the network namespace that it lives in; of `most` descriptors. Null where they may not be read. */
function readHeldSockets(
  processDir: string,
  most: number,
): { inodes: string[]; isCut: boolean; namespace: string } | null {
  const namespace = readLink(`${processDir}/ns/net`);
  const open = namespace === null ? null : readDescriptors(`${processDir}/fd`, most);
  if (namespace === null || open === null) return null;
  return { inodes: open.descriptors.flatMap(({ target }) => socketInode(target) ?? []), isCut: open.isCut, namespace };
}

/** Null where it may not be read. */
function countOpenFiles(fdDir: string): number | null {
  try {
    // Linux 6.2 and newer count for us: the size of the directory. Before that it is 0.
    return statSync(fdDir).size || readdirSync(fdDir).length;
  } catch {
    return null;
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
