import { closeSync, openSync, readdirSync, readSync, renameSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { formatDuration } from '../../../shared/lib/format/duration';
import type { Dispose, OutputEnd, OutputFiles, ReportError } from '../../engine/ports';
import { OUTPUT_STREAMS } from '../../../shared/model/output';
import type { Notify } from '../files/notice';
import { OutputDrain } from './output-drain';
import { isCurrentOutputFile, outputPath, outputStem } from './output-paths';
import { outputEnd } from './output-reader';
import type { OutputSinks } from './output-sinks';
import { cutToTail, rotateFile } from './rotate-file';
import { formatBytes } from '../../../shared/lib/format/values';

/** How often the folder is listed: programs write to files that this engine has not opened, too. */
const LIST_INTERVAL_MS = 5000;
/** How often sizes are looked at: a program may write hundreds of megabytes a second. */
const SIZE_INTERVAL_MS = 100;
/** Sizes looked at in one go, at some microseconds each; of more files each is looked at less often. */
const MAX_SIZES = 200;
/** How often output that goes to a removed file is copied to a new one. */
const DRAIN_INTERVAL_MS = 1000;
/** A file that grew beyond so many times its size before it was looked at again is written by a flood. */
const FLOOD_FACTOR = 2;
/** So is one that was rotated so often within so long. */
const MAX_ROTATIONS = 10;
const ROTATIONS_WINDOW_MS = 10_000;
/** How soon after a cut the file is looked at again. */
const FLOOD_INTERVAL_MS = 25;
/** A flood that was not cut for so long is over. */
const FLOOD_OVER_MS = 10_000;
/** The most that is kept at each cut of a flood. */
const MAX_FLOOD_TAIL_BYTES = 8_000_000;
/** The most that a tail reads, of all files together. */
const TAIL_BYTES = 64 * 1024;

/** What a spawner asks of the output files. */
export interface OutputRotation {
  /** The files of a watch may have grown: looks at them soon, without keeping the caller waiting. */
  checkSoon(watchName: string): void;
}

export interface OutputFilesOptions {
  logsDir: string;
  /** The settings `output.maxBytes` and `output.files`, read anew at each check. */
  limits: () => { maxBytes: number; files: number };
  /** The files that programs were started with. */
  sinks: Pick<OutputSinks, 'list' | 'renamed'>;
  notify: Notify;
  report: ReportError;
}

/** A program that writes faster than its files can be rotated. */
interface Flood {
  sinceMs: number;
  lastCutMs: number;
  droppedBytes: number;
}

/** The output files of all watches in a data directory. */
export interface RotatedOutputFiles extends OutputFiles, OutputRotation {
  /** Moves the files of a watch to its new name; its program goes on writing to them. */
  rename(oldName: string, newName: string): void;
  /** Looks at every file now and rotates the large ones; resolves when that is done. */
  checkAll(): Promise<void>;
  dispose: Dispose;
}

/**
 * Keeps output files small and reads their ends. It looks at every file of the folder and not only at those of known watches:
 * a program goes on writing after its watch was removed or its engine was replaced.
 */
export function createOutputFiles({ logsDir, limits, sinks, notify, report }: OutputFilesOptions): RotatedOutputFiles {
  /** Files that are being rotated; one must never be rotated twice at a time. */
  const busy = new Map<string, Promise<void>>();
  /** Files whose rotation failed, so that one broken file is reported once and not every few seconds. */
  const failed = new Set<string>();
  const floods = new Map<string, Flood>();
  /** Times of the last rotations by file, oldest first. */
  const rotations = new Map<string, readonly number[]>();
  /** Files whose size is looked at, in turn. */
  const watched = new Set<string>();
  const drain = new OutputDrain({ sinks, maxBytes: () => limits().maxBytes, notify, report });
  /** One file at a time: a disk that hangs takes one thread of the pool. */
  let queue: Promise<unknown> = Promise.resolve();
  let disposed = false;
  let isListing = false;
  const timers = [
    setInterval(onListTimer, LIST_INTERVAL_MS).unref(),
    setInterval(lookAtSizes, SIZE_INTERVAL_MS).unref(),
    setInterval(() => drain.run(), DRAIN_INTERVAL_MS).unref(),
  ];

  function onListTimer(): void {
    if (isListing) return;
    isListing = true;
    void checkEverything().finally(() => (isListing = false));
    endFloods();
  }

  async function checkEverything(): Promise<void> {
    const paths = (await listOutputFiles()).map((file) => join(logsDir, file));
    for (const path of watched) if (!paths.includes(path)) watched.delete(path);
    for (const path of paths) {
      watched.add(path);
      if (disposed) break;
      await check(path);
    }
  }

  /** stat(2) of what is in the kernel's cache: microseconds, and it does not wait for a disk that hangs. */
  function lookAtSizes(): void {
    const { maxBytes } = limits();
    for (const path of [...watched].slice(0, MAX_SIZES)) {
      if (watched.size > MAX_SIZES) {
        watched.delete(path);
        watched.add(path);
      }
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > maxBytes) void check(path);
    }
  }

  function endFloods(): void {
    const nowMs = performance.now();
    for (const [path, { sinceMs, lastCutMs, droppedBytes }] of floods) {
      if (nowMs - lastCutMs < FLOOD_OVER_MS) continue;
      floods.delete(path);
      const detail = `${basename(path)} grows at a usual rate again: ${formatBytes(droppedBytes)} were dropped within ${formatDuration(lastCutMs - sinceMs)}`;
      notify({ topic: basename(path), severity: 'info', detail });
    }
  }

  async function listOutputFiles(): Promise<string[]> {
    try {
      return (await readdir(logsDir)).filter(isCurrentOutputFile);
    } catch (error) {
      if (!isMissing(error)) report('output files', error);
      return [];
    }
  }

  /** Rotates a file if it is too large; never throws. */
  function check(path: string): Promise<void> {
    const before = busy.get(path);
    if (before !== undefined) return before;
    const turn = queue.then(() => shrink(path)).finally(() => busy.delete(path));
    busy.set(path, turn);
    queue = turn;
    return turn;
  }

  async function shrink(path: string): Promise<void> {
    try {
      const { maxBytes, files } = limits();
      const { size } = await stat(path);
      if (size <= maxBytes || disposed) return;
      const nowMs = performance.now();
      const recent = (rotations.get(path) ?? []).filter((at) => nowMs - at < ROTATIONS_WINDOW_MS);
      const floodBytes = FLOOD_FACTOR * maxBytes;
      const isFlood = size > floodBytes || recent.length >= MAX_ROTATIONS;
      if (!isFlood) rotations.set(path, [...recent, nowMs]);
      const rotation = isFlood ? null : await rotateFile(path, files, floodBytes);
      if (rotation === null) {
        await cut(path, { maxBytes, files }, nowMs);
        setTimeout(() => void check(path), FLOOD_INTERVAL_MS).unref();
      } else if (rotation.problem === null) failed.delete(path);
      else
        reportOnce(
          path,
          new Error(`${formatBytes(rotation.droppedBytes)} of ${path} were given up: ${rotation.problem}`),
        );
    } catch (error) {
      // Not there: not written to yet, or renamed a moment ago.
      if (!isMissing(error)) reportOnce(path, error);
    }
  }

  async function cut(path: string, { maxBytes, files }: ReturnType<typeof limits>, nowMs: number): Promise<void> {
    const { size } = await stat(path);
    const flood = floods.get(path);
    const keepBytes = Math.min(maxBytes, MAX_FLOOD_TAIL_BYTES);
    floods.set(path, flood ?? { sinceMs: nowMs, lastCutMs: nowMs, droppedBytes: 0 });
    const { droppedBytes } = await cutToTail(path, { files, keepBytes, isFirst: flood === undefined });
    floods.set(path, {
      sinceMs: flood?.sinceMs ?? nowMs,
      lastCutMs: performance.now(),
      droppedBytes: (flood?.droppedBytes ?? 0) + droppedBytes,
    });
    if (flood !== undefined) return;
    const detail = `${basename(path)} grew to ${formatBytes(size)} before it could be rotated: only its last ${formatBytes(keepBytes)} are kept, and again while it grows so fast`;
    notify({ topic: basename(path), severity: 'warning', detail });
  }

  function reportOnce(path: string, error: unknown): void {
    if (!failed.has(path)) report('output rotation', error);
    failed.add(path);
  }

  function rename(oldName: string, newName: string): void {
    const [from, to] = [outputStem(oldName), outputStem(newName)];
    if (from === to) return;
    try {
      // Files of a watch that was removed; its program may still write to them, so they stay files of this folder. No watch
      // can have a name with a tilde.
      if (movesOf(to, to).length > 0) move(to, freeStem(to));
      move(from, to);
      sinks.renamed(oldName, newName);
    } catch (error) {
      report('output files', error);
    }
  }

  function move(from: string, to: string): void {
    for (const [oldFile, newFile] of movesOf(from, to)) renameSync(join(logsDir, oldFile), join(logsDir, newFile));
  }

  /** The files of a watch, older ones included, and what they are called under another name. */
  function movesOf(from: string, to: string): [string, string][] {
    const moves: [string, string][] = [];
    for (const file of readdirSync(logsDir)) {
      if (!file.startsWith(`${from}.`)) continue;
      const ending = file.slice(from.length);
      if (/^\.(?:out|err)\.log(?:\.\d+)?$/.test(ending)) moves.push([file, `${to}${ending}`]);
    }
    return moves;
  }

  function freeStem(stem: string): string {
    for (let number = 1; ; number += 1) {
      const free = `${stem}~${number}`;
      if (movesOf(free, free).length === 0) return free;
    }
  }

  return {
    checkSoon(watchName) {
      for (const stream of OUTPUT_STREAMS) {
        const path = outputPath(logsDir, watchName, stream);
        watched.add(path);
        void check(path);
      }
    },
    checkAll: checkEverything,
    rename,
    tail(watch, stream, lines, from) {
      const path = outputPath(logsDir, watch.name, stream);
      return tailOf(path, lines, from, (offset) => drain.rest(path, offset));
    },
    end: (watch, stream) => outputEnd(outputPath(logsDir, watch.name, stream)),
    dispose() {
      disposed = true;
      timers.forEach((timer) => clearInterval(timer));
    },
  };
}

