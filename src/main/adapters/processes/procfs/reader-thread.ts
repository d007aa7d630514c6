import { readFileSync } from 'node:fs';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { parseProcessStat } from '../../../../shared/lib/host/process-stat';
import type { Clock, ReportError } from '../../../engine/ports';
import { endThreads } from '../../end-threads';
import { errorCode } from '../../files/notice';
import { ReadAdmission } from './read-admission';
import { readUid } from './process-facts';
import { DirectReader, ReadingMemory, type Batch, type OpenFile, type ProcfsReader } from './procfs-reader';
import type { Reads } from './reads';

/** What the thread is started with. */
export interface ReaderThreadData {
  memory: SharedArrayBuffer;
  control: SharedArrayBuffer;
  port: MessagePort;
}

/** Numbers that both threads share. */
export const CONTROL = {
  /** Number of the last request, and of the last one that is done. */
  requested: 0,
  done: 1,
  /** 0: read the message at the port; else so many descriptors, from this place on. */
  count: 2,
  firstPlace: 3,
  /** Counts what is done of all requests. */
  progress: 4,
  /** Thread id in the kernel; 0: it has not begun yet. */
  tid: 5,
  /** It reads nothing more. */
  stopped: 6,
} as const;
const CONTROL_WORDS = Object.keys(CONTROL).length;

/** What the thread is asked by a message: to read once, or for each of several processes (null: not for this one). */
export type ReaderQuestion = { name: keyof Reads } & ({ args: unknown } | { each: readonly unknown[] });

/** What the thread answers to a message. */
export type ReaderAnswer = { value: unknown } | { error: unknown };

export interface ReaderThreadOptions {
  /** The bundle of the thread. */
  file: string;
  clock: Clock;
  report: ReportError;
  procDir?: string;
}

/** Between two looks at a thread that makes no progress; at the second one it is held up if it was in the kernel at both. */
const POLL_INTERVAL_MS = 25;
/** Whoever has something to read waits for a thread to begin; but no longer than this, and never again once that was in vain. */
const MAX_START_MS = 5000;
/** After a thread that could not be started or has crashed, so long everything is read directly. */
const RESTART_MS = 30_000;
interface Thread {
  worker: Worker;
  port: MessagePort;
  control: Int32Array;
  memory: ReadingMemory;
}

type Outcome = 'done' | 'held_up' | 'lost';

/**
 * Reads in a thread of its own, for which the caller waits: some 20 µs for one file, and hardly anything for each one of a batch. Where a
 * process holds the thread up, it is abandoned, and the process is not read until it lets it go (see `ReadAdmission`).
 */
export class ReaderThread implements ProcfsReader {
  private thread: Thread | null = null;
  private readonly abandoned = new Set<Worker>();
  private readonly admission = new ReadAdmission(process.getuid?.() ?? 0);
  private readonly direct = new DirectReader();
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  /** The last thread did not begin, or has crashed: the next one is not waited for. */
  private isDoubtful = false;
  private isReported = false;
  private disposed = false;

  constructor(private readonly options: ReaderThreadOptions) {}

  /** Pids of processes that hold it up. */
  get holders(): readonly number[] {
    return this.admission.pids;
  }

  readOpen(files: readonly OpenFile[], firstPlace = 0): Batch {
    for (;;) {
      const thread = this.running();
      if (thread === null) return this.direct.readOpen(files, firstPlace);
      const { control, memory } = thread;
      files.forEach(({ pid, fd }, at) => (memory.fds[firstPlace + at] = this.mayRead(pid) ? fd : -1));
      control[CONTROL.firstPlace] = firstPlace;
      control[CONTROL.count] = files.length;
      const { outcome, at } = this.request(thread);
      if (outcome === 'done') return memory;
      // The others are read once more, by the next thread.
      if (outcome === 'held_up') this.abandon(thread, files[at]!.pid);
    }
  }

  read<Name extends keyof Reads>(
    pid: number,
    name: Name,
    ...args: Parameters<Reads[Name]>
  ): ReturnType<Reads[Name]> | null {
    if (!this.mayRead(pid)) return null;
    const thread = this.running();
    if (thread === null) return this.direct.read(pid, name, ...args);
    this.ask(thread, { name, args });
    const { outcome } = this.request(thread);
    if (outcome === 'held_up') {
      this.abandon(thread, pid);
      return null;
    }
    const answer = outcome === 'done' ? answerOf(thread) : undefined;
    return answer === undefined ? this.direct.read(pid, name, ...args) : (answer.value as ReturnType<Reads[Name]>);
  }

  readEach<Name extends keyof Reads>(
    pids: readonly number[],
    name: Name,
    argsOf: (pid: number) => Parameters<Reads[Name]>,
  ): readonly (ReturnType<Reads[Name]> | null)[] {
    type Result = ReturnType<Reads[Name]> | null;
    for (;;) {
      const each = pids.map((pid) => (this.mayRead(pid) ? argsOf(pid) : null));
      const readHere = (): readonly Result[] =>
        each.map((args, at) => (args === null ? null : this.direct.read(pids[at]!, name, ...args)));
      const thread = this.running();
      if (thread === null) return readHere();
      this.ask(thread, { name, each });
      const { outcome, at } = this.request(thread);
      if (outcome === 'held_up') {
        // The others are read once more, by the next thread.
        this.abandon(thread, pids[at]!);
        continue;
      }
      const answer = outcome === 'done' ? answerOf(thread) : undefined;
      return answer === undefined ? readHere() : (answer.value as readonly Result[]);
    }
  }

