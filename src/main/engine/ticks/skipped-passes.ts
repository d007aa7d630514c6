import type { Clock, Dispose, Machine, MachineActivity } from '../ports';

/** This many more threads than at the last pass lead to a pass at once: a fork bomb has them within a fraction of a second. */
const SURGE = 50;
/** So do this many processes since the last pass: a bomb that follows another has no more threads than that one had. */
const MANY_BIRTHS = 500;
/** Polls per interval that is set. */
const POLLS_PER_INTERVAL = 2;

export interface SkippedPassesDependencies {
  clock: Pick<Clock, 'after'>;
  machine: Pick<Machine, 'activity'>;
  /** The interval that is set, and the one in force. */
  intervals: () => { setMs: number; inForceMs: number };
  /** Asks for a pass soon. */
  scanSoon: () => void;
}

/**
 * While passes are skipped to spare a busy machine, two numbers stand for them, twice in each interval that is set: how many threads there
 * are, and how many processes were born. Where much comes or goes, passes are made as often as set, so that a fork bomb is
 * found as soon as at full pace; where little does, a pass would show little.
 */
export class SkippedPasses {
  private atPass: MachineActivity | null = null;
  private polls = 0;
  private cancel: Dispose | null = null;

  constructor(private readonly dependencies: SkippedPassesDependencies) {}

  /** A pass was made. */
  onTick(): void {
    this.dispose();
    this.atPass = this.dependencies.machine.activity();
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
    if (now !== null && this.atPass !== null && this.isWorthAPass(now, this.atPass)) return scanSoon();
    this.arm();
  }

  private isWorthAPass(now: MachineActivity, atPass: MachineActivity): boolean {
    const more = now.threads - atPass.threads;
    if (more >= SURGE) return true;
    // Never more often than set.
    return this.polls >= POLLS_PER_INTERVAL && (-more >= SURGE || birthsBetween(atPass, now) >= MANY_BIRTHS);
  }
}

/** Pids are given out one after the other; when they have come round, nobody knows how many it were. */
function birthsBetween(before: MachineActivity, after: MachineActivity): number {
  return after.newestPid >= before.newestPid ? after.newestPid - before.newestPid : MANY_BIRTHS;
}
