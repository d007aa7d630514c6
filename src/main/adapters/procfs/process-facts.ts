import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/** More of a command line is not kept: it is for showing and matching, and a process can make it megabytes long. */
export const LONGEST_ARGV_BYTES = 4096;

const buffer = Buffer.allocUnsafe(LONGEST_ARGV_BYTES);

/** The arguments from the bytes of /proc/<pid>/cmdline, each ended by NUL; the last may be cut off or lack its NUL. */
export function parseArgv(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  const argv = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8').split('\0');
  if (bytes[bytes.length - 1] === 0) argv.pop();
  return argv;
}

/** The effective user id from the text of /proc/<pid>/status, as ps and top show it; -1 when it is not there. */
export function parseUid(status: string): number {
  const uid = /^Uid:\t\d+\t(\d+)/m.exec(status)?.[1];
  return uid === undefined ? -1 : Number(uid);
}

/** The variables from the bytes of /proc/<pid>/environ; of two with one name the first counts, as in getenv(3). */
export function parseEnvironment(bytes: Buffer): Record<string, string> {
  const variables: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const entry of bytes.toString('utf8').split('\0')) {
    const equals = entry.indexOf('=');
    if (equals < 1) continue;
    const name = entry.slice(0, equals);
    if (!(name in variables)) variables[name] = entry.slice(equals + 1);
  }
  return { ...variables };
}

/** Arguments of a process, at most 4096 bytes of them; empty where it may not be read. */
export function readArgv(processDir: string): string[] {
  try {
    return parseArgv(buffer.subarray(0, readStart(`${processDir}/cmdline`)));
  } catch {
    return [];
  }
}

/** The effective user id of a process; -1 where it may not be read. The owner of the directory would be root's for
 * every process that may not be traced, so it is not asked. */
export function readUid(processDir: string): number {
  try {
    return parseUid(buffer.toString('latin1', 0, readStart(`${processDir}/status`)));
  } catch {
    return -1;
  }
}

/** The variables a process was started with; null where it may not be read. */
export function readEnvironment(processDir: string): Record<string, string> | null {
  try {
    return parseEnvironment(readFileSync(`${processDir}/environ`));
  } catch {
    return null;
  }
}

/** More descriptors are not looked at: a process that serves one connection has it among its first. */
const MOST_DESCRIPTORS = 256;

/** The inode numbers of open sockets from the links in /proc/<pid>/fd (proc(5)); null where they may not be read. */
export function readSockets(fdDir: string): string[] | null {
  let descriptors: string[];
  try {
    descriptors = readdirSync(fdDir);
  } catch {
    return null;
  }
  return descriptors.slice(0, MOST_DESCRIPTORS).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${fdDir}/${fd}`))?.[1] ?? [];
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
}

function readStart(path: string): number {
  const fd = openSync(path, 'r');
  try {
    return readSync(fd, buffer, 0, buffer.length, 0);
  } finally {
    closeSync(fd);
  }
}
