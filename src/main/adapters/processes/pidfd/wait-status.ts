import { constants } from 'node:os';
import type { ChildExit } from '../../../engine/ports';

/** The first real-time signal that programs may use; the C library keeps two below it for itself (signal(7)). */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** Names by number. Of two names for one signal the older counts, as with Node (SIGABRT, not SIGIOT). */
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** How a process ended by its status as wait(2) encodes it; null: it has not ended. */
export function exitOfStatus(status: number): ChildExit | null {
  const signal = status & 0x7f;
  // Stopped or continued.
  if (signal === 0x7f) return null;
  if (signal !== 0) return { exitCode: null, signal: signalName(signal) };
  return { exitCode: (status >> 8) & 0xff, signal: null };
}

/** `SIGSEGV`, `SIGRTMIN+3`; by its number where it has no name. */
export function signalName(signal: number): string {
  const name = NAMES.get(signal);
  if (name !== undefined) return name;
  if (signal < SIGRTMIN || signal > SIGRTMAX) return `SIG${signal}`;
  return signal === SIGRTMIN ? 'SIGRTMIN' : `SIGRTMIN+${signal - SIGRTMIN}`;
}
