import type { CpuInfo } from 'node:os';

type CoreTimes = Pick<CpuInfo, 'times'>;

/** Readings closer together than this show nothing: the kernel counts in steps of 10 ms. */
const MIN_WINDOW_MS = 100;

/** % of each core in use between two readings of `os.cpus()`; null when they are too near, or cores came or went. */
export function coreLoad(before: readonly CoreTimes[], after: readonly CoreTimes[]): number[] | null {
  if (before.length !== after.length) return null;
  const percents: number[] = [];
  for (const [index, core] of after.entries()) {
    const earlier = before[index]!.times;
    const idleMs = Math.max(0, core.times.idle - earlier.idle);
    const totalMs = sum(core.times) - sum(earlier);
    if (totalMs < MIN_WINDOW_MS) return null;
    percents.push(Math.min(100, Math.max(0, 100 * (1 - idleMs / totalMs))));
  }
  return percents;
}

function sum(times: CpuInfo['times']): number {
  return times.user + times.nice + times.sys + times.idle + times.irq;
}

/** Measures the load of each core between two readings, the first of which is made with it. */
export class CoreLoadMeter {
  private before: readonly CoreTimes[];
  private last: readonly number[];

  constructor(private readonly times: () => readonly CoreTimes[]) {
    this.before = times();
    this.last = this.before.map(() => 0);
  }

  /** In % of each core, since the call before. */
  read(): readonly number[] {
    const now = this.times();
    const percents = coreLoad(this.before, now);
    if (percents === null && now.length === this.before.length) return this.last;
    this.last = percents ?? now.map(() => 0);
    this.before = now;
    return this.last;
  }
}
