import type { ProcessIdentity } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';

/** A signal by which a runtime writes a dump of its threads, where it was set up so. */
export type DumpSignal = Exclude<Settings['dump.signal'], 'none'>;

export type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGCHLD' | DumpSignal;

/** `gone`: no such process; `reused`: the pid belongs to another one now, nothing was sent. */
export type SignalResult = 'sent' | 'gone' | 'reused' | 'not_permitted';

/** Sends signals to identities: start time and pid are compared right before. */
export interface Signaller {
  send(identity: ProcessIdentity, signal: Signal): SignalResult;
  /** Whether any process is in the group. One system call. */
  groupExists(pgid: number): boolean;
  /** Lets a process run after others (nice 10, all its threads); its niceness now, or null when refused or gone. */
  lowerPriority(identity: ProcessIdentity): number | null;
}

/**
 * Ends at once all that a watch has started, where the OS keeps a list of it that nothing can leave by forking (Linux:
 * a control group of its own for each start). Where the OS has no such list, this does nothing: nothing here ever throws.
 */
export interface TreeKiller {
  /** Pids that the OS counts to the watch now; empty where it keeps no list. `roots` help to find it. */
  members(watchId: string, roots: readonly ProcessIdentity[]): readonly number[];
  /** KILL to all of them in one stroke, also to those that are being forked; false when that was not possible. */
  kill(watchId: string, roots: readonly ProcessIdentity[]): boolean;
}
