import type { Clock, Dispose, Machine, MachineActivity } from '../ports';

/** This many more threads than at the last scan lead to a scan at once: a fork bomb has them within a fraction of a second. */
const SURGE = 50;
/** So do this many processes since the last scan: a bomb that follows another has no more threads than that one had. */
const MANY_BIRTHS = 500;
/** Polls per interval that is set. */
const POLLS_PER_INTERVAL = 2;

export interface SkippedScansDependencies {
  clock: Pick<Clock, 'after'>;
  machine: Pick<Machine, 'activity'>;
  /** The interval that is set, and the one in force. */
  intervals: () => { setMs: number; inForceMs: number };
  /** Asks for a scan soon. */
  scanSoon: () => void;
}

/**
 * While scans are skipped to spare a busy machine, two numbers stand for them, twice in each interval that is set: how many threads there
 * are, and how many processes were born. Where much comes or goes, scans are made as often as set, so that a fork bomb is
 * found as soon as at full pace; where little does, a scan would show little.
 */
export class SkippedScans {
  private atScan: MachineActivity | null = null;
  private polls = 0;
  private cancel: Dispose | null = null;

  constructor(private readonly dependencies: SkippedScansDependencies) {}

  /** A scan was made. */
  onTick(): void {
    this.dispose();
    this.atScan = this.dependencies.machine.activity();
    this.polls = 0;
    this.arm();
  }

  dispose(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private arm(): void {
    const { clock, intervals } = this.dependencies;
    const { setMs, inForceMs } = intervals();
    if (inForceMs <= setMs) return;
    this.cancel = clock.after(setMs / POLLS_PER_INTERVAL, () => this.poll());
  }

  private poll(): void {
    const { machine, scanSoon } = this.dependencies;
    this.polls += 1;
    const now = machine.activity();
    if (now !== null && this.atScan !== null && this.isWorthAScan(now, this.atScan)) return scanSoon();
    this.arm();
  }

  private isWorthAScan(now: MachineActivity, atScan: MachineActivity): boolean {
    const more = now.threads - atScan.threads;
    if (more >= SURGE) return true;
    // Never more often than set.
    return this.polls >= POLLS_PER_INTERVAL && (-more >= SURGE || birthsBetween(atScan, now) >= MANY_BIRTHS);
  }
}

/** Pids are given out one after the other; when they have come round, nobody knows how many it were. */
function birthsBetween(before: MachineActivity, after: MachineActivity): number {
  return after.newestPid >= before.newestPid ? after.newestPid - before.newestPid : MANY_BIRTHS;
}
