import { closeSync, fstatSync, openSync, readSync, statfsSync, type Stats } from 'node:fs';
import type { PidfileReading } from '../../engine/ports';
import { openTrusted, type TrustedFile } from '../files/trusted-path';

/** Some write more than the pid into it: PostgreSQL a page of facts, sendmail its command line. */
const LARGEST_PIDFILE_BYTES = 4096;
const IS_WINDOWS = process.platform === 'win32';
/** PID_MAX_LIMIT of 64-bit Linux; Windows counts further. */
const LARGEST_PID = IS_WINDOWS ? 2 ** 32 - 1 : 2 ** 22;
/** File systems that live in memory (statfs(2)): tmpfs and ramfs. */
const IN_MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/**
 * Reads a pidfile that somebody else wrote. What could have been planted is refused: a path that others may lead elsewhere,
 * anything but a regular file that root or one user alone may write, a file of more than 4 kB, and a first line that is
 * anything but one positive integer.
 */
export function readPidfile(path: string): PidfileReading {
  const opened = IS_WINDOWS ? openPlain(path) : openTrusted(path);
  if (opened.kind === 'missing') return opened;
  if (opened.kind === 'untrusted') return unusable(path, opened.problem);
  const { fd, facts, writerUid } = opened;
  try {
    const buffer = Buffer.alloc(LARGEST_PIDFILE_BYTES + 1);
    const length = readSync(fd, buffer, 0, buffer.length, 0);
    if (length > LARGEST_PIDFILE_BYTES) return unusable(path, 'is larger than 4 kB, which no pidfile is');
    const text = buffer.toString('latin1', 0, length);
    if (text.trim() === '') return unusable(path, 'is empty; its program may not have written it yet');
    const [line = ''] = text.split('\n', 1);
    const pid = /^\s*[0-9]{1,10}\s*$/.test(line) ? Number(line) : 0;
    if (pid < 1 || pid > LARGEST_PID) return unusable(path, 'does not have exactly one process id in its first line');
    return { kind: 'pid', pid, writerUid, writtenAt: facts.mtimeMs, sinceBoot: isInMemory(path) };
  } catch (error) {
    return unusable(path, `can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  } finally {
    closeSync(fd);
  }
}

/** Where files have no owner that Node could ask for. */
function openPlain(path: string): TrustedFile {
  try {
    const fd = openSync(path, 'r');
    const facts: Stats = fstatSync(fd);
    return { kind: 'open', fd, facts, writerUid: -1 };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'untrusted', problem: `can't be opened (${code ?? 'unknown error'})` };
  }
}

function isInMemory(path: string): boolean {
  try {
    return IN_MEMORY.has(statfsSync(path).type);
  } catch {
    return false;
  }
}

function unusable(path: string, reason: string): PidfileReading {
  return { kind: 'unusable', problem: `The pidfile ${JSON.stringify(path)} ${reason}.` };
}
