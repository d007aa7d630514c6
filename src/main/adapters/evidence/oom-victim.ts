import { closeSync, constants, openSync, readlinkSync, readSync } from 'node:fs';
import type { Clock } from '../../engine/ports';
import type { DeadProcess } from '../../engine/ports';
import { errorCode } from '../files/notice';
import { isOomVictim, parseKernelRecord, type KernelRecord } from './kernel-log';

export interface OomVictimOptions {
  procDir: string;
  /** The kernel's log: each read returns a record (Documentation/ABI/testing/dev-kmsg). */
  logDevice: string;
  clock: Clock;
}

/** PROC_PID_INIT_INO (include/linux/proc_ns.h): the pid namespace that the machine has booted with. */
const INITIAL_NAMESPACE = 'pid:[4026531836]';
/** The kernel refuses to put a record into less. */
const MAX_RECORD_BYTES = 8192;
const MAX_RECORDS = 65_536;

/**
 * Whether the kernel's log says that the OOM killer has ended a process. Null where this user may not read it, or in a container: the
 * log has the pids of the machine, of which one may be the same as another one here.
 */
export function oomVictim(dead: DeadProcess, { procDir, logDevice, clock }: OomVictimOptions): boolean | null {
  if (dead.signal !== 'SIGKILL' || readlinkSync(`${procDir}/self/ns/pid`) !== INITIAL_NAMESPACE) return null;
  const records = readKernelLog(logDevice);
  const upMs = clock.monotonicMs();
  return isOomVictim({ records, bootedAt: clock.wallMs() - upMs, upMs }, dead);
}

function readKernelLog(device: string): readonly KernelRecord[] {
  const fd = openSync(device, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.allocUnsafe(MAX_RECORD_BYTES);
    const records: KernelRecord[] = [];
    for (let count = 0; count < MAX_RECORDS; count += 1) {
      const length = readRecord(fd, buffer);
      if (length === 0) break;
      const record = length === null ? null : parseKernelRecord(buffer.toString('latin1', 0, length));
      if (record !== null) records.push(record);
    }
    return records;
  } finally {
    closeSync(fd);
  }
}

/** Its length; 0: there is none left; null: it was overwritten before it could be read. */
function readRecord(fd: number, buffer: Buffer): number | null {
  try {
    return readSync(fd, buffer, 0, buffer.length, null);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EAGAIN') return 0;
    if (code === 'EPIPE') return null;
    throw error;
  }
}
