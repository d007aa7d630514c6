import type { ProcessState } from '../../../../shared/model/process';
import { hasEnded, type StatLine } from './parse-stat';

/** The letters of all kernels since 2.6 (proc(5), field 3). */
const STATES: Readonly<Record<string, ProcessState>> = {
  R: 'running',
  S: 'sleeping',
  D: 'disk_sleep',
  T: 'stopped',
  t: 'traced',
  Z: 'zombie',
  X: 'dead',
  x: 'dead',
  I: 'idle',
  // Parked and waking threads, and those that wait to be killed, are asleep as seen from outside.
  K: 'sleeping',
  W: 'sleeping',
  P: 'idle',
};

const BY_BYTE: readonly ProcessState[] = Array.from(
  { length: 256 },
  (_, byte) => STATES[String.fromCharCode(byte)] ?? 'unknown',
);

/** The state of the whole process; `unknown` when its first thread has ended and others live on. */
export function processState(line: StatLine): ProcessState {
  const state = BY_BYTE[line.state] ?? 'unknown';
  return state === 'zombie' && !hasEnded(line) ? 'unknown' : state;
}

/** The state of one thread, from a line of /proc/<pid>/task/<tid>/stat. */
export function threadState(line: StatLine): ProcessState {
  return BY_BYTE[line.state] ?? 'unknown';
}
