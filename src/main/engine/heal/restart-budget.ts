import { cooldownLengthMs, type CooldownLength } from '../../../shared/lib/format/cooldown-length';
import type { EarlyReason, Obstacle, SameCrash } from '../../../shared/model/crash-group';
import type { Cooldown, RestartBudget } from '../ports';

/** A number of restarts within a time. */
export interface BudgetWindow {
  restarts: number;
  windowMs: number;
}

export interface BudgetPolicy extends CooldownLength {
  /** Any one of them that is full starts a cooldown. */
  windows: readonly BudgetWindow[];
  /** What each length is multiplied by, around 1. */
  jitter: number;
}

/** Of a watch that was never restarted. */
export const FULL_BUDGET: RestartBudget = { restartsAtMs: [], cooldown: null, trips: 0 };

export type Spending = { granted: true } | Refused;

/** `cooldown` is in `budget`, too. */
export interface Refused {
  granted: false;
  budget: RestartBudget;
  cooldown: Cooldown;
}

/**
 * Asks for one automatic restart.
 *
 * | cooldown runs | a window is full | answer                                   |
 * |---------------|------------------|------------------------------------------|
 * | yes           | any              | refused, the same cooldown               |
 * | no            | yes              | refused, a cooldown starts now           |
 * | no            | no               | granted; `recordRestart` when it is done |
 */
export function askBudget(budget: RestartBudget, nowMs: number, policy: BudgetPolicy): Spending {
  if (budget.cooldown !== null) return { granted: false, budget, cooldown: budget.cooldown };
  const full = policy.windows.find((window) => countWithin(budget, nowMs, window.windowMs) >= window.restarts);
  if (full === undefined) return { granted: true };
  return refuse(budget, nowMs, policy, full.windowMs);
}

/** No restart would help: a cooldown starts now, although the budget allows another restart. */
export function stopEarly(
  budget: RestartBudget,
  nowMs: number,
  policy: BudgetPolicy,
  { firstAtMs, times, title }: SameCrash & { firstAtMs: number },
): Refused {
  const sameCrash = { times, title };
  return refuse(budget, nowMs, policy, Math.round(nowMs - firstAtMs), { sameCrash });
}

/** The same while something stands in the way of a start. */
export function stopBefore(budget: RestartBudget, nowMs: number, policy: BudgetPolicy, obstacle: Obstacle): Refused {
  return refuse(budget, nowMs, policy, policy.windows[0]?.windowMs ?? 0, { obstacle });
}

function refuse(
  budget: RestartBudget,
  nowMs: number,
  policy: BudgetPolicy,
  windowMs: number,
  early: EarlyReason = {},
): Refused {
  const cooldown: Cooldown = {
    startedAtMs: nowMs,
    untilMs: nowMs + jitteredLengthMs(budget.trips, policy),
    restarts: early.sameCrash === undefined ? countWithin(budget, nowMs, windowMs) : early.sameCrash.times - 1,
    windowMs,
    ...early,
  };
  return { granted: false, cooldown, budget: { ...budget, cooldown, trips: budget.trips + 1 } };
}

/** With its jitter; what would pass the longest cooldown is as much shorter instead, so that the longest ones differ, too. */
function jitteredLengthMs(trips: number, policy: BudgetPolicy): number {
  const lengthMs = Math.round(cooldownLengthMs(trips, policy) * policy.jitter);
  const longestMs = Math.max(policy.cooldownMs, policy.maxCooldownMs);
  return lengthMs > longestMs ? 2 * longestMs - lengthMs : lengthMs;
}

/** An automatic restart was done. */
export function recordRestart(budget: RestartBudget, nowMs: number, policy: BudgetPolicy): RestartBudget {
  const longestMs = Math.max(0, ...policy.windows.map((window) => window.windowMs));
  const kept = budget.restartsAtMs.filter((at) => nowMs - at < longestMs);
  return { ...budget, restartsAtMs: [...kept, nowMs] };
}

/** An automatic restart that was recorded did not take place. */
export function refundRestart(budget: RestartBudget, atMs: number): RestartBudget {
  const index = budget.restartsAtMs.lastIndexOf(atMs);
  return index < 0 ? budget : { ...budget, restartsAtMs: budget.restartsAtMs.toSpliced(index, 1) };
}

/** The cooldown is over: the count is zero, and only the growth remembers it. */
export function endCooldown(budget: RestartBudget): RestartBudget {
  return { ...FULL_BUDGET, trips: budget.trips };
}

/** The operator extends the cooldown. */
export function extendCooldown(budget: RestartBudget, byMs: number): RestartBudget {
  const { cooldown } = budget;
  return cooldown === null ? budget : { ...budget, cooldown: { ...cooldown, untilMs: cooldown.untilMs + byMs } };
}

/** The program has been healthy for a stable time: the next cooldown is a first one again. */
export function forgetTrips(budget: RestartBudget): RestartBudget {
  return { ...budget, trips: 0 };
}

/** Automatic restarts in the window that ends now. */
export function countWithin(budget: RestartBudget, nowMs: number, windowMs: number): number {
  return budget.restartsAtMs.filter((at) => nowMs - at < windowMs).length;
}
