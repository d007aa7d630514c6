import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FILE_MODE } from '../files/files';
import { errorText, type Notify } from '../files/notice';
import { openOwnFile } from '../files/own-files';
import { planShift } from './shift-plan';

/** When to rotate, and how many files to keep. */
export interface HealingFileLimits {
  maxBytes: number;
  files: number;
}

export interface HealingFileOptions {
  file: string;
  /** Asked before each write, so that a change of the settings holds at once. */
  limits: () => HealingFileLimits;
  notify: Notify;
}

/** So far back lines are looked for that may have been written already. */
const TAIL_BYTES = 262_144;

/**
 * The file behind `healing.log`. Rotated by size: healing.log, healing.log.1 (newer) … ; `files` counts the current one. The file is
 * opened for each line (some 20 µs): so it may be moved or removed by others at any time.
 */
export class HealingFile {
  /** Until the first line is written, an earlier engine may have left half a line at the end. */
  private endChecked = false;
  private rotationFailed = false;

  constructor(private readonly options: HealingFileOptions) {}

  /**
   * Appends lines, and returns how many; throws when the disk takes none. The first ones of a new object may stand at the end of
   * the file already, when nobody knows whether they were written: they are not written twice.
   */
  append(lines: readonly string[]): number {
    let done = this.endChecked ? 0 : alreadyWritten(this.options.file, lines);
    try {
      for (const line of lines.slice(done)) {
        this.rotateIfNeeded(line);
        this.writeLine(line);
        done += 1;
      }
    } catch (error) {
      if (done === 0) throw error;
    }
    return done;
  }

  private rotateIfNeeded(line: string): void {
    const { file, limits, notify } = this.options;
    const { maxBytes, files } = limits();
    const size = sizeOf(file);
    if (size === 0 || size + Buffer.byteLength(line) + 1 <= maxBytes) return;
    try {
      rotate(file, files);
      this.rotationFailed = false;
    } catch (error) {
      // Better a file that is too big than an event that is nowhere.
      if (this.rotationFailed) return;
      this.rotationFailed = true;
      notify({
        topic: 'healing.log',
        severity: 'warning',
        detail: `healing.log can't be rotated (${errorText(error)}); it keeps growing.`,
      });
    }
  }

  private writeLine(line: string): void {
    const { file } = this.options;
    const descriptor = openOwnFile(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, FILE_MODE);
    try {
      const { size } = fstatSync(descriptor);
      const torn = !this.endChecked && size > 0 && lastByte(descriptor, size) !== 0x0a;
      const data = Buffer.from(`${torn ? '\n' : ''}${line}\n`, 'utf8');
      let written = 0;
      try {
        while (written < data.length) written += writeSync(descriptor, data, written);
      } catch (error) {
        // The disk took a part: no half line may stay in front of the next try.
        if (written > 0) ftruncateSync(descriptor, size);
        throw error;
      }
      this.endChecked = true;
    } finally {
      closeSync(descriptor);
    }
  }
}

/** How many of the first lines are the last ones of the file. */
function alreadyWritten(file: string, lines: readonly string[]): number {
  let end: string[];
  try {
    const descriptor = openOwnFile(file, constants.O_RDONLY);
    try {
      const { size } = fstatSync(descriptor);
      const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
      const read = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
      end = buffer.toString('utf8', 0, read).split('\n').slice(0, -1);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return 0;
  }
  for (let count = Math.min(lines.length, end.length); count > 0; count -= 1) {
    if (end.slice(-count).every((line, at) => line === lines[at])) return count;
  }
  return 0;
}

/** 0: there is no such file, or it can't be opened. */
function sizeOf(file: string): number {
  try {
    const descriptor = openOwnFile(file, constants.O_RDONLY);
    try {
      return fstatSync(descriptor).size;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return 0;
  }
}

function lastByte(descriptor: number, size: number): number | undefined {
  const buffer = Buffer.alloc(1);
  return readSync(descriptor, buffer, 0, 1, size - 1) === 1 ? buffer[0] : undefined;
}

/** Moves the file to `.1` (see `planShift`): nobody has it open between two lines, and this thread may wait for the disk. */
function rotate(file: string, files: number): void {
  const folder = dirname(file);
  const { remove, rename } = planShift(readdirSync(folder), basename(file), files);
  for (const name of remove) rmSync(join(folder, name));
  for (const [from, to] of rename) renameSync(join(folder, from), join(folder, to));
  if (files > 1) renameSync(file, `${file}.1`);
  else rmSync(file);
}
