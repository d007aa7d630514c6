import { sameIdentity, type ProcessIdentity } from '../../../../shared/model/process';
import type { EndNoticesStatus } from '../../../../shared/model/snapshot';
import type { ChildExit, Clock, Dispose, EndNotices, FollowedProcess, ReportError } from '../../../engine/ports';
import type { EndThread, EndThreadOptions } from './end-thread';
import type { Pidfds } from './pidfds';

export interface EndNoticesOptions {
  pidfds: Pick<Pidfds, 'open' | 'exitOf' | 'reportsExits' | 'close'>;
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

/** A descriptor shows how a process ended once its parent has reaped it, which takes a parent that cares a moment. */
const REAP_LIMIT_MS = 20;

/**
 * ```text
 * followed ──ready──► unreaped ──ready, REAP_LIMIT_MS──► settled
 *    │  └─────────exit known──────────────────────────────▲
 *    └──seen gone──► checking ─next turn──► (as when ready)┘
 * ```
 */
type Phase =
  | { at: 'followed' }
  | { at: 'checking' | 'unreaped'; cancel: Dispose }
  | { at: 'settled'; exit: ChildExit | null };

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
export class PidfdEndNotices implements DisposableEndNotices {
  private readonly thread: EndThread | null;
  /** By token. */
  private readonly entries = new Map<number, Entry>();
  private lastToken = 0;
  /** A process was refused for want of descriptors, and none has become free since. */
  private isFull = false;
  private disposed = false;

  constructor(private readonly options: EndNoticesOptions) {
    this.thread = options.thread({
      onReady: (tokens) => this.onTokens(tokens),
      onLost: () => this.refresh(),
    });
  }

  get status(): EndNoticesStatus {
    if (this.thread === null) return { by: 'polling', reason: 'no descriptor is left for epoll(7)' };
    const { problem } = this.thread;
    if (problem !== null) return { by: 'polling', reason: problem };
    const { reportsExits } = this.options.pidfds;
    return { by: 'kernel', exits: reportsExits, ...(this.isFull ? { atMost: this.entries.size } : {}) };
  }

  follow(identity: ProcessIdentity, onEnd: (exit: ChildExit | null) => void): FollowedProcess | null {
    const { thread } = this;
    const { pidfds, identify, clock, maxFollowed } = this.options;
    if (thread === null || this.disposed) return null;
    const fd = this.entries.size < maxFollowed ? pidfds.open(identity.pid) : null;
    // Who has the pid now had it when the descriptor was opened, as it was not free in between.
    const now = identify(identity.pid);
    const isThere = now !== null && sameIdentity(now, identity);
    if (fd === null) {
      this.isFull ||= isThere;
      return null;
    }
    const token = this.nextToken();
    if (!isThere || !thread.epoll.add(fd, token)) {
      pidfds.close(fd);
      return null;
    }
    const entry: Entry = { token, identity, fd, onEnd, phase: { at: 'followed' } };
    this.entries.set(token, entry);
    thread.start();
    return {
      exit: () => (entry.phase.at === 'settled' ? entry.phase.exit : this.exitOf(entry)),
      seenGone: () => {
        if (entry.phase.at !== 'followed') return;
        entry.phase = { at: 'checking', cancel: clock.after(0, () => this.onReady(entry)) };
      },
      dispose: () => this.release(entry, null),
    };
  }

  dispose(): void {
    this.disposed = true;
    for (const entry of [...this.entries.values()]) this.release(entry, null);
    this.thread?.dispose();
  }

  private onTokens(tokens: readonly number[]): void {
    for (const token of tokens) {
      const entry = this.entries.get(token);
      if (entry !== undefined) this.onReady(entry);
    }
  }

  private onReady(entry: Entry): void {
    const { pidfds, clock } = this.options;
    const exit = this.exitOf(entry);
    // The second time it is reaped, or the time is up.
    if (exit !== null || entry.phase.at === 'unreaped' || !pidfds.reportsExits) return this.settle(entry, exit);
    if (entry.phase.at === 'checking') entry.phase.cancel();
    this.thread?.epoll.addHangUp(entry.fd, entry.token);
    entry.phase = { at: 'unreaped', cancel: clock.after(REAP_LIMIT_MS, () => this.onReady(entry)) };
  }

  /** A thread has ended that may have been about to name some: those are to be named once more. */
  private refresh(): void {
    for (const { phase, fd, token } of this.entries.values())
      if (phase.at !== 'unreaped') this.thread?.epoll.refresh(fd, token);
  }

  /** One of both knows it: before it is reaped procfs, afterwards the descriptor. */
  private exitOf({ identity, fd }: Entry): ChildExit | null {
    const { exitOfZombie, pidfds } = this.options;
    return exitOfZombie(identity) ?? pidfds.exitOf(fd);
  }

  private settle(entry: Entry, exit: ChildExit | null): void {
    this.release(entry, exit);
    try {
      entry.onEnd(exit);
    } catch (error) {
      this.options.report('end of a process', error);
    }
  }

  private release(entry: Entry, exit: ChildExit | null): void {
    const { phase } = entry;
    if (phase.at === 'settled') return;
    if (phase.at !== 'followed') phase.cancel();
    entry.phase = { at: 'settled', exit };
    this.entries.delete(entry.token);
    this.isFull = false;
    // With its last descriptor it leaves the set (epoll(7)).
    this.options.pidfds.close(entry.fd);
  }

  private nextToken(): number {
    do this.lastToken = this.lastToken === MAX_TOKEN ? 1 : this.lastToken + 1;
    while (this.entries.has(this.lastToken));
    return this.lastToken;
  }
}
