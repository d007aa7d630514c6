import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { HealingCauses, healingLine } from '../../shared/lib/healing-line';
import type { HealdeckEvent } from '../../shared/model/event';
import type { Clock } from '../engine/ports';
import type { DataDirIdentity } from './data-dir-identity';
import { FILE_MODE } from './files';
import { errorText, type Notify } from './notice';
import { openOwnFile } from './own-files';
import { createRetryQueue } from './retry-queue';

export interface HealingLogOptions {
  file: string;
  /** Asked before each write, so that a change of the settings holds at once. */
  limits: () => { maxBytes: number; files: number };
  /** Asked before each line is written. */
  directory?: Pick<DataDirIdentity, 'assertSame'>;
  clock: Clock;
  notify: Notify;
}

/** `healing.log`: a line an event, for people and grep. */
export interface HealingLog {
  /** Never throws. The line is in the file when this returns, or waits in memory until the disk takes it. */
  append(event: HealdeckEvent): void;
  /** Lines that wait. */
  readonly unwritten: number;
  dispose(): void;
}

/**
 * Rotated by size: healing.log, healing.log.1 (newer) … ; `files` counts the current one. The file is opened for each
 * line (some 20 µs): so it may be moved or removed by others at any time.
 */
export function openHealingLog(options: HealingLogOptions): HealingLog {
  const { file, limits, clock, notify } = options;
  /** Until the first line is written, an earlier engine may have left half a line at the end. */
  let endChecked = false;
  let rotationFailed = false;

  const queue = createRetryQueue<string>({
    clock,
    write(lines) {
      options.directory?.assertSame();
      rotateIfNeeded(lines[0] ?? '');
      writeLine(lines[0] ?? '');
      return 1;
    },
    onFailing: (error) =>
      notify({
        topic: 'healing.log',
        severity: 'high',
        detail: `healing.log can't be written (${errorText(error)}). Its lines wait in memory and are written when it can be; healing goes on.`,
      }),
    onRecovered: (lost) =>
      notify({
        topic: 'healing.log',
        severity: lost > 0 ? 'high' : 'info',
        detail:
          lost > 0
            ? `healing.log is written again; ${lost} of its oldest waiting lines were lost.`
            : 'healing.log is written again; no line was lost.',
      }),
  });

  function writeLine(line: string): void {
    const descriptor = openOwnFile(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, FILE_MODE);
    try {
      const { size } = fstatSync(descriptor);
      const torn = !endChecked && size > 0 && lastByte(descriptor, size) !== 0x0a;
      const data = Buffer.from(`${torn ? '\n' : ''}${line}\n`, 'utf8');
      let written = 0;
      try {
        while (written < data.length) written += writeSync(descriptor, data, written);
      } catch (error) {
        // The disk took a part: no half line may stay in front of the next try.
        if (written > 0) ftruncateSync(descriptor, size);
        throw error;
      }
      endChecked = true;
    } finally {
      closeSync(descriptor);
    }
  }

  function rotateIfNeeded(line: string): void {
    const { maxBytes, files } = limits();
    let size = 0;
    try {
      const descriptor = openOwnFile(file, constants.O_RDONLY);
      try {
        size = fstatSync(descriptor).size;
      } finally {
        closeSync(descriptor);
      }
    } catch {
      return;
    }
    if (size === 0 || size + Buffer.byteLength(line) + 1 <= maxBytes) return;
    try {
      rotate(file, files);
      rotationFailed = false;
    } catch (error) {
      // Better a file that is too big than an event that is nowhere.
      if (rotationFailed) return;
      rotationFailed = true;
      notify({
        topic: 'healing.log',
        severity: 'warning',
        detail: `healing.log can't be rotated (${errorText(error)}); it goes on growing.`,
      });
    }
  }

  const causes = new HealingCauses();

  return {
    append: (event) => queue.push(healingLine(event, causes.take(event))),
    get unwritten() {
      return queue.items.length;
    },
    dispose: () => queue.dispose(),
  };
}

function lastByte(descriptor: number, size: number): number | undefined {
  const buffer = Buffer.alloc(1);
  return readSync(descriptor, buffer, 0, 1, size - 1) === 1 ? buffer[0] : undefined;
}

/** `.1` becomes `.2` and so on; nothing beyond `files` files is left, also after the setting was lowered. */
function rotate(file: string, files: number): void {
  for (let number = Math.max(1, files - 1); existsSync(`${file}.${number}`); number += 1) rmSync(`${file}.${number}`);
  for (let number = files - 2; number >= 1; number -= 1) {
    if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
  }
  if (files > 1) renameSync(file, `${file}.1`);
  else rmSync(file);
}
