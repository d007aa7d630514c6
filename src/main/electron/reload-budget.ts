/** At most so many reloads of a crashing page in so long a time: a page that crashes at once is not loaded for ever. */
export const RELOADS = { most: 3, withinMs: 60_000 } as const;

/** Whether a page that crashed at `now` may be loaded again, given when it was before; and those times for the next. */
export function spendReload(earlier: readonly number[], now: number): { allowed: boolean; times: readonly number[] } {
  const recent = earlier.filter((at) => now - at < RELOADS.withinMs);
  if (recent.length >= RELOADS.most) return { allowed: false, times: recent };
  return { allowed: true, times: [...recent, now] };
}
