/** How long cooldowns are. */
export interface CooldownLength {
  /** Of the first one, in ms. */
  cooldownMs: number;
  /** Whether each one without stable uptime since the one before is twice as long. */
  growth: boolean;
  maxCooldownMs: number;
}

/** The length of the next cooldown in ms, after this many in a row. */
export function cooldownLengthMs(trips: number, { cooldownMs, growth, maxCooldownMs }: CooldownLength): number {
  if (!growth) return cooldownMs;
  return Math.min(Math.max(cooldownMs, maxCooldownMs), cooldownMs * 2 ** Math.min(trips, 30));
}
