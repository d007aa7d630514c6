import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { formatDuration } from '../../../shared/lib/format/duration';
import { formatBytes } from '../../../shared/lib/format/values';
import type { Notify } from '../files/notice';
import { cutToTail } from './rotate-file';

/** A file that grew beyond so many times its size before it was looked at again is written by a flood. */
const FLOOD_FACTOR = 2;
/** So is one that was rotated so often within so long. */
const MAX_ROTATIONS = 10;
const ROTATIONS_WINDOW_MS = 10_000;
/** A flood that was not cut for so long is over. */
const FLOOD_OVER_MS = 10_000;
/** The most that is kept at each cut of a flood. */
const MAX_FLOOD_TAIL_BYTES = 8_000_000;

/** How large an output file may grow, and how many files are kept of it. */
export interface OutputLimits {
  maxBytes: number;
  files: number;
}

/** A program that writes faster than its files can be rotated. */
interface Flood {
  sinceMs: number;
  lastCutMs: number;
  droppedBytes: number;
}

/** A file larger than this is written by a flood. */
export function floodBytes({ maxBytes }: OutputLimits): number {
  return FLOOD_FACTOR * maxBytes;
}

/** Knows which files grow faster than they can be rotated, cuts those to their end, and reports when that begins and ends. */
export class FloodCutter {
  private readonly floods = new Map<string, Flood>();
  /** Times of the last rotations by file, oldest first. */
  private readonly rotations = new Map<string, readonly number[]>();

  constructor(private readonly notify: Notify) {}

  isFlood(path: string, sizeBytes: number, limits: OutputLimits, nowMs: number): boolean {
    return sizeBytes > floodBytes(limits) || this.recentRotations(path, nowMs).length >= MAX_ROTATIONS;
  }

  /** A file is about to be rotated; what is rotated too often is a flood. */
  countRotation(path: string, nowMs: number): void {
    this.rotations.set(path, [...this.recentRotations(path, nowMs), nowMs]);
  }

  async cut(path: string, { maxBytes, files }: OutputLimits, nowMs: number): Promise<void> {
    const { size } = await stat(path);
    const flood = this.floods.get(path);
    const keepBytes = Math.min(maxBytes, MAX_FLOOD_TAIL_BYTES);
    this.floods.set(path, flood ?? { sinceMs: nowMs, lastCutMs: nowMs, droppedBytes: 0 });
    const { droppedBytes } = await cutToTail(path, { files, keepBytes, isFirst: flood === undefined });
    this.floods.set(path, {
      sinceMs: flood?.sinceMs ?? nowMs,
      lastCutMs: performance.now(),
      droppedBytes: (flood?.droppedBytes ?? 0) + droppedBytes,
    });
    if (flood !== undefined) return;
    const detail = `${basename(path)} grew to ${formatBytes(size)} before it could be rotated: only its last ${formatBytes(keepBytes)} are kept; this repeats while it grows that fast`;
    this.notify({ topic: basename(path), severity: 'warning', detail });
  }

  /** Reports the floods that are over, and forgets them. */
  endFloods(): void {
    const nowMs = performance.now();
    for (const [path, { sinceMs, lastCutMs, droppedBytes }] of this.floods) {
      if (nowMs - lastCutMs < FLOOD_OVER_MS) continue;
      this.floods.delete(path);
      const detail = `${basename(path)} grows at a normal rate again: ${formatBytes(droppedBytes)} were dropped within ${formatDuration(lastCutMs - sinceMs)}`;
      this.notify({ topic: basename(path), severity: 'info', detail });
    }
  }

  private recentRotations(path: string, nowMs: number): readonly number[] {
    return (this.rotations.get(path) ?? []).filter((at) => nowMs - at < ROTATIONS_WINDOW_MS);
  }
}
