import type { Clock, Dispose } from '../ports';

/** Time that moves only when advanced. Both clocks start at values that nothing should depend on. */
export class ManualClock implements Clock {
  private nowMs = 5_000;
  private wallOffsetMs = 1_790_000_000_000;
  private timers: { dueMs: number; order: number; run: () => void }[] = [];
  private order = 0;

  monotonicMs(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return this.nowMs + this.wallOffsetMs;
  }

  after(delayMs: number, run: () => void): Dispose {
    const timer = { dueMs: this.nowMs + Math.max(0, delayMs), order: (this.order += 1), run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Timers that wait; 0 after everything was disposed. */
  get pending(): number {
    return this.timers.length;
  }

  /** Sets the wall clock forward or back, as an operator or NTP does. */
  jumpWall(ms: number): void {
    this.wallOffsetMs += ms;
  }

  /** Lets time pass: runs each timer at its moment, and all that follows from it before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    await settle();
    for (;;) {
      const next = this.timers
        .filter((timer) => timer.dueMs <= end)
        .sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.run();
      await settle();
    }
    this.nowMs = end;
  }
}

/** Lets promises that are due go on: enough turns for the longest chain of awaits in the engine. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
}
