import type { SkipReason } from '../../../../shared/events/schedule';
import { assertNever } from '../../../../shared/lib/assert-never';
import type { HealMachine } from '../../heal/heal-state';

/**
 * What becomes of a run that is due. `pass`: nothing, and nobody needs to know; `skip`: nothing, with the reason; `overrun`: the run
 * before it has not ended.
 */
export type RunDecision =
  | { kind: 'run' }
  | { kind: 'overrun' }
  | { kind: 'pass' }
  | { kind: 'skip'; reason: SkipReason };

/**
 * | state                                    | start    | restart             |
 * |------------------------------------------|----------|---------------------|
 * | stopped by the operator, or being so     | pass     | pass                |
 * | stopped otherwise, waiting               | run      | pass                |
 * | running                                  | overrun  | run                 |
 * | running, in an incident or a cooldown    | overrun  | skip                |
 * | suspended                                | overrun  | skip                |
 * | starting, being restarted                | overrun  | pass                |
 * | waiting for a restart after a failure    | skip     | skip                |
 * | failed, also under an earlier engine     | skip     | pass                |
 *
 * In observe mode, what would be done is skipped.
 */
export function decideStart(machine: HealMachine, observed: boolean): RunDecision {
  const { state } = machine;
  if (isPaused(machine)) return { kind: 'pass' };
  switch (state.phase) {
    case 'absent':
    case 'present':
      return { kind: 'pass' };
    case 'stopped':
      if (state.reason === 'gave_up') return { kind: 'skip', reason: 'failed' };
      return observed ? { kind: 'skip', reason: 'observed' } : { kind: 'run' };
    case 'waiting':
      return observed ? { kind: 'skip', reason: 'observed' } : { kind: 'run' };
    case 'running':
    case 'suspended':
    case 'blocked':
    case 'starting':
    case 'stopping':
      return { kind: 'overrun' };
    case 'backoff':
    case 'held':
      return { kind: 'skip', reason: 'healing' };
    case 'cooldown':
      return { kind: 'skip', reason: 'cooldown' };
    case 'failed':
      return { kind: 'skip', reason: 'failed' };
    default:
      return assertNever(state);
  }
}

export function decideRestart({ state, ledger }: HealMachine, observed: boolean): RunDecision {
  switch (state.phase) {
    case 'running':
      if (state.recovery !== null && state.recovery.isQuiet !== true) return { kind: 'skip', reason: 'healing' };
      if (ledger.budget.cooldown !== null) return { kind: 'skip', reason: 'cooldown' };
      return observed ? { kind: 'skip', reason: 'observed' } : { kind: 'run' };
    case 'suspended':
      return { kind: 'skip', reason: 'suspended' };
    case 'absent':
    case 'present':
      return { kind: 'pass' };
    case 'backoff':
    case 'held':
      return { kind: 'skip', reason: 'healing' };
    case 'cooldown':
      return { kind: 'skip', reason: 'cooldown' };
    case 'stopped':
    case 'blocked':
    case 'waiting':
    case 'starting':
    case 'stopping':
    case 'failed':
      return { kind: 'pass' };
    default:
      return assertNever(state);
  }
}

/** Whether the operator has stopped it: its schedule starts it no more until the operator does. */
export function isPaused({ state }: HealMachine): boolean {
  if (state.phase === 'stopping') return state.next.kind === 'stop';
  return state.phase === 'stopped' && state.reason === 'operator';
}
