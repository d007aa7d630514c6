import { assertNever } from '../../../shared/lib/assert-never';
import { type Actor } from '../../../shared/model/event';
import { isForbidden, startCommandOf } from '../../../shared/model/watch';
import { allow, forbid } from './forbidden/transition';
import { onHealAllowed } from './on-time';
import { cooldownExtendedReport, cooldownResetReport } from './heal-reports';
import {
  UNKNOWN_HEALTH,
  type HealContext,
  type HealMachine,
  type HealState,
  type Next,
  type Transition,
} from './heal-state';
import { extendCooldown, FULL_BUDGET } from './restart-budget';
import { clearThen, launch, placeIn, restartNow, stay, recoveryOf, emitEvent } from './steps';

export function onStart(
  machine: HealMachine,
  { actor, strays }: { actor: Actor; strays: boolean },
  context: HealContext,
): Transition {
  const { state } = machine;
  if (state.phase === 'suspended') return resume(machine, state, context);
  if (isForbidden(context.watch)) return state.phase === 'stopped' ? forbid(machine, false, context) : stay(machine);
  if (startCommandOf(context.watch.target) === null) return onWatchAgain(machine, context);
  switch (state.phase) {
    case 'running':
    case 'starting':
    case 'blocked':
      return stay(machine);
    case 'stopping':
      // Started again before its stop was through: it comes back as soon as nothing of it is left.
      return { ...machine, state: { ...state, next: { kind: 'restart', actor } }, effects: [] };
    case 'absent':
    case 'present':
      return stay(machine);
    case 'stopped':
    case 'waiting':
    case 'backoff':
    case 'cooldown':
    case 'held':
    case 'failed':
      // Never beside something that an earlier start has left: it may hold the port, or be the program itself.
      if (strays) return clearThen(machine, [], { kind: 'start', actor }, context);
      return launch(machine, { kind: 'start', actor }, recoveryOf(state), context);
    default:
      return assertNever(state);
  }
}

/** Without a start command there is only somebody else's start to look out for, where nobody looks out for it already. */
function onWatchAgain(machine: HealMachine, { nowMs }: HealContext): Transition {
  const { state } = machine;
  const isOver = state.phase === 'stopped' || (state.phase === 'failed' && state.processes.length === 0);
  if (!isOver) return stay(machine);
  return { ...machine, state: { phase: 'waiting', sinceMs: nowMs, recovery: null }, effects: [] };
}

export function onStop(machine: HealMachine, actor: Actor, context: HealContext): Transition {
  const { state } = machine;
  if (isForbidden(context.watch)) return allow(machine, actor, context);
  switch (state.phase) {
    case 'absent':
    case 'present':
      return stay(machine);
    case 'stopping':
      return { ...machine, state: { ...state, next: { kind: 'stop', actor } }, effects: [] };
    case 'running':
    case 'suspended':
    case 'failed':
      return clearThen(machine, state.processes, { kind: 'stop', actor }, context);
    case 'stopped':
    case 'blocked':
    case 'starting':
    case 'waiting':
    case 'backoff':
    case 'cooldown':
    case 'held':
      // What a start has brought up so far, or an earlier life has left, is known by its mark only.
      return clearThen(machine, [], { kind: 'stop', actor }, context);
    default:
      return assertNever(state);
  }
}

export function onRestart(machine: HealMachine, actor: Actor, context: HealContext): Transition {
  const { state } = machine;
  const next: Next = { kind: 'restart', actor };
  switch (state.phase) {
    case 'absent':
    case 'present':
      return stay(machine);
    case 'running':
    case 'suspended':
      return clearThen(machine, state.processes, next, context);
    case 'failed':
      return clearThen(machine, state.processes, next, context);
    case 'stopping':
      return { ...machine, state: { ...state, next }, effects: [] };
    case 'starting':
      // A start that does not get on is the operator's to end.
      return state.overdue === null ? stay(machine) : clearThen(machine, [], next, context);
    case 'stopped':
    case 'blocked':
    case 'waiting':
    case 'backoff':
    case 'cooldown':
    case 'held':
      return clearThen(machine, [], next, context);
    default:
      return assertNever(state);
  }
}

/** A suspended program is resumed by the operator. */
export function resume(
  machine: HealMachine,
  state: HealState & { phase: 'suspended' },
  { nowMs }: HealContext,
): Transition {
  const { processes, recovery } = state;
  return {
    ...machine,
    state: { phase: 'running', sinceMs: nowMs, processes, recovery, health: UNKNOWN_HEALTH },
    effects: [{ type: 'signal', processes, signal: 'SIGCONT' }],
  };
}

export function onResetCooldown(machine: HealMachine, actor: Actor, context: HealContext): Transition {
  const { state, ledger } = machine;
  const { cooldown } = ledger.budget;
  const fresh = { ...machine, ledger: { ...ledger, consecutive: 0, budget: FULL_BUDGET, lastExits: [] } };
  if (cooldown === null) return { ...fresh, effects: [] };
  const recovery = recoveryOf(state);
  const reported = emitEvent(
    cooldownResetReport(actor, cooldown.untilMs - context.nowMs, context.watch),
    placeIn(state),
  );
  if (state.phase === 'cooldown') return restartNow(fresh, recovery, [reported], context);
  const resumed = onHealAllowed(fresh, context);
  return { ...resumed, effects: [reported, ...resumed.effects] };
}

export function onExtendCooldown(machine: HealMachine, actor: Actor, byMs: number, context: HealContext): Transition {
  const { state, ledger } = machine;
  const budget = extendCooldown(ledger.budget, byMs);
  if (budget.cooldown === null) return stay(machine);
  const until = context.wallMs + budget.cooldown.untilMs - context.nowMs;
  const reported = emitEvent(cooldownExtendedReport(actor, byMs, until, context.watch), placeIn(state));
  return { ...machine, ledger: { ...ledger, budget }, effects: [reported] };
}
