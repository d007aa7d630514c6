import { closeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { ServiceNoticesStatus } from '../../../shared/model/snapshot';
import type { Clock, Dispose, ReportError, ServiceNotice, ServiceNotices } from '../../engine/ports';
import { withTimeLimit } from '../../engine/time-limit';
import { errorText, type Notify } from '../files/notice';
import type { SocketCalls } from '../processes/pidfd/socket-calls';
import type { Unavailable } from '../processes/pidfd/system-calls';
import type { NoticeSocket } from './notice-socket';

/** What the thread is started with. */
export interface NoticeThreadData {
  fd: number;
  /** 32-bit numbers, at the places that `AT` names. */
  shared: SharedArrayBuffer;
}

export type NoticeMessage =
  | { kind: 'notices'; notices: readonly ServiceNotice[] }
  /** From now on the thread closes descriptors of others, until `AT.closing` is another number. */
  | { kind: 'closing'; number: number; threadId: number };

/** Both sides read and write these: a `STOP`, or 0; messages with notices that were sent and taken, what is being closed (0: nothing), the descriptor that replaces the socket (0: none). */
export const AT = { stop: 0, sent: 1, taken: 2, closing: 3, next: 4 } as const;
const SHARED_BYTES = 20;
/** The thread ends, and closes the socket; or leaves it to a process that exits. */
export const STOP = { close: 1, leave: 2 } as const;

/** So many messages wait for the engine at most, with 32 notices each; what comes after them waits in the kernel. */
export const MAX_UNTAKEN = 32;

export interface DisposableServiceNotices extends ServiceNotices {
  /** Binds the socket anew where its file is gone or is another one. Returns whether it was. */
  refresh(): boolean;
  /** Never rejects, and takes a second at most. */
  dispose(): Promise<void>;
}

export interface NoticeThreadOptions {
  calls: Pick<SocketCalls, 'interrupt' | 'shutdown'>;
  socket: NoticeSocket;
  /** Another one in its place. */
  bindAgain: () => NoticeSocket | Unavailable;
  /** The bundle of the thread. */
  file: string;
  clock: Clock;
  notify: Notify;
  report: ReportError;
}

/** Closing takes some µs. Each time that it has taken so long it is interrupted. */
const INTERRUPT_MS = 20;
const DISPOSE_LIMIT_MS = 1000;
/** A thread that ended unexpectedly is started again so much later; twice as much each time that it does not live for long. */
const FIRST_RESTART_MS = 100;
const MAX_RESTART_MS = 30_000;

/**
 * Receives in a thread of its own. Nothing is received in the engine's thread: whoever removes a datagram
 * closes the descriptors that came with it, and a socket can make that take hours (SO_LINGER, socket(7)). The thread then gets a
 * signal that does nothing but end the wait.
 */
export class NoticeThread implements DisposableServiceNotices {
  private readonly listeners = new Set<(notices: readonly ServiceNotice[]) => void>();
  private readonly shared = new SharedArrayBuffer(SHARED_BYTES);
  private readonly state = new Int32Array(this.shared);
  /** The one in place. */
  private socket: NoticeSocket;
  /** What the thread receives from, for good. */
  private readonly fd: number;
  private worker: Worker | null = null;
  private isReported = false;
  private disposed = false;
  private problem: string | null = null;
  private placeProblem: string | null = null;
  private startedMs = 0;
  private restartMs = FIRST_RESTART_MS;
  private cancelRestart: Dispose | null = null;
  private closing: { number: number; threadId: number } | null = null;
  private readonly onInterrupt = (): void => undefined;
  /** Without it, whoever ends this process would wait for a thread that waits for a datagram. */
  private readonly onExit = (): void => this.stop(STOP.leave);
  /** Resolved once the socket is closed. */
  private onClosed: () => void = () => undefined;

  constructor(private readonly options: NoticeThreadOptions) {
    this.socket = options.socket;
    this.fd = options.socket.fd;
    process.on('SIGURG', this.onInterrupt);
    process.once('exit', this.onExit);
    this.startThread();
  }

  get status(): ServiceNoticesStatus {
    const address = this.socket.path;
    const reason = this.problem ?? this.placeProblem;
    return reason === null ? { at: 'receiving', address } : { at: 'held_up', address, reason };
  }

  subscribe(onNotices: (notices: readonly ServiceNotice[]) => void): Dispose {
    this.listeners.add(onNotices);
    return () => void this.listeners.delete(onNotices);
  }

  refresh(): boolean {
    if (this.disposed || this.socket.isInPlace()) return false;
    const next = this.options.bindAgain();
    this.placeProblem = 'available' in next ? next.reason : null;
    if ('available' in next) return false;
    // The thread replaces the one by the other, as that closes what still waits there; it is woken for it.
    this.options.calls.shutdown(this.fd);
    const unused = Atomics.exchange(this.state, AT.next, next.fd);
    if (unused > 0) closeSync(unused);
    this.socket = next;
    return true;
  }

  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    this.listeners.clear();
    this.cancelRestart?.();
    this.socket.remove();
    const closed = new Promise<void>((resolve) => (this.onClosed = resolve));
    // The thread closes the socket, and with it what still waits there, which may have to be interrupted, too. Where there is none, that is
    // left to the end of this process.
    this.stop(STOP.close);
    const { worker } = this;
    if (worker === null) this.end();
    // Nothing else may keep this process alive, and what is disposed of after this needs it.
    worker?.ref();
    await withTimeLimit(this.options.clock, DISPOSE_LIMIT_MS, closed).catch(() => undefined);
    worker?.unref();
  }

  private startThread(): void {
    const { file, clock } = this.options;
    this.cancelRestart = null;
    this.startedMs = clock.monotonicMs();
    // What the thread before has sent was taken, or is lost.
    Atomics.store(this.state, AT.taken, Atomics.load(this.state, AT.sent));
    const data: NoticeThreadData = { fd: this.fd, shared: this.shared };
    let cause: unknown = null;
    let started: Worker;
    try {
      // The descriptor is closed by a thread that has not opened it.
      started = new Worker(file, { workerData: data, trackUnmanagedFds: false });
    } catch (error) {
      return this.restartLater(error);
    }
    this.worker = started;
    started.once('online', () => (this.problem = null));
    started.on('message', (message: NoticeMessage) => this.onMessage(message));
    started.on('error', (error) => (cause = error));
    started.once('exit', (code) => {
      this.worker = null;
      Atomics.store(this.state, AT.closing, 0);
      if (this.disposed) return this.end();
      this.restartLater(cause ?? new Error(`exit code ${code}`));
    });
    // It keeps no process alive.
    started.unref();
  }

  private onMessage(message: NoticeMessage): void {
    if (message.kind === 'closing') {
      this.closing = message;
      return this.watchClosing(message.number);
    }
    Atomics.add(this.state, AT.taken, 1);
    Atomics.notify(this.state, AT.taken);
    for (const listener of [...this.listeners]) {
      try {
        listener(message.notices);
      } catch (error) {
        this.options.report('a subscriber of what programs report', error);
      }
    }
  }

  private isClosing(): boolean {
    return this.closing !== null && Atomics.load(this.state, AT.closing) === this.closing.number;
  }

  private watchClosing(number: number): void {
    this.options.clock.after(INTERRUPT_MS, () => {
      if (this.closing?.number !== number || !this.isClosing()) return;
      this.options.calls.interrupt(this.closing.threadId);
      this.watchClosing(number);
    });
  }

  private restartLater(cause: unknown): void {
    const { clock, notify } = this.options;
    const livedMs = clock.monotonicMs() - this.startedMs;
    this.restartMs = livedMs > MAX_RESTART_MS ? FIRST_RESTART_MS : Math.min(2 * this.restartMs, MAX_RESTART_MS);
    const ended = `the thread that receives what programs report ended unexpectedly (${errorText(cause)})`;
    this.problem = `${ended}, and is started again`;
    if (!this.isReported) {
      this.isReported = true;
      notify({
        topic: 'healdeck',
        severity: 'warning',
        detail: `${ended[0]?.toUpperCase()}${ended.slice(1)}. It is started again; until then what they send waits.`,
      });
    }
    this.cancelRestart = clock.after(this.restartMs, () => this.startThread());
  }

  private stop(how: number): void {
    Atomics.store(this.state, AT.stop, how);
    Atomics.notify(this.state, AT.stop);
    this.options.calls.shutdown(this.fd);
    if (this.closing !== null && this.isClosing()) this.options.calls.interrupt(this.closing.threadId);
  }

  private end(): void {
    process.off('exit', this.onExit);
    process.off('SIGURG', this.onInterrupt);
    this.onClosed();
  }
}
