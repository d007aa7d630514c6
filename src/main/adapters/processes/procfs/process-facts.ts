import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { readDescriptors, socketInode } from './open-descriptors';

/** More of a command line is not kept for all processes: one can be megabytes long. A match reads the whole. */
export const MAX_ARGV_BYTES = 4096;

const buffer = Buffer.allocUnsafe(MAX_ARGV_BYTES);

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

/** All arguments of a process; the kernel bounds them (execve(2): 6 MB at most). Empty where it may not be read. */
export function readWholeArgv(processDir: string): string[] {
  try {
    return parseArgv(readFileSync(`${processDir}/cmdline`));
  } catch {
    return [];
  }
}

/** Who a process is, and in how many nested pid namespaces below ours it has a pid; from /proc/<pid>/status, which all may read and nobody can hold up. */
export interface StatusFacts {
  /** The pid of the process that a thread belongs to. */
  threadGroup: number | null;
  /** Null before Linux 4.1. */
  session: number | null;
  uids: { real: number; effective: number } | null;
  /** How many pids it has: one for each namespace from that of the mount down; null before Linux 4.1. */
  pidCount: number | null;
}

export function parseStatusFacts(status: string): StatusFacts {
  const uid = /^Uid:\t(\d+)\t(\d+)/m.exec(status);
  const pids = /^NSpid:((?:\t\d+)+)$/m.exec(status)?.[1];
  return {
    threadGroup: numberOf(/^Tgid:\t(\d+)/m.exec(status)),
    session: numberOf(/^NSsid:\t(\d+)/m.exec(status)),
    uids: uid === null ? null : { real: Number(uid[1]), effective: Number(uid[2]) },
    pidCount: pids === undefined ? null : pids.split('\t').length - 1,
  };
}

function numberOf(found: RegExpExecArray | null): number | null {
  return found === null ? null : Number(found[1]);
}

/** Null when it is gone. */
export function readStatusFacts(processDir: string): StatusFacts | null {
  try {
    return parseStatusFacts(readFileSync(`${processDir}/status`, 'latin1'));
  } catch {
    return null;
  }
}

/** The path of an executable from its link in /proc: one that was replaced (an upgrade) keeps its path and gets a suffix. */
export function executablePath(link: string): string {
  return link.replace(/ \(deleted\)$/, '');
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

/** More descriptors are not read: a process that serves one connection has it among its first. */
const MAX_DESCRIPTORS = 256;

/** The inode numbers of open sockets from the links in /proc/<pid>/fd (proc(5)); null where they may not be read. */
export function readSockets(fdDir: string, most = MAX_DESCRIPTORS): string[] | null {
  const open = readDescriptors(fdDir, most);
  return open === null ? null : open.descriptors.flatMap(({ target }) => socketInode(target) ?? []);
}

function readStart(path: string): number {
  const fd = openSync(path, 'r');
  try {
    return readSync(fd, buffer, 0, buffer.length, 0);
  } finally {
    closeSync(fd);
  }
}
