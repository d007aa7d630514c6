import { closeSync, openSync, readdirSync, readSync, renameSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dispose, OutputFiles, ReportError } from '../engine/ports';
import { OUTPUT_STREAMS } from '../../shared/model/output';
import { isCurrentOutputFile, outputPath, outputStem } from './output-paths';
import { rotateFile } from './rotate-file';

const CHECK_EVERY_MS = 5000;
/** A file that has just been rotated belongs to a program that writes much. */
const CHECK_AGAIN_MS = 1000;
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
  report: ReportError;
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
export function createOutputFiles({ logsDir, limits, report }: OutputFilesOptions): RotatedOutputFiles {
  /** Files that are being rotated; one must never be rotated twice at a time. */
  const busy = new Set<string>();
  /** Files whose rotation failed, so that one broken file is reported once and not every few seconds. */
  const failed = new Set<string>();
  let disposed = false;
  let timer = setTimeout(onTimer, CHECK_EVERY_MS).unref();

  function onTimer(): void {
    void checkEverything().then((rotated) => {
      if (!disposed) timer = setTimeout(onTimer, rotated ? CHECK_AGAIN_MS : CHECK_EVERY_MS).unref();
    });
  }

  async function checkEverything(): Promise<boolean> {
    let rotated = false;
    for (const file of await listOutputFiles()) {
      if (disposed) break;
      if (await check(join(logsDir, file))) rotated = true;
    }
    return rotated;
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
  async function check(path: string): Promise<boolean> {
    if (busy.has(path)) return false;
    busy.add(path);
    try {
      const { maxBytes, files } = limits();
      const { size } = await stat(path);
      if (size <= maxBytes || disposed) return false;
      const rotation = await rotateFile(path, files);
      if (rotation.problem === null) failed.delete(path);
      else reportOnce(path, new Error(`${rotation.droppedBytes} bytes of ${path} were given up: ${rotation.problem}`));
      return true;
    } catch (error) {
      // Not there: not written to yet, or renamed a moment ago.
      if (!isMissing(error)) reportOnce(path, error);
      return false;
    } finally {
      busy.delete(path);
    }
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
      for (const stream of OUTPUT_STREAMS) void check(outputPath(logsDir, watchName, stream));
    },
    checkAll: async () => void (await checkEverything()),
    rename,
    tail: (watch, stream, lines) => tailOf(outputPath(logsDir, watch.name, stream), lines),
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}

/**
 * The last lines of a file and, when it was rotated a moment ago, of the one before it. It is read between the death of a
 * program and its replacement, so it avoids what costs (exceptions for files that are not there, a TextDecoder).
 */
function tailOf(path: string, lines: number): readonly string[] {
  if (lines <= 0) return [];
  const current = endOf(path, TAIL_BYTES);
  const older = current.whole ? endOf(`${path}.1`, TAIL_BYTES - current.bytes.length) : null;
  const bytes =
    older === null || older.bytes.length === 0 ? current.bytes : Buffer.concat([older.bytes, current.bytes]);
  if (bytes.length === 0) return [];
  const all = bytes.toString('utf8').split('\n');
  if (all.at(-1) === '') all.pop();
  // The first one is the end of a line that began before what was read, unless it is all there is.
  if (!(older ?? current).whole && all.length > 1) all.shift();
  return all.slice(-lines).map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** The last bytes of a file, and whether that is all of it; nothing when it can't be read. */
function endOf(path: string, maxBytes: number): { bytes: Buffer; whole: boolean } {
  let fd: number | null = null;
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0 || maxBytes === 0) return { bytes: Buffer.alloc(0), whole: size === 0 };
    fd = openSync(path, 'r');
    const bytes = Buffer.allocUnsafe(Math.min(size, maxBytes));
    const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    return { bytes: bytes.subarray(0, read), whole: size <= maxBytes };
  } catch {
    return { bytes: Buffer.alloc(0), whole: true };
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
}
