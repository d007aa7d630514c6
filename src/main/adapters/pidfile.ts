import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { PidfileReading } from '../engine/ports';

const LARGEST_PIDFILE_BYTES = 1024;
/** PID_MAX_LIMIT of 64-bit Linux; Windows counts further. */
const LARGEST_PID = process.platform === 'win32' ? 2 ** 32 - 1 : 2 ** 22;

/**
 * Reads a pidfile that somebody else wrote. What could have been planted is refused: anything but a regular file, a file
 * that everybody may write, a file of more than 1 kB, and any content but one positive integer.
 */
export function readPidfile(path: string): PidfileReading {
  let fd: number;
  try {
    // O_NONBLOCK: opening a named pipe must not wait for its writer.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return unusable(path, `can't be opened (${code ?? 'unknown error'})`);
  }
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) return unusable(path, 'is not a regular file');
    if (process.platform !== 'win32' && (facts.mode & 0o002) !== 0) {
      return unusable(path, 'may be written by every user, so its content proves nothing');
    }
    const buffer = Buffer.alloc(LARGEST_PIDFILE_BYTES + 1);
    const length = readSync(fd, buffer, 0, buffer.length, 0);
    if (length > LARGEST_PIDFILE_BYTES) return unusable(path, 'is larger than 1 kB, which no pidfile is');
    const text = buffer.toString('latin1', 0, length).trim();
    if (text === '') return unusable(path, 'is empty');
    const pid = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
    if (pid < 1 || pid > LARGEST_PID) return unusable(path, 'holds something else than one process id');
    return { kind: 'pid', pid, ownerUid: process.platform === 'win32' ? -1 : facts.uid };
  } catch (error) {
    return unusable(path, `can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  } finally {
    closeSync(fd);
  }
}

function unusable(path: string, why: string): PidfileReading {
  return { kind: 'unusable', problem: `The pidfile ${JSON.stringify(path)} ${why}.` };
}