/**
 * The last lines of a file and, when it was rotated a moment ago, of the one before it; `rest` is what was not copied to it
 * yet. With `from`, only what was written since. It is read between the death of a program and its replacement, so it avoids
 * what costs (exceptions for files that are not there, a TextDecoder).
 */
function tailOf(
  path: string,
  lines: number,
  from: OutputEnd | null,
  rest: (offset: number) => Buffer,
): readonly string[] {
  if (lines <= 0) return [];
  const start = from === null ? { current: 0, older: 0 } : startIn(path, from);
  const current = endOf(path, TAIL_BYTES, start.current);
  const takesOlder = current.whole && start.older !== null;
  const older = takesOlder ? endOf(`${path}.1`, TAIL_BYTES - current.bytes.length, start.older) : null;
  // A removed file that was not copied yet holds all of it, what was written before the start included.
  const notCopied = rest(current.bytes.length === 0 ? start.current : 0);
  const bytes = Buffer.concat([older?.bytes ?? Buffer.alloc(0), current.bytes, notCopied]);
  if (bytes.length === 0) return [];
  const all = bytes.toString('utf8').split('\n');
  if (all.at(-1) === '') all.pop();
  // The first one is the end of a line that began before what was read, unless it is all there is.
  if (!(older ?? current).whole && all.length > 1) all.shift();
  return all.slice(-lines).map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/**
 * Where what was written after an end begins in the file and in `.1`, over rotations; null: `.1` has nothing of it. Where that
 * can't be told apart (only one older file is kept, or a flood was cut), some of it is left out rather than anything of before.
 */
function startIn(path: string, { offset, olderInode }: OutputEnd): { current: number; older: number | null } {
  const [older, oldest] = [1, 2].map((file) => statSync(`${path}.${file}`, { throwIfNoEntry: false })?.ino ?? null);
  if (older === olderInode) return { current: offset, older: null };
  const isFirstRotation = oldest === null || oldest === olderInode;
  return { current: 0, older: isFirstRotation ? offset : 0 };
}

/**
 * The last bytes of a file from an offset on, and whether that is all of them; of one that was emptied by somebody else since,
 * all there is. Nothing when it can't be read.
 */
function endOf(path: string, maxBytes: number, offset: number | null): { bytes: Buffer; whole: boolean } {
  let fd: number | null = null;
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const length = offset === null || offset > size ? size : size - offset;
    if (length === 0 || maxBytes === 0) return { bytes: Buffer.alloc(0), whole: length === 0 };
    fd = openSync(path, 'r');
    const bytes = Buffer.allocUnsafe(Math.min(length, maxBytes));
    const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    return { bytes: bytes.subarray(0, read), whole: length <= maxBytes };
  } catch {
    return { bytes: Buffer.alloc(0), whole: true };
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
}
