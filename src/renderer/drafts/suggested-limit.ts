/** Fewest readings that a limit is suggested from. */
const MIN_READINGS = 30;
/** How far a limit lies above what was usual. */
const HEADROOM = 1.5;

/**
 * A limit for what was read: the 99th percentile and half of it more, rounded up to two digits; null where too little was read.
 * `least` is the smallest limit that makes sense, in the unit of the readings.
 */
export function suggestLimit(readings: readonly (number | null)[], least: number): number | null {
  const known = readings.filter((value): value is number => value !== null).toSorted((one, other) => one - other);
  if (known.length < MIN_READINGS) return null;
  const usual = known[Math.ceil(known.length * 0.99) - 1] ?? 0;
  const limit = usual * HEADROOM;
  if (limit <= least) return least;
  // Whole units: no limit is a fraction of a percent or of a byte.
  const step = Math.max(1, 10 ** (Math.floor(Math.log10(limit)) - 1));
  return Math.ceil(Math.round((limit / step) * 1e6) / 1e6) * step;
}
