import type { Clock, Dispose, ReportError } from '../ports';

/** To the next tick while something is expected to happen. */
const SOON_MS = 200;

export interface TickLoopDependencies {
  clock: Clock;
  report: ReportError;
  intervalMs: () => number;
  /** True while the next tick is wanted soon. */
  isExpecting: () => boolean;
  /** One tick; both times are monotonic ms. */
  tick: (startedMs: number, dueMs: number) => Promise<void>;
}

/** Ticks for ever: re-arms only when a tick is done, so it can't overlap itself, and goes on when one fails. */
export class TickLoop {
  private cancel: Dispose | null = null;
  private dueMs = 0;
  private ticking = false;
  private disposed = false;

  constructor(private readonly dependencies: TickLoopDependencies) {}

  /** Ticks now; resolves when that is done. */
  async start(): Promise<void> {
    this.dueMs = this.dependencies.clock.monotonicMs();
    await this.run();
  }

  /** The interval is another one now. */
  rearm(): void {
    const { intervalMs, isExpecting } = this.dependencies;
    this.arm(isExpecting() ? SOON_MS : intervalMs());
  }

  /** The next tick is wanted soon, if it is not due sooner anyway. */
  soon(): void {
    if (this.dueMs - this.dependencies.clock.monotonicMs() > SOON_MS) this.arm(SOON_MS);
  }

  dispose(): void {
    this.disposed = true;
    this.cancel?.();
    this.cancel = null;
  }

  private arm(delayMs: number): void {
    // A tick that runs arms the next one itself.
    if (this.disposed || this.ticking) return;
    this.cancel?.();
    const { clock } = this.dependencies;
    this.dueMs = clock.monotonicMs() + delayMs;
    this.cancel = clock.after(delayMs, () => void this.run());
  }

  private async run(): Promise<void> {
    if (this.ticking || this.disposed) return;
    this.ticking = true;
    const { clock, tick, report } = this.dependencies;
    try {
      await tick(clock.monotonicMs(), this.dueMs);
    } catch (error) {
      report('a tick', error);
    } finally {
      this.ticking = false;
      this.rearm();
    }
  }
}
