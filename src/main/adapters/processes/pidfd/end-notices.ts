import { sameIdentity, type ProcessIdentity } from '../../../../shared/model/process';
import type { EndNoticesStatus } from '../../../../shared/model/snapshot';
import type { ChildExit, Clock, Dispose, EndNotices, ReportError } from '../../../engine/ports';
import type { EndThread, EndThreadOptions } from './end-thread';
import type { Pidfds } from './pidfds';

export interface EndNoticesOptions {
  pidfds: Pick<Pidfds, 'open' | 'exitOf' | 'tellsExits' | 'close'>;
  /** Waits for the descriptors; null: there is nothing to wait with. */
  thread: (heard: Pick<EndThreadOptions, 'onReady' | 'onLost'>) => EndThread | null;
  identify: (pid: number) => ProcessIdentity | null;
  /** How a process ended that its parent has not reaped yet, if it is known. */
  exitOfZombie: (process: ProcessIdentity) => ChildExit | null;
  clock: Pick<Clock, 'after'>;
  /** Each costs a descriptor. */
  maxFollowed: number;
  report: ReportError;
}

/** Notices of ends, until they are disposed of. */
export interface DisposableEndNotices extends EndNotices {
  dispose(): void;
}

/** A descriptor tells how a process ended once its parent has reaped it, which takes a parent that cares a moment. */
const REAP_LIMIT_MS = 20;

/**
 * ```text
 * followed ──ready──► unreaped ──ready, REAP_LIMIT_MS──► settled
 *    │  └─────────exit known──────────────────────────────▲
 *    └──seen gone──► looking ──next turn──► (as when ready)┘
 * ```
 */
type Phase =
  { at: 'followed' } | { at: 'looking' | 'unreaped'; cancel: Dispose } | { at: 'settled'; exit: ChildExit | null };

interface Entry {
  readonly token: number;
  readonly identity: ProcessIdentity;
  readonly fd: number;
  readonly onEnd: (exit: ChildExit | null) => void;
  phase: Phase;
}

/** Tokens are 32 bits wide and come round. */
const MAX_TOKEN = 0xffff_ffff;

/**
 * Ends by pidfd: a thread is woken by the kernel when a process ends, and the exit is read from the same descriptor, which never
 * names another process.
 */
export function createEndNotices(options: EndNoticesOptions): DisposableEndNotices {
  const { pidfds, identify, exitOfZombie, clock, maxFollowed, report } = options;
  const entries = new Map<number, Entry>();
  let lastToken = 0;
  let disposed = false;

  const thread = options.thread({
    onReady: (tokens) => {
      for (const token of tokens) {
        const entry = entries.get(token);
        if (entry !== undefined) onReady(entry);
      }
    },
    onLost: () => {
      for (const { phase, fd, token } of entries.values())
        if (phase.at !== 'unreaped') thread?.epoll.refresh(fd, token);
    },
  });

  function onReady(entry: Entry): void {
    const exit = exitOf(entry);
    // The second time it is reaped, or the time is up.
    if (exit !== null || entry.phase.at === 'unreaped' || !pidfds.tellsExits) return settle(entry, exit);
    if (entry.phase.at === 'looking') entry.phase.cancel();
    thread?.epoll.addHangUp(entry.fd, entry.token);
    entry.phase = { at: 'unreaped', cancel: clock.after(REAP_LIMIT_MS, () => onReady(entry)) };
  }

  /** One of both knows it: before it is reaped procfs, afterwards the descriptor. */
  function exitOf({ identity, fd }: Entry): ChildExit | null {
    return exitOfZombie(identity) ?? pidfds.exitOf(fd);
  }

  function settle(entry: Entry, exit: ChildExit | null): void {
    release(entry, exit);
    try {
      entry.onEnd(exit);
    } catch (error) {
      report('end of a process', error);
    }
  }

  function release(entry: Entry, exit: ChildExit | null): void {
    const { phase } = entry;
    if (phase.at === 'settled') return;
    if (phase.at !== 'followed') phase.cancel();
    entry.phase = { at: 'settled', exit };
    entries.delete(entry.token);
    // With its last descriptor it leaves the set (epoll(7)).
    pidfds.close(entry.fd);
  }

  function nextToken(): number {
    do lastToken = lastToken === MAX_TOKEN ? 1 : lastToken + 1;
    while (entries.has(lastToken));
    return lastToken;
  }

  return {
    get status(): EndNoticesStatus {
      if (thread === null) return { by: 'polling', reason: 'no descriptor is left for epoll(7)' };
      const { problem } = thread;
      return problem === null ? { by: 'kernel', exits: pidfds.tellsExits } : { by: 'polling', reason: problem };
    },

    follow(identity, onEnd) {
      if (thread === null || disposed || entries.size >= maxFollowed) return null;
      const fd = pidfds.open(identity.pid);
      if (fd === null) return null;
      // Who has the pid now had it when the descriptor was opened, as it was not free in between.
      const now = identify(identity.pid);
      const token = nextToken();
      if (now === null || !sameIdentity(now, identity) || !thread.epoll.add(fd, token)) {
        pidfds.close(fd);
        return null;
      }
      const entry: Entry = { token, identity, fd, onEnd, phase: { at: 'followed' } };
      entries.set(token, entry);
      thread.start();
      return {
        exit: () => (entry.phase.at === 'settled' ? entry.phase.exit : exitOf(entry)),
        seenGone: () => {
          if (entry.phase.at !== 'followed') return;
          entry.phase = { at: 'looking', cancel: clock.after(0, () => onReady(entry)) };
        },
        dispose: () => release(entry, null),
      };
    },

    dispose() {
      disposed = true;
      for (const entry of [...entries.values()]) release(entry, null);
      thread?.dispose();
    },
  };
}
