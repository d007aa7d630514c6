import { assertNever } from '../../../shared/lib/assert-never';
import { type HealContext, type HealInput, type HealMachine, type HealPolicy, type Transition } from './heal-state';
import { onExtendCooldown, onResetCooldown, onRestart, onStart, onStop } from './on-operator';
import { onCleared, onExited, onFound, onLaunched, onLaunchFailed } from './on-process';
import { onStartExamined, onStartOverdue } from './on-overdue';
import { confirmedAfterMs } from './flapping';
import { absentDueMs, onForbiddenAllowed, onSighted } from './forbidden/transition';
import { isHealOpen, isWorking } from './health';
import { onCauseGone, onLeftoversFound, onObstructed } from './on-cause';
import { onDependenciesChanged } from './on-dependencies';
import { onBecameReady, onLivenessFailed, onLivenessHolds, onNeverReady, onReadinessLost } from './on-health';
import { onDue, onHealAllowed, onLimitHolds, onRemedy } from './on-time';
import { onSucceeded } from './on-succession';
import { onTakenOver } from './on-takeover';
import { withRuns } from './runs';
import { isLeftDown, restartNow } from './steps';

/** The next state and what is to be done, for everything that can happen. Pure. */
export function transition(machine: HealMachine, input: HealInput, context: HealContext): Transition {
  return withRuns(machine, dealtWith(machine, input, context), input, context);
}

function dealtWith(machine: HealMachine, input: HealInput, context: HealContext): Transition {
  switch (input.type) {
    case 'taken_over':
      return onTakenOver(machine, input, context);
    case 'start':
      return onStart(machine, input, context);
    case 'stop':
      return onStop(machine, input.actor, context);
    case 'restart':
      return onRestart(machine, input.actor, context);
    case 'launched':
      return onLaunched(machine, input.identity, context);
    case 'launch_failed':
      return onLaunchFailed(machine, input.failure, context);
    case 'start_overdue':
      return onStartOverdue(machine, input.failure);
    case 'start_examined':
      return onStartExamined(machine, input, context);
    case 'found':
      return onFound(machine, input.processes, context);
    case 'exited':
      return onExited(machine, input, context);
    case 'succeeded':
      return onSucceeded(machine, input, context);
    case 'cleared':
      return onCleared(machine, input.result, context);
    case 'sighted':
      return onSighted(machine, input.programs, context);
    case 'remedy':
      return onRemedy(machine, input.action, input.reason, input.metric && { metric: input.metric }, context);
    case 'limit_holds':
      return onLimitHolds(machine, context);
    case 'became_ready':
      return onBecameReady(machine, input, context);
    case 'readiness_lost':
      return onReadinessLost(machine, input, context);
    case 'never_ready':
      return onNeverReady(machine, input, context);
    case 'liveness_failed':
      return onLivenessFailed(machine, input.failure, context);
    case 'liveness_holds':
      return onLivenessHolds(machine, context);
    case 'dependencies_changed':
      return onDependenciesChanged(machine, context);
    case 'observe_over':
      return isLeftDown(machine, context)
        ? restartNow(machine, null, [], context)
        : onForbiddenAllowed(machine, context);
    case 'reset_cooldown':
      return onResetCooldown(machine, input.actor, context);
    case 'extend_cooldown':
      return onExtendCooldown(machine, input.actor, input.byMs, context);
    case 'storm_over':
      return machine.state.phase === 'held'
        ? restartNow(machine, machine.state.recovery, [], context)
        : onHealAllowed(machine, context);
    case 'obstructed':
      return onObstructed(machine, input.obstacle, context);
    case 'leftovers_found':
      return onLeftoversFound(machine, context);
    case 'cause_gone':
      return onCauseGone(machine, input.end, context);
    case 'due':
      return onDue(machine, context);
    default:
      return assertNever(input);
  }
}

/** When `due` is next worth sending, or null. */
export function nextDueMs({ state, ledger }: HealMachine, policy: HealPolicy): number | null {
  const moments: number[] = [];
  if (ledger.budget.cooldown !== null) moments.push(ledger.budget.cooldown.untilMs);
  switch (state.phase) {
    case 'backoff':
      moments.push(state.dueMs);
      break;
    case 'starting':
      if (state.appearByMs !== null && state.overdue === null) moments.push(state.appearByMs);
      break;
    case 'running':
      // What is not as it should be yet is waited for, whatever the time.
      if (state.recovery !== null && !isHealOpen(state, policy)) {
        moments.push(state.sinceMs + confirmedAfterMs(state.recovery, policy));
      }
      if (!isWorking(state, policy)) break;
      if (ledger.consecutive > 0) moments.push(state.sinceMs + policy.healthyMs);
      if (ledger.budget.trips > 0) moments.push(state.sinceMs + policy.stableMs);
      break;
    case 'absent':
      moments.push(...absentDueMs({ state, ledger }, policy));
      break;
    case 'stopped':
    case 'blocked':
    case 'waiting':
    case 'stopping':
    case 'cooldown':
    case 'held':
    case 'suspended':
    case 'failed':
    case 'present':
      break;
    default:
      return assertNever(state);
  }
  return moments.length === 0 ? null : Math.min(...moments);
}
