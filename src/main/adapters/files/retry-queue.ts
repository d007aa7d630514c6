import type { Clock, Dispose } from '../../engine/ports';

/** Things in memory that wait for the disk: enough for a day of a busy machine, small enough for memory. */
export const QUEUE_LIMIT = 10_000;
const BATCH_ITEMS = 500;
/** A write that takes longer than this has met a disk that does not answer. */
export const STALLED_MS = 5000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;

export interface RetryQueueOptions<T> {
  clock: Clock;
  /** Writes the first items and resolves to how many (at least one); rejects when it could write none. Never called twice at a time. */
  write: (items: readonly T[]) => Promise<number>;
  /** Called once when writing begins to fail, or to take too long. */
  onFailing: (error: unknown) => void;
  /** Called once when all is written again; `lost` counts those that were dropped because the queue was full. */
  onRecovered: (lost: number) => void;
}

interface Waiter {
  /** It waits for the items before this one. */
  upTo: number;
  /** A disk that does not answer is waited for. */
  isPatient: boolean;
  resolve: () => void;
}

/**
 * Order-keeping queue in front of a disk that may refuse, or not answer at all. Never throws. While writing fails, tries are spaced
 * from FIRST_RETRY_MS to MAX_RETRY_MS, so that a broken disk costs nothing.
 */
export class RetryQueue<T> {
  private readonly queued: T[] = [];
  private readonly sinceMs: number[] = [];
  /** Items at the head that a write under way has in hand. */
  private inHand = 0;
  private writing: Promise<void> | null = null;
  private failing = false;
  private refused = false;
  private lost = 0;
  private retryMs = FIRST_RETRY_MS;
  private cancelRetry: Dispose | null = null;
  private disposed = false;
  /** How many items were pushed, and how many of them are not waiting any more. */
  private pushed = 0;
  private done = 0;
  private waiters: readonly Waiter[] = [];

  constructor(private readonly options: RetryQueueOptions<T>) {}

  /** What is not written yet, oldest first. */
  get items(): readonly T[] {
    return this.queued;
  }

  /** Monotonic time since when the oldest item waits; null when none does. */
  get waitingSinceMs(): number | null {
    return this.sinceMs[0] ?? null;
  }

  /** Offers the item to the disk at once, or keeps it until that is possible. */
  push(item: T): void {
    this.queued.push(item);
    this.sinceMs.push(this.options.clock.monotonicMs());
    this.pushed += 1;
    if (this.queued.length > QUEUE_LIMIT) {
      // The oldest of those that no write has in hand: what it has is on its way to the disk.
      this.queued.splice(this.inHand, 1);
      this.sinceMs.splice(this.inHand, 1);
      this.lost += 1;
      this.done += 1;
    }
    if (this.cancelRetry === null) void this.flush();
  }

  /** Resolves once all that was pushed so far is written, or when that can't be expected soon: writing fails, or `limitMs` has passed. */
  written(limitMs: number): Promise<void> {
    if (this.queued.length === 0 || this.failing || this.disposed) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.options.clock.after(limitMs, resolve);
      const settled = (): void => {
        cancel();
        resolve();
      };
      this.waiters = [...this.waiters, { upTo: this.pushed, isPatient: false, resolve: settled }];
    });
  }

  /** Resolves once all that was pushed so far is written, or the disk has refused it. For one that does not answer it waits. */
  decided(): Promise<void> {
    if (this.queued.length === 0 || this.refused || this.disposed) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiters = [...this.waiters, { upTo: this.pushed, isPatient: true, resolve }];
    });
  }

  /** Tries a last time, and stops the timers. Resolves when that try is over; what `items` still has then is lost. */
  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    // A write under way goes on with all that was pushed since; if it fails, one more is the last.
    await this.writing;
    if (this.queued.length > 0) await this.flush();
    this.cancelRetry?.();
    this.cancelRetry = null;
  }

  private flush(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
      // Who was notified of the recovery may have pushed.
      if (this.queued.length > 0 && this.cancelRetry === null && !this.disposed) void this.flush();
    });
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    this.cancelRetry?.();
    this.cancelRetry = null;
    while (this.queued.length > 0) {
      try {
        await this.writeSome();
      } catch (error) {
        this.refused = true;
        this.settle(() => true);
        this.fail(error);
        if (!this.disposed) this.retryLater();
        return;
      }
    }
    this.retryMs = FIRST_RETRY_MS;
    this.refused = false;
    if (!this.failing) return;
    this.failing = false;
    const { lost } = this;
    this.lost = 0;
    this.options.onRecovered(lost);
  }

  private async writeSome(): Promise<void> {
    const cancelStalled = this.options.clock.after(STALLED_MS, () => this.onStalled());
    const batch = this.queued.slice(0, BATCH_ITEMS);
    this.inHand = batch.length;
    try {
      const count = await this.options.write(batch);
      this.queued.splice(0, count);
      this.sinceMs.splice(0, count);
      this.done += count;
      this.settle(({ upTo }) => upTo <= this.done);
    } finally {
      this.inHand = 0;
      cancelStalled();
    }
  }

  private retryLater(): void {
    this.cancelRetry = this.options.clock.after(this.retryMs, () => {
      this.cancelRetry = null;
      void this.flush();
    });
    this.retryMs = Math.min(2 * this.retryMs, MAX_RETRY_MS);
  }

  private onStalled(): void {
    this.settle(({ isPatient }) => !isPatient);
    this.fail(new Error('the disk does not answer'));
  }

  private fail(error: unknown): void {
    if (this.failing) return;
    this.failing = true;
    this.options.onFailing(error);
  }

  private settle(isDue: (waiter: Waiter) => boolean): void {
    const due = this.waiters.filter(isDue);
    this.waiters = this.waiters.filter((waiter) => !due.includes(waiter));
    for (const { resolve } of due) resolve();
  }
}
