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

/** The load of each core since the call before; of the time since its creation in the first. */
export function createCoreLoadMeter(read: () => readonly CoreTimes[]): () => readonly number[] {
  let before = read();
  let last: readonly number[] = before.map(() => 0);
  return () => {
    const now = read();
    const percents = coreLoad(before, now);
    if (percents !== null) {
      last = percents;
      before = now;
    } else if (now.length !== before.length) {
      last = now.map(() => 0);
      before = now;
    }
    return last;
  };
}
