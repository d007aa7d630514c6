import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { readDescriptors } from './open-descriptors';
import { executablePath, readEnvironment, readSockets, readWholeArgv } from './process-facts';
import { readIo } from './read-io';
import { readPss } from './shared-memory';
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
  netNamespace: (processDir: string) => readLink(`${processDir}/ns/net`),
} as const;

/** The names of all that is read. */
export type Reads = typeof READS;

function readPaths(processDir: string): Paths {
  const link = readLink(`${processDir}/exe`);
  return { cwd: readLink(`${processDir}/cwd`), executable: link === null ? null : executablePath(link) };
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
