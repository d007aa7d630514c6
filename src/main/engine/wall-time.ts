import type { Clock } from './ports';

type Now = Pick<Clock, 'monotonicMs' | 'wallMs'>;

/** The wall time, in whole ms, that a monotonic moment has as the clocks stand now. */
export function toWallMs(clock: Now, monotonicMs: number): number {
  return Math.round(clock.wallMs() - (clock.monotonicMs() - monotonicMs));
}

/** The monotonic moment, in ms, that a wall time has as the clocks stand now. */
export function toMonotonicMs(clock: Now, wallMs: number): number {
  return clock.monotonicMs() - (clock.wallMs() - wallMs);
}
