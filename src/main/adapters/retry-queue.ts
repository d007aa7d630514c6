import type { Clock, Dispose } from '../engine/ports';

/** Things in memory that wait for the disk: enough for a day of a busy machine, small enough for memory. */
export const QUEUE_LIMIT = 10_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

export interface RetryQueueOptions<T> {
  clock: Clock;
  /** Writes the first items and returns how many (at least one); throws when it could write none. */
  write: (items: readonly T[]) => number;
  /** Called once when writing begins to fail. */
  onFailing: (error: unknown) => void;
  /** Called once when all is written again; `lost` counts those that were dropped because the queue was full. */
  onRecovered: (lost: number) => void;
}

/** Order-keeping queue in front of a disk that may refuse. Never throws. */
export interface RetryQueue<T> {
  /** Writes the item at once, or keeps it until that is possible. */
  push(item: T): void;
  /** Tries now. */
  flush(): void;
  /** What waits, oldest first. */
  readonly items: readonly T[];
  /** Tries a last time and stops the timer. */
  dispose(): void;
}

/** While writing fails, tries are spaced from FIRST_RETRY_MS to LONGEST_RETRY_MS, so that a stuck disk costs nothing. */
export function createRetryQueue<T>(options: RetryQueueOptions<T>): RetryQueue<T> {
  const { clock } = options;
  const items: T[] = [];
  let failing = false;
  let lost = 0;
  let retryMs = FIRST_RETRY_MS;
  let notBeforeMs = -Infinity;
  let disposed = false;
  let writing = false;
  let cancelTimer: Dispose | null = null;

  function flush(): void {
    // `write` may tell somebody who pushes: that item waits for its turn in the loop.
    if (items.length === 0 || writing) return;
    writing = true;
    try {
      while (items.length > 0) items.splice(0, options.write(items));
      writing = false;
    } catch (error) {
      writing = false;
      const first = !failing;
      failing = true;
      notBeforeMs = clock.monotonicMs() + retryMs;
      cancelTimer?.();
      cancelTimer = disposed
        ? null
        : clock.after(retryMs, () => {
            cancelTimer = null;
            flush();
          });
      retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
      if (first) options.onFailing(error);
      return;
    }
    cancelTimer?.();
    cancelTimer = null;
    notBeforeMs = -Infinity;
    retryMs = FIRST_RETRY_MS;
    if (!failing) return;
    failing = false;
    const lostNow = lost;
    lost = 0;
    options.onRecovered(lostNow);
  }

  return {
    push(item) {
      items.push(item);
      if (items.length > QUEUE_LIMIT) {
        items.shift();
        lost += 1;
      }
      if (clock.monotonicMs() >= notBeforeMs) flush();
    },
    flush,
    get items() {
      return items;
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      flush();
      cancelTimer?.();
      cancelTimer = null;
    },
  };
}
