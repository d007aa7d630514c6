import { closeSync, fchown, fstat, fstatSync, lstat, statSync, type Stats } from 'node:fs';
import { rename } from 'node:fs/promises';
import { promisify } from 'node:util';
import { OUTPUT_STREAMS, type OutputStream } from '../../../shared/model/output';
import type { Dispose, ReportError } from '../../engine/ports';
import { outputPath } from './output-paths';
import { shiftOlder } from './rotate-file';
import { formatDuration } from '../../../shared/lib/format/duration';
import { closeDescriptor, isSameFile, openToAppend } from './open-output';

/** Who writes to a file, and so owns it. */
export interface OutputOwner {
  uid: number;
  gid: number;
}

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

/** The output files that programs are started with. The descriptors stay with the sinks, nobody else closes them. */
export interface OutputSinks {
  /** Descriptors that are open already, for files that are still in place; null when one is not. Never waits for the disk. */
  ready(watchName: string, owner: OutputOwner | null): StreamSinks | null;
  /** Opens what is not; within `MAX_OPEN_MS` of a disk that hangs it gives up, and the stream is not kept. Never rejects. */
  prepare(watchName: string, owner: OutputOwner | null): Promise<StreamSinks>;
  /** Opens those files that are there and belong to that owner. */
  adopt(watchName: string, owner: OutputOwner | null): Promise<void>;
  /** All open files. */
  list(): readonly OutputSink[];
  renamed(oldName: string, newName: string): void;
  dispose: Dispose;
}

/** A disk that has not opened a file by then hangs: a heal does not wait for it. */
export const MAX_OPEN_MS = 500;

const calls = {
  fstat: promisify(fstat),
  lstat: promisify(lstat),
  fchown: promisify(fchown),
};

/**
 * Opens output files in the thread pool, one at a time: a disk that hangs takes one of its threads and never the engine. What
 * was opened once is kept open, so that a restart needs nothing of the disk.
 *
 * A file belongs to the user that the program runs as: it may open /dev/stderr again, and its quota counts. It gains nothing
 * else by that: the folder is closed to it, the descriptor it inherits is for writing only, and a file of another user than
 * the one before is never handed on but set aside as an older one.
 */
export function createOutputSinks({ logsDir, files, maxKept, report }: OutputSinksOptions): OutputSinks {
  /** In the order of their last use. */
  const kept = new Map<string, OutputSink>();
  let queue: Promise<unknown> = Promise.resolve();
  let hangs = false;
  let disposed = false;

  const keyOf = (watchName: string, stream: OutputStream): string => `${stream} ${watchName}`;

  function find(watchName: string, stream: OutputStream, owner: OutputOwner | null): number | null {
    const key = keyOf(watchName, stream);
    const sink = kept.get(key);
    if (sink === undefined || !isInPlace(sink, owner)) return null;
    kept.delete(key);
    kept.set(key, sink);
    return sink.fd;
  }

  async function obtain(watchName: string, stream: OutputStream, owner: OutputOwner | null): Promise<number | null> {
    const known = find(watchName, stream, owner);
    if (known !== null) return known;
    if (disposed || hangs) return null;
    const path = outputPath(logsDir, watchName, stream);
    const opening = openOutput(path, owner).then((fd) => keep({ watchName, stream, path, fd }));
    const failed = (error: unknown): null => {
      report(`output of ${watchName} (${stream}) is not kept`, error);
      return null;
    };
    const timely = await within(opening, MAX_OPEN_MS).catch(failed);
    if (timely !== 'late') return timely;
    hangs = true;
    failed(
      new Error(`the disk has not opened ${path} within ${formatDuration(MAX_OPEN_MS)}; the next start tries it again`),
    );
    // Late, but of use to the next start.
    void opening.catch(() => undefined).finally(() => (hangs = false));
    return null;
  }

  function keep(sink: OutputSink): number {
    const key = keyOf(sink.watchName, sink.stream);
    discard(key);
    if (disposed) {
      closeSync(sink.fd);
      return sink.fd;
    }
    kept.set(key, sink);
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKept || oldest === key) break;
      discard(oldest);
    }
    return sink.fd;
  }

  function discard(key: string): void {
    const sink = kept.get(key);
    kept.delete(key);
    if (sink !== undefined) void closeDescriptor(sink.fd).catch(() => undefined);
  }

  async function openOutput(path: string, owner: OutputOwner | null): Promise<number> {
    const there = await calls.lstat(path).catch(() => null);
    if (there !== null && !there.isFile())
      throw new Error(`${path} is ${kindOf(there)}, expected a regular file or none`);
    const uid = owner?.uid ?? process.geteuid?.();
    const isForeign = there !== null && uid !== undefined && there.uid !== uid && there.uid !== process.geteuid?.();
    if (isForeign) {
      await shiftOlder(path, Math.max(2, files()));
      await rename(path, `${path}.1`);
    }
    const fd = await openToAppend(path);
    try {
      const stats = await calls.fstat(fd);
      if (!stats.isFile()) throw new Error(`${path} is ${kindOf(stats)}, expected a regular file or none`);
      if (owner !== null && stats.uid !== owner.uid) await calls.fchown(fd, owner.uid, owner.gid);
      return fd;
    } catch (error) {
      await closeDescriptor(fd);
      throw error;
    }
  }

  return {
    ready(watchName, owner) {
      const [out, err] = [find(watchName, 'out', owner), find(watchName, 'err', owner)];
      return out === null || err === null ? null : { out, err };
    },

    prepare(watchName, owner) {
      const turn = queue.then(async () => ({
        out: await obtain(watchName, 'out', owner),
        err: await obtain(watchName, 'err', owner),
      }));
      queue = turn;
      return turn;
    },

    adopt(watchName, owner) {
      const turn = queue.then(async () => {
        for (const stream of OUTPUT_STREAMS) {
          const there = await calls.lstat(outputPath(logsDir, watchName, stream)).catch(() => null);
          // One of another owner is set aside at the next start, and not below a program that may still write to it.
          const uid = owner?.uid ?? process.geteuid?.();
          if (there?.isFile() && (uid === undefined || there.uid === uid)) await obtain(watchName, stream, owner);
        }
      });
      queue = turn;
      return turn;
    },

    list: () => [...kept.values()],

    renamed(oldName, newName) {
      for (const stream of OUTPUT_STREAMS) {
        const sink = kept.get(keyOf(oldName, stream));
        kept.delete(keyOf(oldName, stream));
        if (sink !== undefined) keep({ ...sink, watchName: newName, path: outputPath(logsDir, newName, stream) });
      }
    },

    dispose() {
      disposed = true;
      for (const key of [...kept.keys()]) discard(key);
    },
  };
}

/** Whether a file is still what lies at its path, and belongs to whom it should. */
function isInPlace({ fd, path }: OutputSink, owner: OutputOwner | null): boolean {
  const [open, there] = [fstatSync(fd), statSync(path, { throwIfNoEntry: false })];
  const uid = owner?.uid ?? process.geteuid?.();
  return isSameFile(open, there) && (uid === undefined || open.uid === uid);
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  return stats.isSocket() ? 'a socket' : 'a device';
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
