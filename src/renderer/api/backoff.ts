/** Waits between attempts to reach the engine again, in ms: quick at first, never more than ten seconds apart. */
const STEPS_MS = [250, 500, 1000, 2000, 5000, 10_000] as const;

/** How long to wait before the attempt with this number (from 1). `chance` (0 to 1) spreads several windows by a fifth. */
export function reconnectDelayMs(attempt: number, random: number): number {
  const step = STEPS_MS[Math.min(attempt, STEPS_MS.length) - 1] ?? STEPS_MS[0];
  return Math.round(step * (0.9 + 0.2 * random));
}
