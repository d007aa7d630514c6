import { closeSync, fstatSync, openSync, readSync, writeFile } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import type { ReportError } from '../../engine/ports';
import type { Notify } from '../files/notice';
import type { OutputSink, OutputSinks } from './output-sinks';
import { closeDescriptor, isSameFile, openToAppend } from './open-output';
import { statOf } from './stat-of';

export interface OutputDrainOptions {
  sinks: Pick<OutputSinks, 'list'>;
  /** The most that is copied in one go; of more the end is kept. */
  maxBytes: () => number;
  notify: Notify;
  report: ReportError;
}

/** The most that is copied in one go. */
const MAX_DRAIN_BYTES = 8_000_000;
const MAX_REST_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);
const writeAll = promisify(writeFile);

/**
 * A program goes on writing to a file that was removed, which fills the disk where nobody can see it. What it writes is copied
 * to a new file in its place, and the removed one is emptied through the descriptor that is still open (proc_pid_fd(5)). A file
 * that was moved away is somebody else's now: it is reported and left alone.
 */
export class OutputDrain {
  /** Descriptors whose file is known to be away: each is reported once. */
  private readonly known = new Set<number>();
  private isCopying = false;

  constructor(private readonly options: OutputDrainOptions) {}

  /** Looks at all open files; what it takes of the disk is done in the thread pool. */
  run(): void {
    // A disk that hangs keeps the copy before this one from its end.
    if (this.isCopying) return;
    const found = this.removed();
    if (found.length === 0) return;
    this.isCopying = true;
    void this.copyAll(found).finally(() => (this.isCopying = false));
  }

  /** What was written to a removed file after `from` and is not copied yet, up to `MAX_REST_BYTES` of it. */
  rest(path: string, from: number): Buffer {
    const sink = this.options.sinks.list().find((one) => one.path === path);
    if (sink === undefined) return NOTHING;
    const open = fstatSync(sink.fd);
    if (open.nlink > 0 || open.size === 0) return NOTHING;
    const written = open.size - (from <= open.size ? from : 0);
    const bytes = Buffer.allocUnsafe(Math.min(written, MAX_REST_BYTES));
    const source = openSync(descriptorPath(sink), 'r');
    try {
      return bytes.subarray(0, readSync(source, bytes, 0, bytes.length, open.size - bytes.length));
    } finally {
      closeSync(source);
    }
  }

  /** The files that were removed and hold something; by the way, what is away is reported. */
  private removed(): readonly OutputSink[] {
    return this.options.sinks.list().filter((sink) => {
      const open = fstatSync(sink.fd);
      if (isSameFile(open, statOf(sink.path))) {
        this.known.delete(sink.fd);
        return false;
      }
      if (!this.known.has(sink.fd)) this.report(sink, open.nlink === 0);
      this.known.add(sink.fd);
      return open.nlink === 0 && open.size > 0;
    });
  }

  private isOpen(sink: OutputSink): boolean {
    return this.options.sinks.list().includes(sink);
  }

  private report({ watchName, path }: OutputSink, isRemoved: boolean): void {
    const file = basename(path);
    const detail = isRemoved
      ? `${file} was removed while ${watchName} writes to it: what it writes is copied to a new ${file} every second`
      : `${file} was moved while ${watchName} writes to it: it keeps writing to the moved file, which is not rotated, until it is restarted`;
    this.options.notify({ topic: file, severity: 'warning', detail });
  }

  // Those that were closed meanwhile (the program was started again, or we end) have nobody to be copied for.
  private async copyAll(found: readonly OutputSink[]): Promise<void> {
    const { maxBytes, report } = this.options;
    for (const sink of found.filter((one) => this.isOpen(one))) {
      await copy(sink, Math.min(maxBytes(), MAX_DRAIN_BYTES)).catch((error: unknown) =>
        this.isOpen(sink) ? report(`output of ${sink.watchName} (${sink.stream})`, error) : undefined,
      );
    }
  }
}

function descriptorPath({ fd }: OutputSink): string {
  return `/proc/self/fd/${fd}`;
}

async function copy(sink: OutputSink, maxBytes: number): Promise<void> {
  const source = await open(descriptorPath(sink), 'r+');
  try {
    const { size, nlink } = await source.stat();
    // The descriptor may have been closed meanwhile, and its number given to another file.
    if (nlink > 0) return;
    const bytes = Buffer.allocUnsafe(Math.min(size, maxBytes));
    const { bytesRead } = await source.read(bytes, 0, bytes.length, size - bytes.length);
    const target = await openToAppend(sink.path);
    try {
      await writeAll(target, bytes.subarray(0, bytesRead));
      await source.truncate(0);
    } finally {
      await closeDescriptor(target);
    }
  } finally {
    await source.close();
  }
}
