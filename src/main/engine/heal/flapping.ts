import type { HealContext, HealPolicy, RestartLedger, Story } from './heal-state';

/** The start of a story: a new one, or that of the last one where the program has not run for long enough since. */
export function beginStory(
  ledger: RestartLedger,
  { nowMs, policy }: Pick<HealContext, 'nowMs' | 'policy'>,
): Pick<Story, 'openedAtMs' | 'attempts' | 'flapping'> {
  const last = ledger.lastRecovery ?? null;
  if (last === null || !isFlapping(ledger, nowMs, policy)) return { openedAtMs: nowMs, attempts: 0 };
  return { openedAtMs: last.openedAtMs, attempts: last.attempts, flapping: { held: last.attempts } };
}

/** Whether what goes wrong now belongs to the last incident: its heal held, but not for as long as it takes to trust it. */
export function isFlapping(
  { lastRecovery }: RestartLedger,
  nowMs: number,
  { flappingMs }: Pick<HealPolicy, 'flappingMs'>,
): boolean {
  return lastRecovery !== undefined && lastRecovery !== null && nowMs - lastRecovery.atMs <= flappingMs;
}

/** Restarts in a row that did not hold at all. */
export function failedAttempts(story: Story): number {
  return story.attempts - (story.flapping?.held ?? 0);
}

/** How long the program must run until the heal of this story is confirmed; first, that it holds at all. */
export function confirmedAfterMs({ flapping, attempts }: Story, { verifyMs, flappingMs }: HealPolicy): number {
  return flapping !== undefined && flapping.held === attempts ? Math.max(verifyMs, flappingMs) : verifyMs;
}
