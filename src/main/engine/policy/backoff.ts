/** Delays before the 1st, 2nd, … automatic restart in a row, in ms; the last one stays. */
const DELAYS_MS = [0, 1000, 2000, 4000, 8000] as const;

/**
 * How long to wait before the next automatic restart, after so many in a row without a healthy minute. Loops are stopped by
 * the restart budget, not by the delay.
 */
export function backoffMs(restartsInARow: number): number {
  const index = Math.min(Math.max(0, restartsInARow), DELAYS_MS.length - 1);
  return DELAYS_MS[index] ?? 0;
}
