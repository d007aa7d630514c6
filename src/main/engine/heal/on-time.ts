import { assertNever } from '../../../shared/lib/assert-never';
import { formatDuration } from '../../../shared/lib/format/duration';
import { startCommandOf } from '../../../shared/model/watch';
import { cooldownEndedReport, recoveredReport, suspendedReport } from './heal-reports';
import {
  type HealContext,
  type HealMachine,
  type HealState,
  type RemedyAction,
  type Recovery,
  type Transition,
} from './heal-state';
import type { LimitMetric } from '../../../shared/findings';
import { askBudget, endCooldown, forgetTrips } from './restart-budget';
import type { Cooldown } from '../ports';
import { beginRecovery } from './flapping';
import { onForbiddenAllowed, onStayedAway } from './forbidden/transition';
import { onDependenciesChanged } from './on-dependencies';
import { isHealOpen, isWorking, withoutPostponed } from './health';
import { onStartOverdue } from './on-overdue';
import { clearThen, launch, placeIn, restartNow, spend, stay, recoveryOf, emitEvent } from './steps';
import { noStartCommandReport } from './start-reports';

/** What a limit, a detector or a probe wants done about a running watch; `about`: what must be right again for its heal to hold. */
export function onRemedy(
  machine: HealMachine,
  action: RemedyAction,
  reason: string,
  about: { metric: LimitMetric } | { health: 'ready' | 'live' } | null,
  context: HealContext,
): Transition {
  const { state } = machine;
  const { nowMs, policy, watch } = context;
  if (state.phase !== 'running') return stay(machine);
  const oldPid = state.processes[0]?.pid ?? null;
  const recovery: Recovery = {
    ...withoutPostponed(state.recovery ?? beginRecovery(machine.ledger, context)),
    ...(about !== null && 'metric' in about ? { limit: { metric: about.metric, holds: false } } : {}),
    downSinceMs: nowMs,
    oldPid,
  };
  const reported = { ...machine, state: { ...state, recovery } };
  switch (action) {
    case 'suspend':
      return {
        ...machine,
        state: { phase: 'suspended', sinceMs: nowMs, processes: state.processes, reason, recovery },
        effects: [
          { type: 'signal', processes: state.processes, signal: 'SIGSTOP' },
          emitEvent(suspendedReport(reason, state.processes, watch), 'continues'),
        ],
      };
    case 'kill':
      return clearThen(reported, state.processes, { kind: 'kill', reason }, context);
    case 'freeze_and_kill':
      return clearThen(reported, state.processes, { kind: 'kill', reason }, context, true);
    case 'restart': {
      // Ending what nothing would start again makes it worse.
      if (startCommandOf(watch.target) === null) {
        const report = noStartCommandReport(reason, state.processes, watch);
        // Nothing follows: whatever was found of it, its incident is over with this.
        return { ...machine, state: { ...state, recovery: null }, effects: [emitEvent(report, 'closes')] };
      }
      const until = about !== null && 'health' in about ? { postponedUntil: about.health } : {};
      const postponed = { ...state, recovery: { ...recovery, postponed: reason, ...until } };
      if (context.healingPaused) return { ...machine, state: postponed, effects: [] };
      const asked = askBudget(machine.ledger.budget, nowMs, policy.budget);
      if (asked.granted) return clearThen(reported, state.processes, { kind: 'heal', reason }, context);
      // Ending a program that may not be started again would make it worse: it is left running, and that is reported.
      return { state: postponed, ...spend(machine, asked, recovery, context) };
    }
    default:
      return assertNever(action);
  }
}

/** Restarts are allowed again: a program that runs on, although it was to be restarted, by itself or with others, is restarted now. */
export function onHealAllowed(machine: HealMachine, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase === 'present') return onForbiddenAllowed(machine, context);
  if (state.phase !== 'running') return stay(machine);
  const reason = state.recovery?.postponed;
  if (reason === undefined) return onDependenciesChanged(machine, context);
  if (context.policy.observe) return stay(machine);
  return onRemedy(machine, 'restart', reason, null, context);
}

