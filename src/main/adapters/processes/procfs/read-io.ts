import { readFileSync } from 'node:fs';
import type { IoBytes } from '../../../engine/ports';

/**
 * What a process has read from and written to storage, by /proc/PID/io (proc_pid_io(5)); null where that may not be read: of
 * processes of another user only root may.
 */
export function readIo(processDir: string): IoBytes | null {
  try {
    return parseIo(readFileSync(`${processDir}/io`, 'latin1'));
  } catch {
    return null;
  }
}

/** Reads `read_bytes` and `write_bytes`; null when one of them is missing. */
export function parseIo(text: string): IoBytes | null {
  const read = /^read_bytes: (\d+)$/m.exec(text)?.[1];
  const written = /^write_bytes: (\d+)$/m.exec(text)?.[1];
  return read === undefined || written === undefined
    ? null
    : { readBytes: Number(read), writtenBytes: Number(written) };
}
