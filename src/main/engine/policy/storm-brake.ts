/** Counts automatic restarts over all watches, and stops them all when there are too many. Monotonic ms. */
export interface StormBrake {
  /** Within the last minute, oldest first. */
  restartsAtMs: readonly number[];
  /** Nothing is healed until then; null while the brake is off. */
  pausedUntilMs: number | null;
}

export const RELEASED_BRAKE: StormBrake = { restartsAtMs: [], pausedUntilMs: null };

const WINDOW_MS = 60_000;

/** The last automatic restart did not come about: the machine refused it. */
export function uncountHeal(brake: StormBrake): StormBrake {
  return { ...brake, restartsAtMs: brake.restartsAtMs.slice(0, -1) };
}

/** One more automatic restart; the one that is too many puts the brake on. */
export function countHeal(brake: StormBrake, nowMs: number, policy: { restarts: number; pauseMs: number }): StormBrake {
  const restartsAtMs = [...brake.restartsAtMs.filter((at) => nowMs - at < WINDOW_MS), nowMs];
  if (brake.pausedUntilMs !== null || restartsAtMs.length <= policy.restarts) return { ...brake, restartsAtMs };
  return { restartsAtMs, pausedUntilMs: nowMs + policy.pauseMs };
}