export function onDue(machine: HealMachine, context: HealContext): Transition {
  const { cooldown } = machine.ledger.budget;
  if (cooldown !== null && context.nowMs >= cooldown.untilMs) return onCooldownOver(machine, cooldown, context);
  const { state } = machine;
  switch (state.phase) {
    case 'backoff':
      if (context.nowMs < state.dueMs) return stay(machine);
      if (context.policy.observe) return restartNow(machine, state.recovery, [], context);
      if (state.shortage !== null)
        return launch(machine, state.shortage.cause, state.recovery, context, state.shortage);
      if (context.healingPaused) return restartNow(machine, state.recovery, [], context);
      return launch(machine, { kind: 'heal', actor: 'engine' }, state.recovery, context);
    case 'starting':
      if (state.appearByMs === null || context.nowMs < state.appearByMs) return stay(machine);
      return onStartOverdue(machine, {
        reason: 'no_match',
        message: `the start command ran, but nothing that matches appeared within ${formatDuration(state.appearByMs - state.sinceMs)}`,
      });
    case 'running':
      return onHealthy(machine, state, context);
    case 'stopped':
    case 'blocked':
    case 'waiting':
    case 'stopping':
    case 'cooldown':
    case 'held':
    case 'suspended':
    case 'failed':
    case 'present':
      return stay(machine);
    case 'absent':
      return onStayedAway(machine, state, context);
    default:
      return assertNever(state);
  }
}

/** The count is zero again; who is down because of the cooldown gets its trial. */
function onCooldownOver(machine: HealMachine, cooldown: Cooldown, context: HealContext): Transition {
  const { state, ledger } = machine;
  const recovery = recoveryOf(state);
  const fresh = {
    ...machine,
    ledger: { ...ledger, consecutive: 0, budget: endCooldown(ledger.budget), lastExits: [] },
  };
  const reported = emitEvent(cooldownEndedReport(cooldown, context.nowMs, context.watch), placeIn(state));
  if (state.phase === 'cooldown') return restartNow(fresh, recovery, [reported], context);
  const resumed = onHealAllowed(fresh, context);
  return { ...resumed, effects: [reported, ...resumed.effects] };
}

/** The limit that a program was restarted for is kept again: the last thing that its heal may have waited for. */
export function onLimitHolds(machine: HealMachine, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'running' || state.recovery?.limit === undefined) return stay(machine);
  const recovery: Recovery = { ...withoutPostponed(state.recovery), limit: { ...state.recovery.limit, holds: true } };
  return onHealthy(machine, { ...state, recovery }, context);
}

/** A program runs, and time has passed or something is as it should be: what was unsure becomes sure, a step at a time. */
export function onHealthy(
  machine: HealMachine,
  state: HealState & { phase: 'running' },
  context: HealContext,
): Transition {
  const { nowMs, policy, watch } = context;
  const healthyMs = nowMs - state.sinceMs;
  let { ledger } = machine;
  if (!isWorking(state, policy)) return { state, ledger, effects: [] };
  if (ledger.consecutive > 0 && healthyMs >= policy.healthyMs) ledger = { ...ledger, consecutive: 0, lastExits: [] };
  if (ledger.budget.trips > 0 && healthyMs >= policy.stableMs) {
    ledger = { ...ledger, budget: forgetTrips(ledger.budget) };
  }
  const { recovery, processes } = state;
  if (recovery === null || healthyMs < policy.verifyMs || isHealOpen(state, policy))
    return { state, ledger, effects: [] };
  if (recovery.flapping !== undefined && healthyMs < policy.flappingMs) {
    // It holds, but so did the last one: that is reported once it has held for longer.
    return {
      state: { ...state, recovery: { ...recovery, flapping: { held: recovery.attempts } } },
      ledger,
      effects: [],
    };
  }
  const report = recoveredReport(recovery, processes[0]?.pid ?? null, healthyMs, watch, nowMs);
  const lastConfirmedHeal =
    recovery.isQuiet === true ? null : { atMs: nowMs, openedAtMs: recovery.openedAtMs, attempts: recovery.attempts };
  return {
    state: { ...state, recovery: null },
    ledger: { ...ledger, lastConfirmedHeal },
    effects: [emitEvent(report, 'closes')],
  };
}
