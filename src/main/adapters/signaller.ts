import { sameIdentity, type ProcessIdentity } from '../../shared/model/process';
import type { Signaller } from '../engine/ports';

/** kill(2) as Node offers it; throws an error with `code`. */
export type Kill = (pid: number, signal: NodeJS.Signals | 0) => unknown;

/** Where the signaller learns who owns a pid now, and what sends. */
export interface SignallerOptions {
  identify: (pid: number) => ProcessIdentity | null;
  kill?: Kill;
}

/**
 * Sends a signal only to the process that was meant. Between the check and the kill a few microseconds remain in which the
 * pid could be reused (Node has no pidfd_send_signal(2)); the kernel hands out all other pids before it takes one again.
 */
export function createSignaller({ identify, kill = process.kill.bind(process) }: SignallerOptions): Signaller {
  return {
    send(identity, signal) {
      const { pid } = identity;
      // kill(2): 0 is our own group, -1 everything, other negatives groups; 1 is init. None of them is ever a target.
      if (!isSignalable(pid)) return 'not_permitted';
      const now = identify(pid);
      if (now === null) return 'gone';
      if (!sameIdentity(now, identity)) return 'reused';
      try {
        kill(pid, signal);
        return 'sent';
      } catch (error) {
        const code = errnoOf(error);
        if (code === 'ESRCH') return 'gone';
        // ENOSYS: Windows knows no SIGCONT.
        if (code === 'EPERM' || code === 'EACCES' || code === 'ENOSYS') return 'not_permitted';
        throw error;
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
  };
}

function isSignalable(pid: number): boolean {
  return Number.isSafeInteger(pid) && pid > 1 && pid !== process.pid;
}

function errnoOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}
