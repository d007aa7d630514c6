import { closeSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Clock, Dispose } from '../../../engine/ports';
import { errorText, type Notify } from '../../files/notice';
import { epollOver, type Epoll } from './epoll';
import type { SystemCalls } from './system-calls';

/** What the thread is started with. */
export interface EndThreadData {
  epollFd: number;
}

/** Named by a wait of the thread when it is to end. */
export const STOP_TOKEN = 0;

export interface EndThreadOptions {
  calls: SystemCalls;
  /** The bundle of the thread. */
  file: string;
  clock: Pick<Clock, 'monotonicMs' | 'after'>;
  notify: Notify;
  /** Tokens that have something to report, each once. */
  onReady: (tokens: readonly number[]) => void;
  /** A thread has ended unexpectedly: it may have been about to name some. */
  onLost: () => void;
}

/** A set of descriptors, and a thread that waits for them. */
export interface EndThread {
  readonly epoll: Pick<Epoll, 'add' | 'refresh' | 'addHangUp'>;
  /** From the first call on. */
  start(): void;
  /** Why no thread waits, and the set is polled; null: one does, or will once there is something to wait for. */
  readonly problem: string | null;
  dispose(): void;
}

/** How often the set is polled while no thread waits for it. */
const POLL_INTERVAL_MS = 100;
/** After an unexpected end the next thread is started so much later; twice as much each time that it does not live for long. */
const FIRST_RESTART_MS = 100;
const MAX_RESTART_MS = 30_000;
/** Eight bytes are added to the counter (eventfd(2)). */
const ONE = Buffer.from(new BigUint64Array([1n]).buffer);

/**
 * One thread that blocks in the kernel and costs nothing meanwhile. Whenever it ends unexpectedly it is started again, which
 * is reported once; until then the set is polled from here, so nothing is lost. Null: the kernel gives no descriptors for it.
 */
export function createEndThread({ calls, file, clock, notify, onReady, onLost }: EndThreadOptions): EndThread | null {
  const epollFd = calls.epollCreate();
  const stopFd = calls.eventfd();
  const epoll = epollOver(calls, epollFd);
  const closeAll = (): void => {
    for (const fd of [epollFd, stopFd]) if (fd >= 0) closeSync(fd);
  };
  if (epollFd < 0 || stopFd < 0 || !epoll.add(stopFd, STOP_TOKEN)) {
    closeAll();
    return null;
  }

  let worker: Worker | null = null;
  let isStarted = false;
  let isReported = false;
  let problem: string | null = null;
  let disposed = false;
  let startedMs = 0;
  let restartMs = FIRST_RESTART_MS;
  let cancelRestart: Dispose | null = null;
  let cancelPoll: Dispose | null = null;

  /** Without it, whoever ends this process would wait for a thread that waits for the kernel. */
  const stop = (): void => void writeSync(stopFd, ONE);

  function startThread(): void {
    cancelRestart = null;
    startedMs = clock.monotonicMs();
    const data: EndThreadData = { epollFd };
    let cause: unknown = null;
    let started: Worker;
    try {
      started = new Worker(file, { workerData: data });
    } catch (error) {
      return restartLater(error);
    }
    worker = started;
    started.on('message', onReady);
    started.on('error', (error) => (cause = error));
    started.once('exit', (code) => {
      worker = null;
      if (disposed) return closeAll();
      onLost();
      restartLater(cause ?? new Error(`exit code ${code}`));
    });
    // It keeps no process alive.
    started.unref();
  }

  function restartLater(cause: unknown): void {
    const livedMs = clock.monotonicMs() - startedMs;
    restartMs = livedMs > MAX_RESTART_MS ? FIRST_RESTART_MS : Math.min(2 * restartMs, MAX_RESTART_MS);
    problem = `the thread that waits for the kernel ended unexpectedly (${errorText(cause)}), and is started again`;
    if (!isReported) {
      isReported = true;
      notify({
        topic: 'healdeck',
        severity: 'warning',
        detail: `The thread that waits for the ends of processes ended unexpectedly (${errorText(cause)}). It is started again; until then ends are noticed within ${POLL_INTERVAL_MS} ms.`,
      });
    }
    cancelRestart = clock.after(restartMs, startThread);
    poll();
  }

  function poll(): void {
    if (cancelPoll !== null) return;
    cancelPoll = clock.after(POLL_INTERVAL_MS, () => {
      cancelPoll = null;
      const tokens = epoll.wait(0).filter((token) => token !== STOP_TOKEN);
      if (tokens.length > 0) onReady(tokens);
      if (worker === null && !disposed) poll();
    });
  }

  return {
    epoll,

    get problem() {
      return worker === null ? problem : null;
    },

    start() {
      if (isStarted || disposed) return;
      isStarted = true;
      process.once('exit', stop);
      startThread();
    },

    dispose() {
      if (disposed) return;
      disposed = true;
      cancelRestart?.();
      cancelPoll?.();
      process.off('exit', stop);
      // The thread waits on the descriptor: it is closed when the thread has ended.
      if (worker === null) closeAll();
      else stop();
    },
  };
}
