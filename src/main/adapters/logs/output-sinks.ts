import { closeSync, fstatSync } from 'node:fs';
import { formatDuration } from '../../../shared/lib/format/duration';
import { OUTPUT_STREAMS, type OutputStream } from '../../../shared/model/output';
import type { ReportError } from '../../engine/ports';
import { closeDescriptor, isSameFile } from './open-output';
import { outputPath } from './output-paths';
import { isOwnedBy, lstatOutput, openOwnedOutput, type OutputOwner } from './owned-output';
import { statOf } from './stat-of';

/** A descriptor for each stream; null: that stream is not kept. */
export type StreamSinks = Readonly<Record<OutputStream, number | null>>;

/** An open output file. */
export interface OutputSink {
  watchName: string;
  stream: OutputStream;
  path: string;
  fd: number;
}

export interface OutputSinksOptions {
  logsDir: string;
  /** The setting `output.files`. */
  files: () => number;
  /** The most descriptors to keep open between starts. */
  maxKept: number;
  report: ReportError;
}

/** A disk that has not opened a file by then hangs: a heal does not wait for it. */
export const MAX_OPEN_MS = 500;

/**
 * The output files that programs are started with. The descriptors stay with the sinks, nobody else closes them.
 *
 * Opens files in the thread pool, one at a time: a disk that hangs takes one of its threads and never the engine. What was
 * opened once is kept open, so that a restart needs nothing of the disk.
 *
 * A file belongs to the user that the program runs as: it may open /dev/stderr again, and its quota counts. It gains nothing
 * else by that: the folder is closed to it, the descriptor it inherits is for writing only, and a file of another user than
 * the one before is never handed on but set aside as an older one.
 */
export class OutputSinks {
  /** In the order of their last use. */
  private readonly kept = new Map<string, OutputSink>();
  private queue: Promise<unknown> = Promise.resolve();
  private hangs = false;
  private disposed = false;

  constructor(private readonly options: OutputSinksOptions) {}

  /** Descriptors that are open already, for files that are still in place; null when one is not. Never waits for the disk. */
  ready(watchName: string, owner: OutputOwner | null): StreamSinks | null {
    const [out, err] = [this.find(watchName, 'out', owner), this.find(watchName, 'err', owner)];
    return out === null || err === null ? null : { out, err };
  }

  /** Opens what is not; within `MAX_OPEN_MS` of a disk that hangs it gives up, and the stream is not kept. Never rejects. */
  prepare(watchName: string, owner: OutputOwner | null): Promise<StreamSinks> {
    return this.enqueue(async () => ({
      out: await this.obtain(watchName, 'out', owner),
      err: await this.obtain(watchName, 'err', owner),
    }));
  }

  /** Opens those files that are there and belong to that owner. */
  adopt(watchName: string, owner: OutputOwner | null): Promise<void> {
    return this.enqueue(async () => {
      for (const stream of OUTPUT_STREAMS) {
        const there = await lstatOutput(outputPath(this.options.logsDir, watchName, stream));
        // One of another owner is set aside at the next start, and not below a program that may still write to it.
        if (there?.isFile() && isOwnedBy(there, owner)) await this.obtain(watchName, stream, owner);
      }
    });
  }

  /** All open files. */
  list(): readonly OutputSink[] {
    return [...this.kept.values()];
  }

  renamed(oldName: string, newName: string): void {
    for (const stream of OUTPUT_STREAMS) {
      const key = keyOf(oldName, stream);
      const sink = this.kept.get(key);
      this.kept.delete(key);
      const path = outputPath(this.options.logsDir, newName, stream);
      if (sink !== undefined) this.keep({ ...sink, watchName: newName, path });
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const key of [...this.kept.keys()]) this.discard(key);
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    // What goes wrong at one start is no reason for the next one to fail.
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async obtain(watchName: string, stream: OutputStream, owner: OutputOwner | null): Promise<number | null> {
    const known = this.find(watchName, stream, owner);
    if (known !== null) return known;
    if (this.disposed || this.hangs) return null;
    const { logsDir, files, report } = this.options;
    const path = outputPath(logsDir, watchName, stream);
    const opening = openOwnedOutput(path, owner, files).then((fd) => this.keep({ watchName, stream, path, fd }));
    const failed = (error: unknown): null => {
      report(`output of ${watchName} (${stream}) is not kept`, error);
      return null;
    };
    const timely = await within(opening, MAX_OPEN_MS).catch(failed);
    if (timely !== 'late') return timely;
    this.hangs = true;
    failed(
      new Error(`the disk has not opened ${path} within ${formatDuration(MAX_OPEN_MS)}; the next start tries it again`),
    );
    // Late, but of use to the next start.
    void opening.catch(() => undefined).finally(() => (this.hangs = false));
    return null;
  }

  private find(watchName: string, stream: OutputStream, owner: OutputOwner | null): number | null {
    const key = keyOf(watchName, stream);
    const sink = this.kept.get(key);
    if (sink === undefined || !isInPlace(sink, owner)) return null;
    this.kept.delete(key);
    this.kept.set(key, sink);
    return sink.fd;
  }

  private keep(sink: OutputSink): number {
    const key = keyOf(sink.watchName, sink.stream);
    this.discard(key);
    if (this.disposed) {
      closeSync(sink.fd);
      return sink.fd;
    }
    this.kept.set(key, sink);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.options.maxKept || oldest === key) break;
      this.discard(oldest);
    }
    return sink.fd;
  }

  private discard(key: string): void {
    const sink = this.kept.get(key);
    this.kept.delete(key);
    if (sink !== undefined) void closeDescriptor(sink.fd).catch(() => undefined);
  }
}

function keyOf(watchName: string, stream: OutputStream): string {
  return `${stream} ${watchName}`;
}

/** Whether a file is still what lies at its path, and belongs to whom it should. */
function isInPlace({ fd, path }: OutputSink, owner: OutputOwner | null): boolean {
  const [open, there] = [fstatSync(fd), statOf(path)];
  return isSameFile(open, there) && isOwnedBy(open, owner);
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), ms)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
