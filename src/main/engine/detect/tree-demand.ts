import type { ProcessSample } from '../../../shared/model/process';
import type { ProcessTable } from '../ports';

/** From here on the machine is so busy that times of threads are read, in % of the whole machine: a little before they are needed. */
const BUSY_PERCENT = 80;
/** A spinning thread gets more than this even at a load of fifty on two cores; what gets less is not read. In % of one core. */
const MIN_CPU_PERCENT = 1;
/** Below it the kernel's ticks would make a demand too rough: the times before are kept. */
const MIN_WINDOW_MS = 200;

/**
 * How much of a core the busiest thread of a tree asks for: the time that it ran or waited for a processor, in % of the time
 * that passed. On a saturated machine a spinning program gets a few percent of a core and no limit of use can see it. It is that
 * of one thread: many that wait a little each do so on every busy machine.
 */
export class TreeDemand {
  /** By thread. */
  private before: ReadonlyMap<number, number> | null = null;
  private atMs = Number.NaN;
  private latest: number | null = null;

  constructor(private readonly table: Pick<ProcessTable, 'schedulerTimes'>) {}

  /** Null while the machine is not busy, at the first reading then, and where the OS does not report it. */
  read(counted: readonly ProcessSample[], atMs: number, machineCpuPercent: number | null): number | null {
    if (machineCpuPercent === null || machineCpuPercent < BUSY_PERCENT) {
      this.before = null;
      this.latest = null;
      return null;
    }
    if (this.before !== null && atMs - this.atMs < MIN_WINDOW_MS) return this.latest;
    const now = new Map<number, number>();
    let highest = 0;
    let isKnown = this.before !== null;
    for (const sample of counted) {
      if (sample.cpuPercent < MIN_CPU_PERCENT) continue;
      const times = this.table.schedulerTimes(sample);
      if (times === null) isKnown = false;
      for (const { tid, wantedMs } of times ?? []) {
        now.set(tid, wantedMs);
        const before = this.before?.get(tid);
        if (before === undefined) continue;
        highest = Math.max(highest, Math.min(100, (100 * Math.max(0, wantedMs - before)) / (atMs - this.atMs)));
      }
    }
    this.before = now;
    this.atMs = atMs;
    this.latest = isKnown ? highest : null;
    return this.latest;
  }
}
