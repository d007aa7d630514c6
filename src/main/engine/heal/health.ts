import type { HealPolicy, HealState, Recovery } from './heal-state';

type Running = HealState & { phase: 'running' };

/** Whether a running program is ready, as far as anybody can ask: without a probe for it, it is as soon as it runs. */
export function isReady({ health }: Running, { probed }: Pick<HealPolicy, 'probed'>): boolean {
  return health.ready === 'yes' || (health.ready === 'unknown' && !probed.ready);
}

/** Whether it does what it is for, as far as anybody can ask. */
export function isWorking(state: Running, policy: Pick<HealPolicy, 'probed'>): boolean {
  return (
    isReady(state, policy) && (state.health.live === 'yes' || (state.health.live === 'unknown' && !policy.probed.live))
  );
}

/** Whether something other than time is still missing for the heal of its incident to be confirmed. */
export function isHealOpen(state: Running, policy: Pick<HealPolicy, 'probed'>): boolean {
  const { recovery } = state;
  if (recovery?.limit?.holds === false || recovery?.postponed !== undefined) return true;
  return !isWorking(state, policy);
}

/** It is to be restarted for that reason no more. */
export function withoutPostponed<S extends Partial<Recovery>>(recovery: S): Omit<S, 'postponed' | 'postponedUntil'> {
  const { postponed: _, postponedUntil: __, ...rest } = recovery;
  return rest;
}
