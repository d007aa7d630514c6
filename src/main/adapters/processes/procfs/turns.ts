import type { Clock } from '../../../engine/ports';

/** How long it works before others have the event loop. To read a thread or a process takes some 50 µs. */
const SLICE_MS = 3;

/** A time limit for work that gives way to others every few ms. */
export class Turns {
  private readonly deadlineMs: number;
  private turnEndsMs: number;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    limitMs: number,
  ) {
    const nowMs = clock.monotonicMs();
    this.deadlineMs = nowMs + limitMs;
    this.turnEndsMs = nowMs + SLICE_MS;
  }

  get leftMs(): number {
    return Math.max(0, this.deadlineMs - this.clock.monotonicMs());
  }

  isLate(): boolean {
    return this.leftMs === 0;
  }

  async giveWay(): Promise<void> {
    if (this.clock.monotonicMs() < this.turnEndsMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.turnEndsMs = this.clock.monotonicMs() + SLICE_MS;
  }
}
