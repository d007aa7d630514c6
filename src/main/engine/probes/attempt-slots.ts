import type { Dispose } from '../ports';

/** How many attempts of all probes may be under way at once; the others wait for their turn, first come, first served. */
export class AttemptSlots {
  private readonly waiting = new Set<() => Promise<void>>();
  private used = 0;

  constructor(private readonly limit: () => number) {}

  /** Runs an attempt once there is room for it. What is returned calls it off before that. `run` must not reject. */
  take(run: () => Promise<void>): Dispose {
    this.waiting.add(run);
    this.next();
    return () => this.waiting.delete(run);
  }

  private next(): void {
    for (const run of this.waiting) {
      if (this.used >= this.limit()) return;
      this.waiting.delete(run);
      this.used += 1;
      void run().finally(() => {
        this.used -= 1;
        this.next();
      });
    }
  }
}
