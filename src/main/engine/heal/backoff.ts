/** Delays before the 1st, 2nd, … automatic restart in a row, in ms; the last one stays. */
const DELAYS_MS = [0, 1000, 2000, 4000, 8000] as const;

/**
 * How long to wait before the next automatic restart, after this many in a row without a healthy minute. Loops are stopped by
 * the restart budget, not by the delay.
 */
export function backoffMs(restartsInARow: number): number {
  const index = Math.min(Math.max(0, restartsInARow), DELAYS_MS.length - 1);
  return DELAYS_MS[index] ?? 0;
}

/**
 * What delays and cooldowns are multiplied by, so that programs which failed together don't start again together. `random` is
 * from 0 to 1.
 */
export function jitterFactor(percent: number, random: number): number {
  return 1 + (percent / 100) * (2 * random - 1);
}

const MAX_SHORTAGE_DELAY_MS = 60_000;

/** How long to wait for a machine that has refused to fork this many times in a row: 1, 2, 4 … 60 s, regardless of the settings. */
export function shortageDelayMs(refusals: number): number {
  return Math.min(MAX_SHORTAGE_DELAY_MS, 1000 * 2 ** Math.max(0, refusals - 1));
}

/** Errors of fork(2) that concern the machine or the limits of this engine, and not the program. */
const SHORTAGES: ReadonlySet<string> = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE']);

/** Whether a failed start is not the program's fault: it would succeed as soon as the machine has resources. */
export function isShortage(reason: string): boolean {
  return SHORTAGES.has(reason);
}
