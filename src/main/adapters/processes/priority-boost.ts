import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import type { Clock, Dispose } from '../../engine/ports';

/** Ahead of everything that runs as usual (sched(7)). */
const URGENT_NICE = -19;
/** We go first for so long after the last sign that we wait for the processor: a flood of deaths or births takes seconds. */
const STARVED_MS = 5000;

/** This process's place in the queue for the processor. */
export interface PriorityBoost {
  /** Puts our first thread before others until what is returned is called; without the right to do so nothing changes. */
  boost: () => Dispose;
  /** We waited for the processor: we go first for the next seconds. */
  onStarved: () => void;
  /** A child that was started meanwhile inherited our place: gives it the usual one. */
  resetPriority: (pid: number) => void;
  /** Takes our usual place again. */
  dispose: () => void;
}

/**
 * Among hundreds of processes that all want the processor, a pass over the table would take seconds without it. A thousand
 * backends of a database that end at once are enough, each in a session of its own. `procSelf` is our folder in procfs.
 */
export function createPriorityBoost(clock: Pick<Clock, 'after'>, procSelf = '/proc/self'): PriorityBoost {
  const place = new Place(procSelf);
  let starved: { end: Dispose; cancel: Dispose } | null = null;

  const endStarved = (): void => {
    starved?.cancel();
    starved?.end();
    starved = null;
  };
  return {
    boost: () => place.boost(),
    onStarved() {
      starved?.cancel();
      starved = { end: starved?.end ?? place.boost(), cancel: clock.after(STARVED_MS, endStarved) };
    },
    resetPriority: (pid) => place.resetPriority(pid),
    dispose: endStarved,
  };
}

/** Counts who wants us to go first. */
class Place {
  private wishes = 0;
  private usualNice: number | null = null;
  private usualSessionNice: number | null = null;
  private readonly session: OwnSession;

  constructor(procSelf: string) {
    this.session = new OwnSession(procSelf);
  }

  boost(): Dispose {
    this.wishes += 1;
    if (this.wishes === 1) this.goFirst();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.wishes -= 1;
      if (this.wishes === 0) this.goBack();
    };
  }

  resetPriority(pid: number): void {
    if (this.usualNice !== null) tryToSet(pid, this.usualNice);
  }

  private goFirst(): void {
    const before = getPriority();
    this.usualNice = tryToSet(0, URGENT_NICE) ? before : null;
    const sessionBefore = this.session.nice();
    this.usualSessionNice = sessionBefore !== null && this.session.tryToSet(URGENT_NICE) ? sessionBefore : null;
  }

  private goBack(): void {
    if (this.usualNice !== null) tryToSet(0, this.usualNice);
    if (this.usualSessionNice !== null) this.session.tryToSet(this.usualSessionNice);
    this.usualNice = null;
    this.usualSessionNice = null;
  }
}

/** Only root and CAP_SYS_NICE may go before others (setpriority(2)). */
function tryToSet(pid: number, nice: number): boolean {
  try {
    setPriority(pid, nice);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where the kernel shares the processor among sessions first (sched(7), autogroup), a nice value counts within its session only,
 * and the session has one of its own.
 */
class OwnSession {
  constructor(private readonly procSelf: string) {}

  /**
   * Null where sessions have none, or where ours is somebody else's: a shell and all that was started in it would keep our place,
   * should we be killed meanwhile.
   */
  nice(): number | null {
    try {
      const [, , , session] = this.read('stat')
        .replace(/^.*\) /s, '')
        .split(' ');
      if (Number(session) !== process.pid) return null;
      const nice = /^\/autogroup-\d+ nice (-?\d+)$/m.exec(this.read('autogroup'))?.[1];
      return nice === undefined ? null : Number(nice);
    } catch {
      return null;
    }
  }

  tryToSet(nice: number): boolean {
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
