import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '../../../shared/lib/format/values';
import type { ReportError } from '../../engine/ports';
import type { Notify } from '../files/notice';
import { FloodCutter, floodBytes, type OutputLimits } from './flood-cutter';
import { isCurrentOutputFile } from './output-paths';
import { rotateFile } from './rotate-file';
import { statOf } from './stat-of';

/** How often the folder is listed: programs write to files that this engine has not opened, too. */
const LIST_INTERVAL_MS = 5000;
/** How often sizes are looked at: a program may write hundreds of megabytes a second. */
const SIZE_INTERVAL_MS = 100;
/** Sizes looked at in one go, at some microseconds each; of more files each is looked at less often. */
const MAX_SIZES = 200;
/** How soon after a cut the file is looked at again. */
const FLOOD_INTERVAL_MS = 25;

export interface OutputRotatorOptions {
  logsDir: string;
  /** Read anew at each check. */
  limits: () => OutputLimits;
  notify: Notify;
  report: ReportError;
}

/**
 * Keeps output files small. It checks every file of the folder and not only at those of known watches: a program goes on
 * writing after its watch was removed or its engine was replaced.
 */
export class OutputRotator {
  /** Files whose size is looked at, in turn. */
  private readonly watched = new Set<string>();
  /** Files that are being rotated; one must never be rotated twice at a time. */
  private readonly busy = new Map<string, Promise<void>>();
  /** Files whose rotation failed, so that one broken file is reported once and not every few seconds. */
  private readonly failed = new Set<string>();
  private readonly floods: FloodCutter;
  /** One file at a time: a disk that hangs takes one thread of the pool. */
  private queue: Promise<unknown> = Promise.resolve();
  private isListing = false;
  private disposed = false;
  private readonly timers = [
    setInterval(() => this.onListTimer(), LIST_INTERVAL_MS).unref(),
    setInterval(() => this.checkSizes(), SIZE_INTERVAL_MS).unref(),
  ];

  constructor(private readonly options: OutputRotatorOptions) {
    this.floods = new FloodCutter(options.notify);
  }

  /** A file may have grown: checks it soon, and its size from now on. It need not exist. */
  checkSoon(path: string): void {
    this.watched.add(path);
    void this.check(path);
  }

  /** Checks every file now and rotates the large ones; resolves when that is done. */
  async checkAll(): Promise<void> {
    const paths = await this.listOutputFiles();
    for (const path of this.watched) if (!paths.includes(path)) this.watched.delete(path);
    for (const path of paths) {
      this.watched.add(path);
      if (this.disposed) break;
      await this.check(path);
    }
  }

  dispose(): void {
    this.disposed = true;
    this.timers.forEach((timer) => clearInterval(timer));
  }

  private onListTimer(): void {
    if (this.isListing) return;
    this.isListing = true;
    void this.checkAll().finally(() => (this.isListing = false));
    this.floods.endFloods();
  }

  private async listOutputFiles(): Promise<string[]> {
    const { logsDir, report } = this.options;
    try {
      return (await readdir(logsDir)).filter(isCurrentOutputFile).map((file) => join(logsDir, file));
    } catch (error) {
      if (!isMissing(error)) report('output files', error);
      return [];
    }
  }

  /** stat(2) of what is in the kernel's cache: microseconds, and it does not wait for a disk that hangs. */
  private checkSizes(): void {
    const { maxBytes } = this.options.limits();
    for (const path of [...this.watched].slice(0, MAX_SIZES)) {
      if (this.watched.size > MAX_SIZES) {
        this.watched.delete(path);
        this.watched.add(path);
      }
      const size = statOf(path)?.size ?? 0;
      if (size > maxBytes) void this.check(path);
    }
  }

  /** Rotates a file if it is too large; never throws. */
  private check(path: string): Promise<void> {
    const before = this.busy.get(path);
    if (before !== undefined) return before;
    const turn = this.queue.then(() => this.shrink(path)).finally(() => this.busy.delete(path));
    this.busy.set(path, turn);
    this.queue = turn;
    return turn;
  }

  private async shrink(path: string): Promise<void> {
    try {
      const limits = this.options.limits();
      const { size } = await stat(path);
      if (size <= limits.maxBytes || this.disposed) return;
      const nowMs = performance.now();
      const isFlood = this.floods.isFlood(path, size, limits, nowMs);
      if (!isFlood) this.floods.countRotation(path, nowMs);
      const rotation = isFlood ? null : await rotateFile(path, limits.files, floodBytes(limits));
      if (rotation === null) {
        await this.floods.cut(path, limits, nowMs);
        setTimeout(() => void this.check(path), FLOOD_INTERVAL_MS).unref();
      } else if (rotation.problem === null) this.failed.delete(path);
      else {
        const lost = `${formatBytes(rotation.droppedBytes)} of ${path} were lost: ${rotation.problem}`;
        this.reportOnce(path, new Error(lost));
      }
    } catch (error) {
      // Not there: not written to yet, or renamed a moment ago.
      if (!isMissing(error)) this.reportOnce(path, error);
    }
  }

  private reportOnce(path: string, error: unknown): void {
    if (!this.failed.has(path)) this.options.report('output rotation', error);
    this.failed.add(path);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
}
