import { ReadingRing } from '../detect/detectors/reading-ring';
import type { WatchUse } from '../../../shared/model/snapshot';

/** Five minutes at one reading a second: as long as the way to a hang or into a limit takes, as a rule. */
export const READINGS_KEPT = 300;
/** Passes may follow each other sooner. Ticks of 1 s are some ms early now and then. */
const MIN_APART_MS = 900;

export interface UseReading extends Pick<WatchUse, 'cpuPercent' | 'memoryBytes'> {
  /** Monotonic ms. */
  atMs: number;
}

/** What one watch has used of late: 32 bytes a reading, 9.6 kB in all from its first one on, so 10 MB for a thousand watches. */
export class RecentReadings {
  private rings: { cpu: ReadingRing; memory: ReadingRing } | null = null;
  /** The newest of all: it may be too soon after another to be kept, and yet be the one by which a limit was exceeded. */
  private newest: UseReading = { atMs: -Infinity, cpuPercent: 0, memoryBytes: 0 };

  add(atMs: number, { cpuPercent, memoryBytes }: WatchUse): void {
    const rings = (this.rings ??= { cpu: new ReadingRing(READINGS_KEPT), memory: new ReadingRing(READINGS_KEPT) });
    this.newest = { atMs, cpuPercent, memoryBytes };
    if (rings.cpu.length > 0 && atMs - rings.cpu.atMs(0) < MIN_APART_MS) return;
    rings.cpu.push(atMs, cpuPercent);
    rings.memory.push(atMs, memoryBytes);
  }

  /** Those of a span of time, its ends included, oldest first. */
  between(fromMs: number, untilMs: number): readonly UseReading[] {
    const readings: UseReading[] = [];
    if (this.rings === null) return readings;
    const { cpu, memory } = this.rings;
    for (let back = cpu.length - 1; back >= 0; back--) {
      const atMs = cpu.atMs(back);
      if (atMs < fromMs || atMs > untilMs) continue;
      readings.push({ atMs, cpuPercent: cpu.value(back), memoryBytes: memory.value(back) });
    }
    const { newest } = this;
    const isKept = readings.at(-1)?.atMs === newest.atMs;
    if (!isKept && newest.atMs >= fromMs && newest.atMs <= untilMs) readings.push({ ...newest });
    return readings;
  }
}