  /** Ends all threads; this process too, where one of them hangs (see `endThreads`), so it comes last. */
  async dispose(say: (text: string) => void): Promise<void> {
    this.disposed = true;
    const { thread } = this;
    this.thread = null;
    if (thread !== null) this.end(thread);
    await endThreads([...this.abandoned], this.options.clock, () =>
      say('A process does not let the kernel read it; Healdeck ends without it.'),
    );
  }

  private ask({ control, port }: Thread, question: ReaderQuestion): void {
    control[CONTROL.count] = 0;
    port.postMessage(question);
  }

  private mayRead(pid: number): boolean {
    return this.admission.isEmpty || this.admission.mayRead(pid, this.uidOf(pid), this.options.clock.monotonicMs());
  }

  /** From what everybody may read, and nobody can hold up. */
  private uidOf(pid: number): number {
    return readUid(`${this.options.procDir ?? '/proc'}/${pid}`);
  }

  /** Null: there is none, and none can be started now. */
  private running(): Thread | null {
    if (this.disposed) return null;
    if (this.thread === null) {
      if (this.options.clock.monotonicMs() < this.notBeforeMs) return null;
      try {
        this.thread = this.start();
      } catch (error) {
        this.failed(error);
        return null;
      }
    }
    if (this.isDoubtful && Atomics.load(this.thread.control, CONTROL.tid) === 0) return null;
    this.isDoubtful = false;
    return this.thread;
  }

  private start(): Thread {
    const { port1: port, port2 } = new MessageChannel();
    const control = new SharedArrayBuffer(4 * CONTROL_WORDS);
    const memory = new SharedArrayBuffer(ReadingMemory.BYTES);
    const workerData: ReaderThreadData = { memory, control, port: port2 };
    const worker = new Worker(this.options.file, { workerData, transferList: [port2] });
    const thread = { worker, port, control: new Int32Array(control), memory: new ReadingMemory(memory) };
    let cause: unknown = null;
    worker.on('error', (error) => (cause = error));
    worker.once('exit', (code) => {
      port.close();
      this.abandoned.delete(worker);
      if (this.thread === thread) this.lost(thread, cause ?? new Error(`exit code ${code}`));
    });
    // It keeps no process alive.
    worker.unref();
    return thread;
  }

  /** Has the thread do what stands in its memory, and waits for it. `at`: where in a batch it is held up. */
  private request(thread: Thread): { outcome: Outcome; at: number } {
    const { control } = thread;
    const before = Atomics.load(control, CONTROL.progress);
    const number = (Atomics.load(control, CONTROL.requested) + 1) | 0;
    Atomics.store(control, CONTROL.requested, number);
    Atomics.notify(control, CONTROL.requested);
    const startedMs = this.options.clock.monotonicMs();
    let seen = { progress: before, isInKernel: false };
    for (;;) {
      const done = Atomics.load(control, CONTROL.done);
      if (done === number) return { outcome: 'done', at: 0 };
      if (Atomics.wait(control, CONTROL.done, done, POLL_INTERVAL_MS) !== 'timed-out') continue;
      const tid = Atomics.load(control, CONTROL.tid);
      if (tid === 0) {
        if (this.options.clock.monotonicMs() - startedMs < MAX_START_MS) continue;
        this.lost(thread, new Error('it does not start'));
        return { outcome: 'lost', at: 0 };
      }
      const state = stateOf(tid);
      if (state === null) {
        this.lost(thread, new Error('it has ended'));
        return { outcome: 'lost', at: 0 };
      }
      const now = { progress: Atomics.load(control, CONTROL.progress), isInKernel: state === 'D' };
      // A thread that waits for the processor makes no progress either.
      if (now.isInKernel && seen.isInKernel && now.progress === seen.progress)
        return { outcome: 'held_up', at: (now.progress - before) | 0 };
      seen = now;
    }
  }

  /** It goes on whenever that process lets it; until then the process is not read. */
  private abandon(thread: Thread, pid: number): void {
    const free = this.admission.note(pid, this.uidOf(pid));
    thread.worker.once('exit', () => free(this.options.clock.monotonicMs()));
    this.thread = null;
    this.end(thread);
  }

  private end({ worker, control }: Thread): void {
    this.abandoned.add(worker);
    Atomics.store(control, CONTROL.stopped, 1);
    void worker.terminate();
  }

  private lost(thread: Thread, cause: unknown): void {
    if (this.thread !== thread) return;
    this.thread = null;
    this.end(thread);
    this.failed(cause);
  }

  private failed(cause: unknown): void {
    this.isDoubtful = true;
    this.notBeforeMs = this.options.clock.monotonicMs() + RESTART_MS;
    if (this.isReported) return;
    this.isReported = true;
    this.options.report('the thread that reads processes', cause);
  }
}

/** Undefined: there is none. @throws what the reading has thrown */
function answerOf({ port }: Thread): { value: unknown } | undefined {
  const result = receiveMessageOnPort(port)?.message as ReaderAnswer | undefined;
  if (result !== undefined && 'error' in result) throw result.error;
  return result;
}

/** The letter of its state (proc(5)); null: it has ended. */
function stateOf(tid: number): string | null {
  try {
    return parseProcessStat(readFileSync(`/proc/self/task/${tid}/stat`, 'latin1')).state;
  } catch (error) {
    // No descriptor is left, for example: it is not known.
    return errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH' ? null : '';
  }
}
