import { Worker } from 'node:worker_threads';
import type { Clock, Dispose, ReportError } from '../../engine/ports';
import { unknownScene, type Scene, type SceneReader, type SceneRequest } from '../../engine/ports';
import { endThreads } from '../end-threads';

/** What the thread is asked. */
export interface SceneQuestion {
  request: SceneRequest;
  /** Pids of processes that hold up who reads them. */
  avoided: readonly number[];
}

/** What the thread sends while it reads a scene: each part as soon as it is known, and the end. */
export type SceneMessage = { kind: 'part'; part: Partial<Scene> } | { kind: 'done' };

export interface SceneThreadOptions {
  /** The bundle of the thread. */
  file: string;
  clock: Clock;
  report: ReportError;
  /** Pids of processes that hold up who reads them, as far as that is known. */
  avoided: () => readonly number[];
}

/** A scene that somebody waits for. */
interface Reading {
  request: SceneRequest;
  /** What is known of it by now. */
  scene: Scene;
  resolve: (scene: Scene) => void;
  cancelLimit: Dispose;
}

interface ReadingThread {
  worker: Worker;
  /** null: it is idle. */
  reads: Reading | null;
  /** Keeps an idle thread from being ended. */
  cancelEnd: Dispose;
}

/** So many scenes wait at most: of many deaths at once the last ones are recorded without. */
const MAX_WAITING = 50;
/** So many threads may hang in the kernel at one time, each with its memory. */
const MAX_ABANDONED = 3;
/** A thread takes some 20 MB: one that has had nothing to do for so long is ended. */
const MAX_IDLE_MS = 60_000;

/**
 * Reads scenes one after the other in a thread of its own, which is started by the first of them. A file on a server that does not
 * answer holds whoever asks for it, for ever if need be (nfs(5), `hard`): in Node's own pool that would be one of the four threads
 * that all others need. A thread that is not done when the time is up is abandoned, and the next scene has another one.
 */
export class SceneThread implements SceneReader {
  private readonly waiting: Reading[] = [];
  private thread: ReadingThread | null = null;
  /** They were asked to end, and have not yet. */
  private readonly abandoned = new Set<Worker>();
  private isReported = false;
  private disposed = false;

  constructor(private readonly options: SceneThreadOptions) {}

  read(request: SceneRequest, limitMs: number): Promise<Scene> {
    const scene = unknownScene(request);
    if (this.disposed || this.waiting.length >= MAX_WAITING) return Promise.resolve(scene);
    return new Promise((resolve) => {
      const cancelLimit = this.options.clock.after(limitMs, () => this.onLimit(reading));
      const reading: Reading = { request, scene, resolve, cancelLimit };
      this.waiting.push(reading);
      this.continue();
    });
  }

  /**
   * Ends all threads; this process too, where one of them hangs (see `endThreads`), so it comes last.
   */
  async dispose(say: (text: string) => void): Promise<void> {
    this.disposed = true;
    const { thread } = this;
    this.thread = null;
    if (thread !== null) this.abandon(thread);
    for (const reading of [thread?.reads ?? [], this.waiting.splice(0)].flat()) settle(reading);
    await endThreads([...this.abandoned], this.options.clock, () =>
      say('A file that was around a crash does not answer; Healdeck ends without it.'),
    );
  }

  /** Gives the thread its next scene, if there is one and the thread is idle. */
  private continue(): void {
    while (this.waiting.length > 0) {
      this.thread ??= this.start();
      if (this.thread === null) this.waiting.splice(0).forEach(settle);
      else if (this.thread.reads !== null) return;
      else {
        this.thread.cancelEnd();
        this.thread.reads = this.waiting.shift()!;
        const question: SceneQuestion = { request: this.thread.reads.request, avoided: this.options.avoided() };
        this.thread.worker.postMessage(question);
      }
    }
  }

  private onLimit(reading: Reading): void {
    const at = this.waiting.indexOf(reading);
    if (at >= 0) this.waiting.splice(at, 1);
    settle(reading);
    if (this.thread?.reads !== reading) return;
    this.abandon(this.thread);
    this.thread = null;
    this.continue();
  }

  /** Null: too many hang, or none can be started. */
  private start(): ReadingThread | null {
    if (this.abandoned.size >= MAX_ABANDONED) return null;
    let worker: Worker;
    try {
      worker = new Worker(this.options.file);
    } catch (error) {
      this.reportOnce(error);
      return null;
    }
    const thread: ReadingThread = { worker, reads: null, cancelEnd: () => undefined };
    let cause: unknown = null;
    worker.on('message', (message: SceneMessage) => this.onMessage(thread, message));
    worker.on('error', (error) => (cause = error));
    worker.once('exit', (code) => {
      this.abandoned.delete(worker);
      thread.cancelEnd();
      if (this.thread !== thread) return;
      this.thread = null;
      this.reportOnce(cause ?? new Error(`exit code ${code}`));
      if (thread.reads !== null) settle(thread.reads);
      this.continue();
    });
    // It keeps no process alive.
    worker.unref();
    return thread;
  }

  private onMessage(thread: ReadingThread, message: SceneMessage): void {
    // What an abandoned thread still finds comes too late.
    if (this.thread !== thread || thread.reads === null) return;
    if (message.kind === 'part') {
      addPart(thread.reads.scene, message.part);
      return;
    }
    settle(thread.reads);
    thread.reads = null;
    thread.cancelEnd = this.options.clock.after(MAX_IDLE_MS, () => {
      this.abandon(thread);
      this.thread = null;
    });
    this.continue();
  }

  private abandon({ worker, cancelEnd }: ReadingThread): void {
    cancelEnd();
    this.abandoned.add(worker);
    void worker.terminate();
  }

  private reportOnce(cause: unknown): void {
    if (this.isReported) return;
    this.isReported = true;
    this.options.report('the thread that reads what was around a death', cause);
  }
}

function settle({ scene, resolve, cancelLimit }: Reading): void {
  cancelLimit();
  resolve(scene);
}

/** Files, versions and disks come one by one. */
function addPart(scene: Scene, { files = {}, versions = {}, disks = [], ...part }: Partial<Scene>): void {
  Object.assign(scene, part);
  Object.assign(scene.files, files);
  Object.assign(scene.versions, versions);
  scene.disks = [...scene.disks, ...disks];
}
