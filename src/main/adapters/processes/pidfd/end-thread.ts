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

interface Descriptors {
  epollFd: number;
  /** An eventfd(2) in the set: the thread ends when it is written to. */
  stopFd: number;
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
 * is reported once; until then the set is polled from here, so nothing is lost.
 */
export class EpollThread implements EndThread {
  private worker: Worker | null = null;
  private isStarted = false;
  private isReported = false;
  private lastProblem: string | null = null;
  private disposed = false;
  private startedMs = 0;
  private restartMs = FIRST_RESTART_MS;
  private cancelRestart: Dispose | null = null;
  private cancelPoll: Dispose | null = null;
  /** Without it, whoever ends this process would wait for a thread that waits for the kernel. */
  private readonly stop = (): void => void writeSync(this.descriptors.stopFd, ONE);

  private constructor(
    readonly epoll: Epoll,
    private readonly descriptors: Descriptors,
    private readonly options: EndThreadOptions,
  ) {}

  /** Null: the kernel gives no descriptors for it. */
  static open(options: EndThreadOptions): EpollThread | null {
    const { calls } = options;
    const descriptors = { epollFd: calls.epollCreate(), stopFd: calls.eventfd() };
    const { epollFd, stopFd } = descriptors;
    const epoll = epollOver(calls, epollFd);
    if (epollFd < 0 || stopFd < 0 || !epoll.add(stopFd, STOP_TOKEN)) {
      closeAll(descriptors);
      return null;
    }
    return new EpollThread(epoll, descriptors, options);
  }

  get problem(): string | null {
    return this.worker === null ? this.lastProblem : null;
  }

  start(): void {
    if (this.isStarted || this.disposed) return;
    this.isStarted = true;
    process.once('exit', this.stop);
    this.startThread();
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.cancelRestart?.();
    this.cancelPoll?.();
    process.off('exit', this.stop);
    // The thread waits on the descriptor: it is closed when the thread has ended.
    if (this.worker === null) closeAll(this.descriptors);
    else this.stop();
  }

  private startThread(): void {
    const { file, clock, onReady, onLost } = this.options;
    this.cancelRestart = null;
    this.startedMs = clock.monotonicMs();
    const data: EndThreadData = { epollFd: this.descriptors.epollFd };
    let cause: unknown = null;
    let started: Worker;
    try {
      started = new Worker(file, { workerData: data });
    } catch (error) {
      return this.restartLater(error);
    }
    this.worker = started;
    started.on('message', onReady);
    started.on('error', (error) => (cause = error));
    started.once('exit', (code) => {
      this.worker = null;
      if (this.disposed) return closeAll(this.descriptors);
      onLost();
      this.restartLater(cause ?? new Error(`exit code ${code}`));
    });
    // It keeps no process alive.
    started.unref();
  }

  private restartLater(cause: unknown): void {
    const { clock, notify } = this.options;
    const livedMs = clock.monotonicMs() - this.startedMs;
    this.restartMs = livedMs > MAX_RESTART_MS ? FIRST_RESTART_MS : Math.min(2 * this.restartMs, MAX_RESTART_MS);
    this.lastProblem = `the thread that waits for the kernel ended unexpectedly (${errorText(cause)}), and is started again`;
    if (!this.isReported) {
      this.isReported = true;
      notify({
        topic: 'healdeck',
        severity: 'warning',
        detail: `The thread that waits for the ends of processes ended unexpectedly (${errorText(cause)}). It is started again; until then ends are noticed within ${POLL_INTERVAL_MS} ms.`,
      });
    }
    this.cancelRestart = clock.after(this.restartMs, () => this.startThread());
    this.poll();
  }

  private poll(): void {
    if (this.cancelPoll !== null) return;
    this.cancelPoll = this.options.clock.after(POLL_INTERVAL_MS, () => {
      this.cancelPoll = null;
      const tokens = this.epoll.wait(0).filter((token) => token !== STOP_TOKEN);
      if (tokens.length > 0) this.options.onReady(tokens);
      if (this.worker === null && !this.disposed) this.poll();
    });
  }
}

function closeAll({ epollFd, stopFd }: Descriptors): void {
  for (const fd of [epollFd, stopFd]) if (fd >= 0) closeSync(fd);
}
