import { seeded } from './fake-random';

/** Time as a page under test has it. */
export interface HarnessClock {
  /** Wall time, ms since the epoch. */
  now: () => number;
  /** A tick has come. */
  moveOn: () => void;
}

/** The time of the machine. */
export const REAL_CLOCK: HarnessClock = { now: () => Date.now(), moveOn: () => undefined };

/**
 * A time that stands still and moves by `stepMs` with each tick, for the whole page, and with it chance that is the same in every
 * run: two runs show the same, and two hours pass in a minute.
 */
export function takeOverTime(startAt: number, stepMs: number): HarnessClock {
  let at = startAt;
  Date.now = () => at;
  Math.random = seeded(1);
  return { now: () => at, moveOn: () => void (at += stepMs) };
}
