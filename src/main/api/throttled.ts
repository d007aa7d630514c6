import type { Clock, Dispose } from '../engine/ports';

/** What a throttled stream is made of. */
export interface ThrottledSource<Message> {
  clock: Clock;
  /** Least time between two messages to one client, in ms. */
  intervalMs: number;
  /** Ends the stream: the client broke off, or its connection died. */
  signal: AbortSignal | undefined;
  /** Begins to collect changes; calls `changed` after each. */
  collect(changed: () => void): Dispose;
  /** The first message. Called right after `collect`, with nothing awaited in between, so that nothing is lost. */
  first(): Message;
  /** Everything collected since the last message, as one message, or null when it amounts to nothing. */
  take(): Message | null;
}

/**
 * A stream that says everything once and then what changed, at most one message an interval. While a client is slow (it has not
 * asked for the next message), changes are merged instead of queued: what it costs the engine is bounded by the state, not by time.
 */
export async function* throttled<Message>(source: ThrottledSource<Message>): AsyncGenerator<Message, void> {
  const { clock, intervalMs, signal } = source;
  if (signal?.aborted) return;
  let dirty = false;
  let wake: () => void = () => {};
  const stopCollecting = source.collect(() => {
    dirty = true;
    wake();
  });
  // The listener goes with the abort and not with the next turn of the loop: a client that is gone may never ask again.
  const onAbort = (): void => {
    stopCollecting();
    wake();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    let sentAt = clock.monotonicMs();
    yield source.first();
    for (;;) {
      while (!dirty && !signal?.aborted) await new Promise<void>((resolve) => (wake = resolve));
      const waitMs = sentAt + intervalMs - clock.monotonicMs();
      if (waitMs > 0 && !signal?.aborted) await pause(clock, waitMs, signal);
      if (signal?.aborted) return;
      dirty = false;
      const message = source.take();
      if (message === null) continue;
      sentAt = clock.monotonicMs();
      yield message;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stopCollecting();
  }
}

/** Resolves after a while, or as soon as the signal is aborted. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(delayMs, done);
    function done(): void {
      signal?.removeEventListener('abort', done);
      cancel();
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
}
