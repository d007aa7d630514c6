import type { Clock, Dispose } from '../../engine/ports';

/** Things in memory that wait for the disk: enough for a day of a busy machine, small enough for memory. */
export const QUEUE_LIMIT = 10_000;
const BATCH_ITEMS = 500;
/** A write that takes longer than this has met a disk that does not answer. */
export const STALLED_MS = 5000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

export interface RetryQueueOptions<T> {
  clock: Clock;
  /** Writes the first items and resolves to how many (at least one); rejects when it could write none. Never called twice at a time. */
  write: (items: readonly T[]) => Promise<number>;
  /** Called once when writing begins to fail, or to take too long. */
  onFailing: (error: unknown) => void;
  /** Called once when all is written again; `lost` counts those that were dropped because the queue was full. */
  onRecovered: (lost: number) => void;
}

/** Order-keeping queue in front of a disk that may refuse, or not answer at all. Never throws. */
export interface RetryQueue<T> {
  /** Offers the item to the disk at once, or keeps it until that is possible. */
  push(item: T): void;
  /** Resolves once all that was pushed so far is written, or when that can't be expected soon: writing fails, or `limitMs` has passed. */
  written(limitMs: number): Promise<void>;
  /** Resolves once all that was pushed so far is written, or the disk has refused it. For one that does not answer it waits. */
  decided(): Promise<void>;
  /** What is not written yet, oldest first. */
  readonly items: readonly T[];
  /** Monotonic time since when the oldest item waits; null when none does. */
  readonly waitingSinceMs: number | null;
  /** Tries a last time, and stops the timers. Resolves when that try is over; what `items` still has then is lost. */
  dispose(): Promise<void>;
}

interface Waiter {
  /** It waits for the items before this one. */
  upTo: number;
  /** A disk that does not answer is waited for. */
  isPatient: boolean;
  resolve: () => void;
}

/** While writing fails, tries are spaced from FIRST_RETRY_MS to LONGEST_RETRY_MS, so that a broken disk costs nothing. */
export function createRetryQueue<T>(options: RetryQueueOptions<T>): RetryQueue<T> {
  const { clock } = options;
  const items: T[] = [];
  const sinceMs: number[] = [];
  /** Items at the head that a write under way has in hand. */
  let inHand = 0;
  let writing: Promise<void> | null = null;
  let failing = false;
  let refused = false;
  let lost = 0;
  let retryMs = FIRST_RETRY_MS;
  let cancelRetry: Dispose | null = null;
  let disposed = false;
  /** How many items were pushed, and how many of them are not waiting any more. */
  let pushed = 0;
  let done = 0;
  let waiters: readonly Waiter[] = [];

  function settle(isDue: (waiter: Waiter) => boolean): void {
    const due = waiters.filter(isDue);
    waiters = waiters.filter((waiter) => !due.includes(waiter));
    for (const { resolve } of due) resolve();
  }

  function stalled(): void {
    settle(({ isPatient }) => !isPatient);
    fail(new Error('the disk does not answer'));
  }

  function fail(error: unknown): void {
    if (failing) return;
    failing = true;
    options.onFailing(error);
  }

  function flush(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = null;
      // Who was told of the recovery may have pushed.
      if (items.length > 0 && cancelRetry === null && !disposed) void flush();
    });
    return writing;
  }

  async function writeAll(): Promise<void> {
    cancelRetry?.();
    cancelRetry = null;
    while (items.length > 0) {
      try {
        await writeSome();
      } catch (error) {
        refused = true;
        settle(() => true);
        fail(error);
        if (!disposed) retryLater();
        return;
      }
    }
    retryMs = FIRST_RETRY_MS;
    refused = false;
    if (!failing) return;
    failing = false;
    const lostNow = lost;
    lost = 0;
    options.onRecovered(lostNow);
  }

  async function writeSome(): Promise<void> {
    const cancelStalled = clock.after(STALLED_MS, stalled);
    const batch = items.slice(0, BATCH_ITEMS);
    inHand = batch.length;
    try {
      const count = await options.write(batch);
      items.splice(0, count);
      sinceMs.splice(0, count);
      done += count;
      settle(({ upTo }) => upTo <= done);
    } finally {
      inHand = 0;
      cancelStalled();
    }
  }

  function retryLater(): void {
    cancelRetry = clock.after(retryMs, () => {
      cancelRetry = null;
      void flush();
    });
    retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
  }

  return {
    push(item) {
      items.push(item);
      sinceMs.push(clock.monotonicMs());
      pushed += 1;
      if (items.length > QUEUE_LIMIT) {
        // The oldest of those that no write has in hand: what it has is on its way to the disk.
        items.splice(inHand, 1);
        sinceMs.splice(inHand, 1);
        lost += 1;
        done += 1;
      }
      if (cancelRetry === null) void flush();
    },
    written(limitMs) {
      if (items.length === 0 || failing || disposed) return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = clock.after(limitMs, resolve);
        const settled = (): void => {
          cancel();
          resolve();
        };
        waiters = [...waiters, { upTo: pushed, isPatient: false, resolve: settled }];
      });
    },
    decided() {
      if (items.length === 0 || refused || disposed) return Promise.resolve();
      return new Promise((resolve) => {
        waiters = [...waiters, { upTo: pushed, isPatient: true, resolve }];
      });
    },
    get items() {
      return items;
    },
    get waitingSinceMs() {
      return sinceMs[0] ?? null;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      // A write under way goes on with all that was pushed since; if it fails, one more is the last.
      await writing;
      if (items.length > 0) await flush();
      cancelRetry?.();
      cancelRetry = null;
    },
  };
}
