const MINUTE_MS = 60_000;
/** After the tries that follow each other fast. */
const FIRST_DELAYS_MS = [1, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);
const HOURLY_TRIES = 72;

/** How far a delay may be from its length, so that messages that failed together are not tried together for ever. */
const JITTER = 0.1;

/**
 * How long to wait after this many failed attempts: 1, 5, 15 and 60 minutes, then an hour each for 3 days; null: it is given up. Tries
 * are counted and not days, so that a machine that sleeps gives nothing up. `random` is from 0 to 1.
 */
export function retryDelayMs(attempts: number, random: number): number | null {
  if (attempts > FIRST_DELAYS_MS.length + HOURLY_TRIES) return null;
  const delayMs = FIRST_DELAYS_MS[attempts - 1] ?? 60 * MINUTE_MS;
  return Math.round(delayMs * (1 + JITTER * (2 * random - 1)));
}
