import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { sameIdentity, type ProcessIdentity } from '../../../shared/model/process';
import type { Signal, Signaller } from '../../engine/ports';
import type { Pidfds } from './pidfd/pidfds';

/** kill(2) as Node offers it; throws an error with `code`. */
export type Kill = (pid: number, signal: NodeJS.Signals | 0) => unknown;

/** Where the signaller learns who owns a pid now, and what sends. */
export interface SignallerOptions {
  identify: (pid: number) => ProcessIdentity | null;
  /** null: this machine has none. */
  pidfds?: Pick<Pidfds, 'open' | 'send' | 'close'> | null;
  kill?: Kill;
  priority?: Priority;
}

/** getpriority(2) and setpriority(2) as Node offers them; they throw. */
export interface Priority {
  get: (id: number) => number;
  set: (id: number, nice: number) => void;
  /** What has a niceness of its own in a process. */
  threadsOf: (pid: number) => readonly number[];
}

/** Far enough down that others go first, and still a share of the processor when all want it (sched(7)). */
const LOW_NICE = 10;

/**
 * Sends a signal only to the process that was meant. It is sent through a descriptor that was opened before the check
 * (pidfd_send_signal(2)), so nobody else can get it. Without one, a few microseconds remain between the check and the kill in
 * which the pid could be reused; the kernel hands out all other pids before it takes one again.
 */
export function createSignaller({
  identify,
  pidfds = null,
  kill = process.kill.bind(process),
  priority = { get: getPriority, set: setPriority, threadsOf },
}: SignallerOptions): Signaller {
  /** As `kill` does. */
  function sendTo(pidfd: number, signal: Signal): void {
    const code = pidfds?.send(pidfd, signal) ?? null;
    if (code !== null) throw Object.assign(new Error(`pidfd_send_signal ${code}`), { code });
  }

  return {
    send(identity, signal) {
      const { pid } = identity;
      // kill(2): 0 is our own group, -1 everything, other negatives groups; 1 is init. None of them is ever a target.
      if (!isSignalable(pid)) return 'not_permitted';
      const pidfd = pidfds?.open(pid) ?? null;
      try {
        const now = identify(pid);
        if (now === null) return 'gone';
        if (!sameIdentity(now, identity)) return 'reused';
        if (pidfd === null) kill(pid, signal);
        else sendTo(pidfd, signal);
        return 'sent';
      } catch (error) {
        const code = errnoOf(error);
        if (code === 'ESRCH') return 'gone';
        // ENOSYS: Windows knows no SIGSTOP and no SIGCONT.
        if (code === 'EPERM' || code === 'EACCES' || code === 'ENOSYS') return 'not_permitted';
        throw error;
      } finally {
        if (pidfd !== null) pidfds?.close(pidfd);
      }
    },

    groupExists(pgid) {
      if (!Number.isSafeInteger(pgid) || pgid <= 1) return false;
      try {
        kill(-pgid, 0);
        return true;
      } catch (error) {
        // EPERM: there are processes, of somebody else. Windows knows no groups (ESRCH, EINVAL).
        return errnoOf(error) === 'EPERM';
      }
    },

    lowerPriority(identity) {
      const { pid } = identity;
      if (!isSignalable(pid)) return null;
      const threads = priority.threadsOf(pid);
      // Checked after the threads were listed: who has the pid now had it then.
      const now = identify(pid);
      if (now === null || !sameIdentity(now, identity)) return null;
      try {
        // The first thread shows whether we may at all; others may end meanwhile.
        lower(priority, pid);
        for (const thread of threads) if (thread !== pid) tryTo(() => lower(priority, thread));
        return priority.get(pid);
      } catch {
        return null;
      }
    },
  };
}

/** Raising it again would need a privilege, so what is lower already stays where it is. */
function lower(priority: Priority, id: number): void {
  if (priority.get(id) < LOW_NICE) priority.set(id, LOW_NICE);
}

/** On Linux each thread has a niceness of its own, contrary to POSIX (setpriority(2), BUGS). */
function threadsOf(pid: number): readonly number[] {
  if (process.platform !== 'linux') return [pid];
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}

function tryTo(act: () => void): void {
  try {
    act();
  } catch {
    // A thread that ended.
  }
}

function isSignalable(pid: number): boolean {
  return Number.isSafeInteger(pid) && pid > 1 && pid !== process.pid;
}

function errnoOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}
