import type { HealContext, HealPolicy, RestartLedger, Recovery } from './heal-state';

/** The start of an incident: a new one, or that of the last one where the program has not run for long enough since. */
export function beginRecovery(
  ledger: RestartLedger,
  { nowMs, policy }: Pick<HealContext, 'nowMs' | 'policy'>,
): Pick<Recovery, 'openedAtMs' | 'attempts' | 'flapping'> {
  const last = ledger.lastConfirmedHeal ?? null;
  if (last === null || !isFlapping(ledger, nowMs, policy)) return { openedAtMs: nowMs, attempts: 0 };
  return { openedAtMs: last.openedAtMs, attempts: last.attempts, flapping: { held: last.attempts } };
}

/** Whether what goes wrong now belongs to the last incident: its heal held, but not for as long as it takes to trust it. */
export function isFlapping(
  { lastConfirmedHeal }: RestartLedger,
  nowMs: number,
  { flappingMs }: Pick<HealPolicy, 'flappingMs'>,
): boolean {
  return lastConfirmedHeal !== undefined && lastConfirmedHeal !== null && nowMs - lastConfirmedHeal.atMs <= flappingMs;
}

/** Restarts in a row that did not hold at all. */
export function failedAttempts(recovery: Recovery): number {
  return recovery.attempts - (recovery.flapping?.held ?? 0);
}

/** How long the program must run until the heal of this incident is confirmed; first, that it holds at all. */
export function confirmedAfterMs({ flapping, attempts }: Recovery, { verifyMs, flappingMs }: HealPolicy): number {
  return flapping !== undefined && flapping.held === attempts ? Math.max(verifyMs, flappingMs) : verifyMs;
}
