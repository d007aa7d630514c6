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
  | 'running'
  | 'sleeping'
  | 'disk_sleep'
  | 'stopped'
  | 'traced'
  | 'zombie'
  | 'dead'
  | 'idle'
  | 'unknown';

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
  /** CPU use since the reading before, in % of one core; of one that is new, since the scan before; 0 in the first scan. */
  cpuPercent: number;
  /**
   * CPU use of its children that have ended and that it waited for, as far as their own readings have not shown it, in % of
   * one core. Absent where the OS does not report it.
   */
  reapedCpuPercent?: number;
  rssBytes: number;
  threads: number;
  /** True for a thread of the kernel: it has no program and is never touched. */
  kernel: boolean;
  /** Numeric owner; -1 where the OS does not report it. */
  uid: number;
  /** Owner's name, or the number as text. */
  user: string;
  /** Arguments as started; empty for kernel threads, zombies and where it may not be read. */
  argv: readonly string[];
  /** There are more arguments than `argv` shows. */
  argvCut?: true;
  /** Wall time of the process's start, in ms since the epoch. */
  startedAt: number;
}

/** A row of the process table as clients see it. */
export interface ProcessRow extends ProcessSample {
  /** The watch that this process belongs to. */
  watchId: string | null;
  /** Why Healdeck will never signal it, or null. */
  protectionReason: string | null;
}

/** A process that a match is about, and what becomes of it. */
export interface MatchCandidate extends ProcessRow {
  /** `taken`: it belongs to the watch; `protected`: it would, so the watch is refused; `left`: it does not. */
  verdict: 'taken' | 'protected' | 'left';
  /** Why, to follow "it" in a sentence. */
  reason: string;
}

/** What a match finds now. */
export interface MatchPreview {
  /** Those that are taken first, then protected ones, then those that only resemble a match. */
  candidates: readonly MatchCandidate[];
  /** Why nothing is taken although something is there (an unusable pidfile, two programs that match), or null. */
  problem: string | null;
}

/** What is read only when one process is inspected. */
export interface ProcessDetails extends ProcessRow {
  cwd: string | null;
  executable: string | null;
  /** Open descriptors; null where the OS does not report it or does not permit reading it. */
  openFiles: number | null;
  /** From the parent up to the first process of the machine. */
  ancestors: readonly Relative[];
  children: readonly Relative[];
}

/** A process of the same family. */
export interface Relative extends ProcessIdentity {
  name: string;
}

/** How much an operator ends: one process, or also all that belongs to its tree. */
export const endScopeSchema = z.enum(['process', 'tree']);
export type EndScope = z.infer<typeof endScopeSchema>;

/** One process of an end that is being thought about. */
export interface EndCandidate extends Relative {
  ppid: number;
  argv: readonly string[];
  user: string;
  /** Name of the watch that it is a process of. */
  watch: string | null;
}

/** What an end would do now; nothing is done. */
export interface EndPreview {
  scope: EndScope;
  /** Every process that would be ended, the chosen one first. */
  ends: readonly EndCandidate[];
  /** Those that may not be ended; as long as there is one, nothing is. */
  refused: readonly (EndCandidate & { reason: string })[];
  /** What else the operator should know, one sentence each. */
  warnings: readonly string[];
}

/** What a stop or a restart of a watch would end now, and what of its tree is never ended. */
export type WatchEndPreview = Pick<EndPreview, 'ends' | 'refused'>;

/** What an end came to. */
export interface EndResult {
  /** Every process that was signalled. */
  pids: readonly number[];
  /** Those that got KILL. */
  forced: readonly number[];
  /** Those that could not be ended: of another user, or in uninterruptible sleep. */
  survivors: readonly number[];
}
