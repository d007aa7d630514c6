/** What a tick came to. */
export interface TickCost {
  /** Since the tick before. */
  elapsedMs: number;
  /** How late it began, and how long it took. */
  tickMs: number;
  /** CPU of the engine since the tick before, in % of one core. */
  cpuPercent: number;
}

export interface PaceBounds {
  /** The interval that is set. */
  intervalMs: number;
  /** In % of one core; null: none. */
  maxOwnCpuPercent: number | null;
}

/** How much slower than set the sampling is, and what was seen since that was last decided. A value. */
export interface Pace {
  level: number;
  /** The costs of the ticks of the running minute. */
  minute: readonly TickCost[];
  /** Means of the last whole minute; null before it. */
  last: { tickMs: number; cpuPercent: number } | null;
}

export const FULL_PACE: Pace = { level: 0, minute: [], last: null };

const STEP = 1.5;
/** So many times as long as it is set the interval gets at most. */
export const MAX_STRETCH = 4;
const MAX_LEVEL = Math.ceil(Math.log(MAX_STRETCH) / Math.log(STEP));
const DECIDED_EVERY_MS = 60_000;
/** A healthy tick takes about 1 % of its interval. */
const BUSY_SHARE = 0.1;
/** Below this, a tick is no sign of a starved machine, however short the interval is. */
const BUSY_TICK_MS = 100;
/** Quiet is well below the bound, so that the step back does not lead above it again. */
const QUIET_SHARE = 0.5;
/** A tick that comes after longer than this came after a sleep, or a stop: it counts as this much. */
const MAX_INTERVALS = 4;

/**
 * The pace after one more tick. It changes by one step a minute.
 *
 * | ticks (delay and duration) | own CPU           | step                  |
 * |----------------------------|-------------------|-----------------------|
 * | above the bound            | any               | slower                |
 * | any                        | above the bound   | slower                |
 * | below half of the bound    | below half of it  | back toward what is set |
 * | otherwise                                     || none                  |
 */
export function paced(pace: Pace, cost: TickCost, bounds: PaceBounds): Pace {
  const mostMs = MAX_INTERVALS * intervalAt(pace, bounds.intervalMs);
  const counted = {
    ...cost,
    elapsedMs: Math.min(cost.elapsedMs, mostMs),
    tickMs: Math.min(cost.tickMs, intervalAt(pace, bounds.intervalMs)),
  };
  const minute = [...pace.minute, counted];
  const elapsedMs = sum(minute, (tick) => tick.elapsedMs);
  if (elapsedMs < DECIDED_EVERY_MS) return { ...pace, minute };
  const last = {
    tickMs: sum(minute, (tick) => tick.tickMs) / minute.length,
    cpuPercent: sum(minute, (tick) => tick.cpuPercent * tick.elapsedMs) / elapsedMs,
  };
  return { level: nextLevel(pace.level, last, bounds), minute: [], last };
}

/** The interval in force, for one that is set. */
export function intervalAt({ level }: Pace, intervalMs: number): number {
  return Math.round(intervalMs * Math.min(MAX_STRETCH, STEP ** level));
}

/** The longest mean tick at full pace that is no sign of a busy machine, in ms. */
export function busyTickMs(intervalMs: number): number {
  return Math.max(BUSY_TICK_MS, BUSY_SHARE * intervalMs);
}

function nextLevel(level: number, last: { tickMs: number; cpuPercent: number }, bounds: PaceBounds): number {
  const tickShare = last.tickMs / busyTickMs(bounds.intervalMs);
  const cpuShare = bounds.maxOwnCpuPercent === null ? 0 : last.cpuPercent / bounds.maxOwnCpuPercent;
  const worst = Math.max(tickShare, cpuShare);
  if (worst > 1) return Math.min(MAX_LEVEL, level + 1);
  return worst < QUIET_SHARE ? Math.max(0, level - 1) : level;
}

function sum(ticks: readonly TickCost[], of: (tick: TickCost) => number): number {
  return ticks.reduce((total, tick) => total + of(tick), 0);
}
