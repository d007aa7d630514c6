import { z } from 'zod';

/**
 * A process, for ever: a pid alone is reused by the kernel, a pid with its start time is not.
 * `startTime` is in the platform's own unit (Linux: clock ticks since boot, proc(5) field 22;
 * elsewhere: milliseconds since the epoch) and is only ever compared for equality or order.
 */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  startTime: z.number().nonnegative(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** A map key for an identity. */
export function identityKey(identity: ProcessIdentity): string {
  return `${identity.pid}:${identity.startTime}`;
}

/** Whether two identities name the same process. */
export function sameIdentity(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime;
}

/** The kernel's state letter, spelled out (proc(5), field 3). */
export type ProcessState =
  'running' | 'sleeping' | 'disk_sleep' | 'stopped' | 'traced' | 'zombie' | 'dead' | 'idle' | 'unknown';

/** One reading of one process. */
export interface ProcessSample extends ProcessIdentity {
  ppid: number;
  /** Process group; 0 where the OS has none. */
  pgid: number;
  /** Session id; 0 where the OS has none. */
  session: number;
  /** The kernel's short name, as it is: it may hold any character. */
  name: string;
  state: ProcessState;
  /** CPU use since the reading before, in % of one core; 0 in a process's first reading. */
  cpuPercent: number;
  rssBytes: number;
  threads: number;
  /** True for a thread of the kernel: it has no program and is never touched. */
  kernel: boolean;
  /** Numeric owner; -1 where the OS does not say. */
  uid: number;
  /** Owner's name, or the number as text. */
  user: string;
  /** Arguments as started; empty for kernel threads, zombies and where it may not be read. */
  argv: readonly string[];
  /** Wall time of the process's start, in ms since the epoch. */
  startedAt: number;
}

/** A row of the process table as clients see it. */
export interface ProcessRow extends ProcessSample {
  /** The watch that this process belongs to. */
  watchId: string | null;
  /** Why Healdeck will never signal it, or null. */
  protectedBecause: string | null;
}

/** What is read only when somebody looks at one process. */
export interface ProcessDetails extends ProcessRow {
  cwd: string | null;
  executable: string | null;
  /** From the parent up to the first process of the machine. */
  ancestors: readonly { pid: number; name: string }[];
  childPids: readonly number[];
}
