import { availableParallelism } from 'node:os';
import { MS_PER_TICK } from './system-facts';

/** More than all cores together can't have been used within a window: what is beyond it was used before somebody looked. */
const MAX_PERCENT = 100 * availableParallelism();

/**
 * Processor time of the children of one process that have ended. The kernel adds all that a child ever used to cutime and
 * cstime of its parent (proc(5), fields 16 and 17) when that waits for it: what the child's own readings have shown before
 * is taken off again, so that nothing counts twice.
 */
export class ReapedTime {
  /** Ticks of ended children that the last reading showed. */
  seenTicks = 0;
  /** % of one core in the last window. */
  percent = 0;
  private windowTicks = 0;
  private grownTicks = 0;
  private windowMs = 0;
  /** Ticks of children that are gone and were counted by their own readings, and how many of them the newest pass found. */
  private countedTicks = 0;
  private newestTicks = 0;
  private newestPass = -1;

  /** True while there is nothing to count or to take off. */
  get isIdle(): boolean {
    return this.percent === 0 && this.countedTicks === 0 && this.seenTicks === this.windowTicks;
  }

  begin(ticks: number): void {
    this.seenTicks = ticks;
    this.windowTicks = ticks;
  }

  /** The window ends with what was seen last; true when `settle` has something to do. */
  closeWindow(elapsedMs: number): boolean {
    this.grownTicks = Math.max(0, this.seenTicks - this.windowTicks);
    this.windowMs = elapsedMs;
    this.windowTicks = this.seenTicks;
    this.percent = 0;
    return this.grownTicks > 0 || this.countedTicks > 0;
  }

  /** A child, or one of its descendants, is gone since the last scan: its readings had shown `ticks`. */
  childGone(ticks: number, pass: number): void {
    if (this.newestPass !== pass) this.newestTicks = 0;
    this.newestPass = pass;
    this.newestTicks += ticks;
    this.countedTicks += ticks;
  }

  /** What the window grew by without what was counted before. */
  settle(pass: number): void {
    const taken = Math.min(this.grownTicks, this.countedTicks);
    const percent = this.windowMs > 0 ? (100 * (this.grownTicks - taken) * MS_PER_TICK) / this.windowMs : 0;
    this.percent = Math.min(percent, MAX_PERCENT);
    // Who was read before its child ended shows that only in its next reading. What is older than that never comes: its
    // parent does not wait for its children (wait(2), SIGCHLD ignored), or somebody else has.
    const late = this.newestPass === pass ? this.newestTicks : 0;
    this.countedTicks = Math.min(late, this.countedTicks - taken);
    this.grownTicks = 0;
  }
}
