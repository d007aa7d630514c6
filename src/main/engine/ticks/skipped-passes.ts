import type { Clock, Dispose, Machine } from '../ports';

/** So many more threads on the machine than of late are looked into: a fork bomb has them within a fraction of a second. */
const SURGE = 50;
/** Looks per interval that is set: a bomb that follows another is not hidden by the threads that the first one had. */
const COUNTS_PER_INTERVAL = 2;

export interface SkippedPassesDependencies {
  clock: Pick<Clock, 'after'>;
  machine: Pick<Machine, 'threads'>;
  /** The interval that is set, and the one in force. */
  intervals: () => { setMs: number; inForceMs: number };
  /** Asks for a pass soon. */
  scanSoon: () => void;
}

/**
 * While passes are skipped to spare a busy machine, one number stands for them: how many threads there are, twice in each interval. When that has
 * surged, the pass is made, so that a fork bomb is found as soon as at full pace.
 */
export class SkippedPasses {
  /** The most threads of late; half of what is above the present number is forgotten at each look. */
  private usual = 0;
  private cancel: Dispose | null = null;

  constructor(private readonly dependencies: SkippedPassesDependencies) {}

  /** A pass was made. */
  onTick(): void {
    this.dispose();
    const threads = this.dependencies.machine.threads();
    if (threads === null) return;
    this.usual = Math.max(threads, (this.usual + threads) / 2);
    this.arm();
  }

  /** So many processes were ended by us: their threads are none of the usual ones any more. */
  onEnded(count: number): void {
    this.usual = Math.max(0, this.usual - count);
  }

  dispose(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private arm(): void {
    const { clock, machine, intervals, scanSoon } = this.dependencies;
    const { setMs, inForceMs } = intervals();
    if (inForceMs <= setMs) return;
    this.cancel = clock.after(setMs / COUNTS_PER_INTERVAL, () => {
      const threads = machine.threads();
      if (threads !== null && threads - this.usual >= SURGE) return scanSoon();
      if (threads !== null && threads < this.usual) this.usual = (this.usual + threads) / 2;
      this.arm();
    });
  }
}
