import { Worker } from 'node:worker_threads';
import type { Clock, Dispose, ReportError } from '../../engine/ports';
import { errorText, type Notify, type StorageNotice } from '../files/notice';
import { createRecordServer, type RecordCalls, type RecordFiles, type RecordLimits } from './record-server';

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
  const server = createRecordServer(options);
  return {
    client: clientOf(async (call, args) => (server[call] as (...given: readonly unknown[]) => unknown)(...args)),
    configure: (limits) => server.configure(limits),
    end: () => Promise.resolve(true),
  };
}

/**
 * The record in a thread of its own, which is started again whenever it ends. Calls that are under way then are rejected; whoever
 * made them asks again. Rejects when the first thread can't be started.
 */
export async function hostInThread(file: string, options: RecordHostOptions): Promise<RecordHost> {
  const { files, clock, notify, report } = options;
  let { limits } = options;
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let worker: Worker | null = null;
  let ids = 0;
  let startedMs = 0;
  let restartMs = FIRST_RESTART_MS;
  let cancelRestart: Dispose | null = null;
  let hasAnswered = false;
  let ending = false;

  function start(): Worker {
    const data: RecordThreadData = { files, limits };
    const started = new Worker(file, { workerData: data });
    startedMs = clock.monotonicMs();
    let cause: unknown = null;
    started.on('message', onAnswer);
    started.on('error', (error) => (cause = error));
    started.once('exit', (code) => {
      if (worker !== started) return;
      worker = null;
      rejectAll(cause ?? new Error(`exit code ${code}`));
      if (hasAnswered && !ending) restartLater(cause ?? new Error(`exit code ${code}`));
    });
    // It keeps the process alive only while somebody waits for an answer.
    started.unref();
    return started;
  }

  function onAnswer(answer: RecordAnswer): void {
    switch (answer.kind) {
      case 'notice':
        return notify(answer.notice);
      case 'error':
        return report(answer.where, new Error(answer.message));
      default: {
        const caller = pending.get(answer.id);
        pending.delete(answer.id);
        if (pending.size === 0) worker?.unref();
        if (answer.kind === 'done') caller?.resolve(answer.value);
        else caller?.reject(codedError(answer.message, answer.code));
      }
    }
  }

  function rejectAll(cause: unknown): void {
    const callers = [...pending.values()];
    pending.clear();
    for (const { reject } of callers) reject(endedError(cause));
  }

  function restartLater(cause: unknown): void {
    const livedMs = clock.monotonicMs() - startedMs;
    restartMs = livedMs > MAX_RESTART_MS ? FIRST_RESTART_MS : Math.min(2 * restartMs, MAX_RESTART_MS);
    notify({
      topic: 'healdeck',
      severity: 'high',
      detail: `The thread that writes the record ended unexpectedly (${errorText(cause)}). Another one is started, and what was not written is written again; healing goes on.`,
    });
    cancelRestart = clock.after(restartMs, () => {
      cancelRestart = null;
      try {
        worker = start();
      } catch (error) {
        restartLater(error);
      }
    });
  }

  function ask(call: keyof RecordCalls, args: readonly unknown[]): Promise<unknown> {
    const to = worker;
    if (to === null) return Promise.reject(endedError('it is being started again'));
    const id = (ids += 1);
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject });
      to.ref();
      const request: RecordRequest = { id, call, args };
      to.postMessage(request);
    });
  }

  const first = start();
  worker = first;
  const client = clientOf(ask);
  try {
    // The first answer shows that a thread can be started here at all.
    await client.open();
    hasAnswered = true;
  } catch (error) {
    ending = true;
    void first.terminate();
    throw error;
  }
  return {
    client,
    configure(next) {
      limits = next;
      client.configure(next).catch(() => undefined);
    },
    async end(limitMs) {
      ending = true;
      cancelRestart?.();
      if (worker === null) return true;
      return before(clock, limitMs, worker.terminate());
    },
  };
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
