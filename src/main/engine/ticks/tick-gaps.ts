import { findGap, type ClockReading, type Gap } from './gap';
import type { Clock } from '../ports';
import { toWallMs } from '../wall-time';

/** Notices, tick by tick, when nobody watched: a tick that is far too late, or a wall clock that jumped. */
export class TickGaps {
  /** When both clocks were last read together. */
  private last: (ClockReading & { intervalMs: number }) | null = null;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs' | 'wallMs'>) {}

  /** The gap before the tick that began at this monotonic time, or null. `intervalMs` is that to the next tick. */
  onTick(startedMs: number, intervalMs: number): Gap | null {
    const { clock, last } = this;
    const now = { atMs: startedMs, wallMs: toWallMs(clock, startedMs) };
    this.last = { ...now, intervalMs };
    // A tick that was planned by a longer interval is not late by a shorter one.
    return last === null ? null : findGap(last, now, Math.max(intervalMs, last.intervalMs));
  }
}
