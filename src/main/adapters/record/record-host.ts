import { Worker } from 'node:worker_threads';
import type { Clock, Dispose, ReportError } from '../../engine/ports';
import { errorText, type Notify, type StorageNotice } from '../files/notice';
import { RecordServer, type RecordCalls, type RecordFiles, type RecordLimits } from './record-server';

/** The calls of the record from where nothing may block. Each rejects with what the disk said, or when its thread has ended. */
export type RecordClient = {
  [K in keyof RecordCalls]: (...args: Parameters<RecordCalls[K]>) => Promise<Awaited<ReturnType<RecordCalls[K]>>>;
};

/** What is asked of the thread. */
export interface RecordRequest {
  id: number;
  call: keyof RecordCalls;
  args: readonly unknown[];
}

/** What the thread sends. Errors travel with their code, which a structured clone would drop. */
export type RecordAnswer =
  | { kind: 'done'; id: number; value: unknown }
  | { kind: 'failed'; id: number; message: string; code: string | null }
  | { kind: 'notice'; notice: StorageNotice }
  | { kind: 'error'; where: string; message: string };

/** What a thread is started with. */
export interface RecordThreadData {
  files: RecordFiles;
  limits: RecordLimits;
}

export interface RecordHostOptions {
  files: RecordFiles;
  limits: RecordLimits;
  clock: Clock;
  notify: Notify;
  report: ReportError;
}

/** Who carries out the calls of the record. */
export interface RecordHost {
  readonly client: RecordClient;
  /** Another thread starts with these. */
  configure(limits: RecordLimits): void;
  /** Ends it, whatever it does. False: it did not end in time, as its disk does not answer. */
  end(limitMs: number): Promise<boolean>;
}

/** After a thread has ended unexpectedly the next is started so much later; twice as much each time that it does not live for long. */
const FIRST_RESTART_MS = 100;
const MAX_RESTART_MS = 30_000;

/** The record in the caller's own thread: everything waits for the disk. For tests, and where no thread can be started. */
export function hostInPlace(options: RecordHostOptions): RecordHost {
  const server = new RecordServer(options);
  return {
    client: clientOf(async (call, args) => server.carryOut(call, args)),
    configure: (limits) => server.configure(limits),
    end: () => Promise.resolve(true),
  };
}

/**
 * The record in a thread of its own, which is started again whenever it ends. Calls that are under way then are rejected; whoever
 * made them asks again.
 */
export class RecordThread implements RecordHost {
  readonly client: RecordClient = clientOf((call, args) => this.ask(call, args));
  private limits: RecordLimits;
  private readonly pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private worker: Worker | null = null;
  private ids = 0;
  private startedMs = 0;
  private restartMs = FIRST_RESTART_MS;
  private cancelRestart: Dispose | null = null;
  private hasAnswered = false;
  private ending = false;

  private constructor(
    private readonly file: string,
    private readonly options: RecordHostOptions,
  ) {
    this.limits = options.limits;
  }

  /** `file` is the bundle that the thread runs. Rejects when the first thread can't be started. */
  static async open(file: string, options: RecordHostOptions): Promise<RecordThread> {
    const host = new RecordThread(file, options);
    const first = host.start();
    try {
      // The first answer shows that a thread can be started here at all.
      await host.client.open();
      host.hasAnswered = true;
      return host;
    } catch (error) {
      host.ending = true;
      void first.terminate();
      throw error;
    }
  }

  configure(limits: RecordLimits): void {
    this.limits = limits;
    this.client.configure(limits).catch(() => undefined);
  }

  async end(limitMs: number): Promise<boolean> {
    this.ending = true;
    this.cancelRestart?.();
    if (this.worker === null) return true;
    return before(this.options.clock, limitMs, this.worker.terminate());
  }

  private start(): Worker {
    const data: RecordThreadData = { files: this.options.files, limits: this.limits };
    const started = new Worker(this.file, { workerData: data });
    this.worker = started;
    this.startedMs = this.options.clock.monotonicMs();
    let cause: unknown = null;
    started.on('message', (answer: RecordAnswer) => this.onAnswer(answer));
    started.on('error', (error) => (cause = error));
    started.once('exit', (code) => {
      if (this.worker !== started) return;
      this.worker = null;
      this.rejectAll(cause ?? new Error(`exit code ${code}`));
      if (this.hasAnswered && !this.ending) this.restartLater(cause ?? new Error(`exit code ${code}`));
    });
    // It keeps the process alive only while somebody waits for an answer.
    started.unref();
    return started;
  }

  private restartLater(cause: unknown): void {
    const { clock, notify } = this.options;
    const livedMs = clock.monotonicMs() - this.startedMs;
    this.restartMs = livedMs > MAX_RESTART_MS ? FIRST_RESTART_MS : Math.min(2 * this.restartMs, MAX_RESTART_MS);
    notify({
      topic: 'healdeck',
      severity: 'high',
      detail: `The thread that writes the record ended unexpectedly (${errorText(cause)}). Another one is started, and what was not written is written again; healing continues.`,
    });
    this.cancelRestart = clock.after(this.restartMs, () => {
      this.cancelRestart = null;
      try {
        this.start();
      } catch (error) {
        this.restartLater(error);
      }
    });
  }

  private ask(call: keyof RecordCalls, args: readonly unknown[]): Promise<unknown> {
    const to = this.worker;
    if (to === null) return Promise.reject(endedError('it is being started again'));
    const id = (this.ids += 1);
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      to.ref();
      const request: RecordRequest = { id, call, args };
      to.postMessage(request);
    });
  }

  private onAnswer(answer: RecordAnswer): void {
    const { notify, report } = this.options;
    switch (answer.kind) {
      case 'notice':
        return notify(answer.notice);
      case 'error':
        return report(answer.where, new Error(answer.message));
      default: {
        const caller = this.pending.get(answer.id);
        this.pending.delete(answer.id);
        if (this.pending.size === 0) this.worker?.unref();
        if (answer.kind === 'done') caller?.resolve(answer.value);
        else caller?.reject(codedError(answer.message, answer.code));
      }
    }
  }

  private rejectAll(cause: unknown): void {
    const callers = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of callers) reject(endedError(cause));
  }
}

/** Whether something is over before the limit. */
async function before(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(limitMs, () => resolve(false));
    void work.then(() => {
      cancel();
      resolve(true);
    });
  });
}

/** The calls by name over one function that carries them. */
export function clientOf(ask: (call: keyof RecordCalls, args: readonly unknown[]) => Promise<unknown>): RecordClient {
  return new Proxy({} as RecordClient, {
    // A promise that resolves to it must not take it for another promise.
    get: (_, call: string) =>
      call === 'then' ? undefined : (...args: readonly unknown[]) => ask(call as keyof RecordCalls, args),
  });
}

function endedError(cause: unknown): Error {
  return codedError(`the thread that writes the record has ended: ${errorText(cause)}`, 'RECORD_THREAD_ENDED');
}

function codedError(message: string, code: string | null): Error {
  return Object.assign(new Error(message), code === null ? {} : { code });
}
