import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { parseProcessStat } from '../../../shared/lib/host/process-stat';
import type { Clock, Dispose } from '../../engine/ports';

/** Ahead of everything that runs as usual (sched(7)). */
const URGENT_NICE = -19;
/** We keep the boost for this long after the last sign that we wait for the processor: a flood of deaths or births takes seconds. */
const STARVED_MS = 5000;

/**
 * This process's place in the queue for the processor. Among hundreds of processes that all want the processor, a scan over the
 * table would take seconds without it. A thousand backends of a database that end at once are enough, each in a session of its own.
 */
export class PriorityBoost {
  /** How many want us to go first. */
  private wishes = 0;
  private usualNice = 0;
  private readonly session: OwnSession;
  /** Whether we may go before others (setpriority(2): only root and CAP_SYS_NICE may); asked once. On Windows it would be a class of its own. */
  private may = process.platform !== 'win32';
  private isFirst = false;
  private starved: { end: Dispose; cancel: Dispose } | null = null;

  /** @param procSelf our folder in procfs */
  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    procSelf = '/proc/self',
  ) {
    this.session = new OwnSession(clock, procSelf);
  }

  /** Puts our first thread before others until what is returned is called; without the right to do so nothing changes. */
  boost(): Dispose {
    this.wishes += 1;
    if (this.wishes === 1 && this.may) {
      // An operator may have changed it since the last time.
      this.usualNice = getPriority();
      this.isFirst = this.may = tryToSet(0, URGENT_NICE);
      if (this.isFirst) this.session.goFirst();
    }
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.wishes -= 1;
      if (this.wishes > 0 || !this.isFirst) return;
      this.isFirst = false;
      tryToSet(0, this.usualNice);
      this.session.goBack();
    };
  }

  /** We waited for the processor: we go first for the next seconds. */
  onStarved(): void {
    this.starved?.cancel();
    this.starved = {
      end: this.starved?.end ?? this.boost(),
      cancel: this.clock.after(STARVED_MS, () => this.dispose()),
    };
  }

  /** A child that was started meanwhile inherited our place: gives it the usual one. */
  resetPriority(pid: number): void {
    if (this.isFirst) tryToSet(pid, this.usualNice);
  }

  /** Ends what `onStarved` has begun. */
  dispose(): void {
    this.starved?.cancel();
    this.starved?.end();
    this.starved = null;
  }
}

function tryToSet(pid: number, nice: number): boolean {
  try {
    setPriority(pid, nice);
    return true;
  } catch {
    return false;
  }
}

/** The kernel takes one change of it in 100 ms from all who have CAP_SYS_NICE and not CAP_SYS_ADMIN. */
const SESSION_RETRY_MS = 200;

/**
 * Where the kernel shares the processor among sessions first (sched(7), autogroup), a nice value counts within its session only,
 * and the session has one of its own.
 */
class OwnSession {
  /** Null where sessions have none, or where ours is somebody else's. */
  private usualNice: number | null = null;
  private readonly isOurs: boolean;
  private cancelRetry: Dispose | null = null;

  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly procSelf: string,
  ) {
    this.isOurs = this.leads();
  }

  goFirst(): void {
    // While it waits for its usual place, what it has now is not that.
    if (this.cancelRetry === null) this.usualNice = this.isOurs ? this.nice() : null;
    this.cancelRetry?.();
    this.cancelRetry = null;
    if (this.usualNice !== null) this.tryToSet(URGENT_NICE);
  }

  goBack(): void {
    this.cancelRetry = null;
    if (this.usualNice === null || this.tryToSet(this.usualNice)) return;
    this.cancelRetry = this.clock.after(SESSION_RETRY_MS, () => this.goBack());
  }

  /** Only a session that we lead goes along: a shell and all that was started in it would keep our place, should we be killed meanwhile. */
  private leads(): boolean {
    try {
      return parseProcessStat(this.read('stat')).session === process.pid;
    } catch {
      return false;
    }
  }

  private nice(): number | null {
    try {
      const nice = /^\/autogroup-\d+ nice (-?\d+)$/m.exec(this.read('autogroup'))?.[1];
      return nice === undefined ? null : Number(nice);
    } catch {
      return null;
    }
  }

  private tryToSet(nice: number): boolean {
    try {
      writeFileSync(`${this.procSelf}/autogroup`, String(nice));
      return true;
    } catch {
      return false;
    }
  }

  private read(file: string): string {
    return readFileSync(`${this.procSelf}/${file}`, 'latin1');
  }
}
