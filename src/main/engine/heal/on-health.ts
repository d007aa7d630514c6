import { startCommandOf } from '../../../shared/model/watch';
import { isFlapping } from './flapping';
import type {
  Health,
  HealContext,
  HealInput,
  HealMachine,
  HealState,
  ProbeFailure,
  RecoveryPlace,
  Transition,
} from './heal-state';
import { becameReadyReport, livenessReport, neverReadyReport, readinessLostReport } from './health-reports';
import { withoutPostponed } from './health';
import { onHealthy, onRemedy } from './on-time';
import { emitEvent, nextTryMs, stay, within } from './steps';

/*
 * What probes, or the program itself, report of a running program. In other phases they are not asked, and what is still on its way is
 * ignored.
 *
 *   input            health        incident                    done
 *   became_ready     ready         -                           a heal that waited for it may be confirmed
 *   readiness_lost   not ready     -                           nothing: it is reported
 *   never_ready      -             opens, as a failed start    restart, by the budget
 *   liveness_failed  not live      opens                       restart, by the budget
 *   liveness_holds   live          -                           a heal that waited for it may be confirmed; one that was
 *                                                              postponed is not needed any more
 */

type Running = HealState & { phase: 'running' };

export function onBecameReady(
  machine: HealMachine,
  { probe, answer, afterMs }: HealInput & { type: 'became_ready' },
  context: HealContext,
): Transition {
  const { state } = machine;
  if (state.phase !== 'running' || state.health.ready === 'yes') return stay(machine);
  const next = calmed(withHealth(state, { ready: 'yes' }), 'ready');
  // Found at work by this engine: when it became ready is not known, and nothing has happened.
  const isNews = afterMs !== null || state.health.ready === 'lost';
  const report = becameReadyReport(
    { probe, answer, afterMs: state.health.ready === 'lost' ? null : afterMs },
    state,
    context.watch,
  );
  const effects = isNews ? [emitEvent(report, within(state.recovery))] : [];
  const confirmed = onHealthy(machine, next, context);
  return { ...confirmed, effects: [...effects, ...confirmed.effects] };
}

export function onReadinessLost(
  machine: HealMachine,
  { probe, answer }: HealInput & { type: 'readiness_lost' },
  { watch }: HealContext,
): Transition {
  const { state } = machine;
  if (state.phase !== 'running' || state.health.ready === 'lost') return stay(machine);
  const report = readinessLostReport({ probe, answer }, state, watch);
  return {
    ...machine,
    state: withHealth(state, { ready: 'lost' }),
    effects: [emitEvent(report, within(state.recovery))],
  };
}

/** A start that is not done in time has failed: what it has brought up is ended, and started again as far as that is allowed. */
export function onNeverReady(
  machine: HealMachine,
  { withinMs, probe, answer }: HealInput & { type: 'never_ready' },
  context: HealContext,
): Transition {
  const { state } = machine;
  const { policy, watch } = context;
  if (state.phase !== 'running' || state.health.ready !== 'unknown') return stay(machine);
  const operation = state.recovery === null ? 'start' : 'restart';
  const { report, reason } = neverReadyReport({ withinMs, probe, answer, operation }, state, watch, {
    observed: policy.observe,
    delayMs: policy.observe || startCommandOf(watch.target) === null ? null : nextTryMs(machine, context),
  });
  const place = placeOf(machine, state, context);
  if (policy.observe) return { ...machine, effects: [emitEvent(report, within(state.recovery))] };
  return reported(onRemedy(machine, 'restart', reason, { health: 'ready' }, context), emitEvent(report, place));
}

export function onLivenessFailed(machine: HealMachine, failure: ProbeFailure, context: HealContext): Transition {
  const { state } = machine;
  const { policy, watch } = context;
  if (state.phase !== 'running') return stay(machine);
  const next = { ...machine, state: withHealth(state, { live: 'no' }) };
  const canRestart = startCommandOf(watch.target) !== null;
  const { report, reason } = livenessReport(failure, state, watch, { observed: policy.observe, canRestart });
  if (policy.observe) return { ...next, effects: [emitEvent(report, within(state.recovery))] };
  const place = placeOf(machine, state, context);
  return reported(onRemedy(next, 'restart', reason, { health: 'live' }, context), emitEvent(report, place));
}

export function onLivenessHolds(machine: HealMachine, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'running' || state.health.live === 'yes') return stay(machine);
  return onHealthy(machine, calmed(withHealth(state, { live: 'yes' }), 'live'), context);
}

/** A restart that is postponed is not needed any more where this was its reason. */
function calmed(state: Running, health: 'ready' | 'live'): Running {
  const { recovery } = state;
  return recovery?.postponedUntil === health ? { ...state, recovery: withoutPostponed(recovery) } : state;
}

function withHealth(state: Running, change: Partial<Health>): Running {
  return { ...state, health: { ...state.health, ...change } };
}

/** Where what is wrong now stands: it opens an incident, unless one is open or the last one goes on. */
function placeOf({ ledger }: HealMachine, { recovery }: Running, { nowMs, policy }: HealContext): RecoveryPlace {
  if (recovery !== null && recovery.isQuiet !== true) return 'continues';
  return isFlapping(ledger, nowMs, policy) ? 'reopens' : 'opens';
}

function reported(transition: Transition, report: Transition['effects'][number]): Transition {
  return { ...transition, effects: [report, ...transition.effects] };
}
