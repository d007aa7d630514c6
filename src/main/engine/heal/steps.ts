import { earlyReasonText } from '../../../shared/events/text';
import { plural } from '../../../shared/lib/format/values';
import { type Actor } from '../../../shared/model/event';
import { restartPolicyOf, startCommandOf } from '../../../shared/model/watch';
import { createRapidCrashes } from '../detect/detectors';
import { anomalyReport } from './finding-reports';
import { cooldownStartedReport, stoppedReport } from './heal-reports';
import {
  UNKNOWN_HEALTH,
  type Cause,
  type ClearResult,
  type DraftOfWatch,
  type HealContext,
  type HealEffect,
  type HealMachine,
  type HealPolicy,
  type HealState,
  type LiveProcess,
  type Next,
  type RestartLedger,
  type Shortage,
  type Recovery,
  type RecoveryPlace,
  type Transition,
} from './heal-state';
import { failedAttempts } from './flapping';
import { backoffMs, shortageDelayMs } from './backoff';
import { askBudget, recordRestart, refundRestart, stopEarly, type Refused, type Spending } from './restart-budget';
import { findSameCrash } from './same-crash';
import { type LaunchFailure } from '../ports';
import { gaveUpReport, leftDownReport, runningReport, shortageOverReport, startFailedReport } from './start-reports';

export function recoveryOf(state: HealState): Recovery | null {
  return 'recovery' in state ? state.recovery : null;
}

export function stay(machine: HealMachine): Transition {
  return { ...machine, effects: [] };
}

export function emitEvent(draft: DraftOfWatch, recovery: RecoveryPlace): HealEffect {
  return { type: 'emit', draft, recovery };
}

/** The same for any state. */
export function placeIn(state: HealState): RecoveryPlace {
  return 'sightings' in state && state.sightings !== null ? 'continues' : within(recoveryOf(state));
}

/** The place of an event that neither opens nor closes an incident. */
export function within(recovery: Recovery | null): RecoveryPlace {
  return recovery === null ? 'none' : 'continues';
}

/** Asks for a start now. */
export function launch(
  machine: HealMachine,
  cause: Cause,
  recovery: Recovery | null,
  context: HealContext,
  shortage: Shortage | null = null,
): Transition {
  const { nowMs, watch, policy } = context;
  if (context.blockers.length > 0) {
    return { ...machine, state: { phase: 'blocked', sinceMs: nowMs, cause, recovery, shortage }, effects: [] };
  }
  // What the machine has refused before is counted when it succeeds.
  const counted =
    shortage === null ? countAttempt(machine.ledger, cause, recovery, context) : { ledger: machine.ledger, recovery };
  return {
    state: {
      phase: 'starting',
      sinceMs: nowMs,
      cause,
      recovery: counted.recovery,
      appearByMs: watch.target.kind === 'match' ? nowMs + policy.appearMs : null,
      overdue: null,
      shortage,
    },
    ledger: counted.ledger,
    effects: [{ type: 'launch' }],
  };
}

function countAttempt(
  ledger: RestartLedger,
  cause: Cause,
  recovery: Recovery | null,
  { nowMs, policy }: HealContext,
): { ledger: RestartLedger; recovery: Recovery | null } {
  // Neither an automatic restart nor a new beginning by an operator.
  if (cause.actor === 'dependency') return { ledger, recovery };
  if (cause.kind !== 'heal') return { ledger: { ...ledger, consecutive: 0, lastConfirmedHeal: null }, recovery };
  return {
    ledger: {
      ...ledger,
      consecutive: ledger.consecutive + 1,
      restarts: ledger.restarts + 1,
      lastRestartAtMs: nowMs,
      budget: recordRestart(ledger.budget, nowMs, policy.budget),
    },
    recovery: recovery === null ? null : { ...recovery, attempts: recovery.attempts + 1 },
  };
}

/**
 * The machine refused a start for want of processes, memory or descriptors: it is tried again until it can be done, with
 * growing delays regardless of the settings, and counts toward no budget, since it is not the program's fault.
 */
export function waitForMachine(
  machine: HealMachine,
  state: HealState & { phase: 'starting' },
  failure: LaunchFailure,
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const { cause, shortage: before } = state;
  const isCounted = before === null && cause.kind === 'heal';
  const { ledger } = machine;
  const recovery =
    isCounted && state.recovery !== null
      ? { ...state.recovery, attempts: state.recovery.attempts - 1 }
      : state.recovery;
  const shortage: Shortage = {
    reason: failure.reason,
    sinceMs: before?.sinceMs ?? nowMs,
    refusals: (before?.refusals ?? 0) + 1,
    cause,
  };
  const delayMs = Math.round(shortageDelayMs(shortage.refusals) * context.policy.jitter);
  const operation = cause.kind === 'start' ? 'start' : 'restart';
  const report = startFailedReport(failure, { operation, actor: cause.actor }, delayMs, watch);
  return {
    state: { phase: 'backoff', sinceMs: nowMs, dueMs: nowMs + delayMs, recovery, shortage },
    ledger: isCounted
      ? {
          ...ledger,
          consecutive: Math.max(0, ledger.consecutive - 1),
          restarts: Math.max(0, ledger.restarts - 1),
          budget: refundRestart(ledger.budget, state.sinceMs),
        }
      : ledger,
    effects: before?.reason === failure.reason ? [] : [emitEvent(report, within(recovery))],
  };
}

/**
 * An automatic restart, as far as it is allowed: the escalation, the storm brake and the budget are asked in this order,
 * then the delay is kept.
 */
export function restartNow(
  machine: HealMachine,
  recovery: Recovery | null,
  effects: readonly HealEffect[],
  context: HealContext,
): Transition {
  const { nowMs, policy } = context;
  if (policy.observe) {
    const reported = emitEvent(leftDownReport(context.watch), recovery === null ? 'none' : 'closes');
    return { ...leftDown(machine, context), effects: [...effects, reported] };
  }
  const giveUp = gaveUp(machine, recovery, context);
  if (giveUp !== null) return { ...giveUp, effects: [...effects, ...giveUp.effects] };
  if (context.healingPaused) return { ...machine, state: { phase: 'held', sinceMs: nowMs, recovery }, effects };
  const asked = askRestart(machine.ledger, context);
  if (!asked.granted) {
    const reported = spend(machine, asked, recovery, context);
    return {
      ledger: reported.ledger,
      state: { phase: 'cooldown', sinceMs: nowMs, recovery },
      effects: [...effects, ...reported.effects],
    };
  }
  const delayMs = Math.max(delayOf(machine.ledger, policy), (recovery?.othersUntilMs ?? nowMs) - nowMs);
  if (delayMs > 0) {
    const state = { phase: 'backoff', sinceMs: nowMs, dueMs: nowMs + delayMs, recovery, shortage: null } as const;
    return { ...machine, state, effects };
  }
  const start = launch(machine, { kind: 'heal', actor: 'engine' }, recovery, context);
  return { ...start, effects: [...effects, ...start.effects] };
}

/** What ended and is only observed stays down; what is found by a match may come back by other hands. */
export function leftDown({ ledger }: HealMachine, { nowMs, watch }: HealContext): HealMachine {
  return {
    state:
      watch.target.kind === 'match'
        ? { phase: 'waiting', sinceMs: nowMs, recovery: null }
        : { phase: 'stopped', sinceMs: nowMs, reason: 'observed' },
    ledger: { ...ledger, consecutive: 0 },
  };
}

/** Whether it is down only because it was observed. */
export function isLeftDown({ state }: HealMachine, { watch }: HealContext): boolean {
  if (state.phase === 'waiting') return startCommandOf(watch.target) !== null;
  return state.phase === 'stopped' && state.reason === 'observed';
}

/** When the next automatic restart would be, in ms from now. */
export function nextTryMs({ ledger }: HealMachine, context: HealContext): number {
  const asked = askRestart(ledger, context);
  return asked.granted ? delayOf(ledger, context.policy) : asked.cooldown.untilMs - context.nowMs;
}

/** Whether another automatic restart is allowed, and may help. */
function askRestart({ budget, lastExits }: RestartLedger, { nowMs, policy }: HealContext): Spending {
  const asked = askBudget(budget, nowMs, policy.budget);
  const same = findSameCrash(lastExits, policy.sameCrashLimit);
  return asked.granted && same !== null ? stopEarly(budget, nowMs, policy.budget, same) : asked;
}

function delayOf(ledger: RestartLedger, policy: HealPolicy): number {
  return policy.delays ? Math.round(backoffMs(ledger.consecutive) * policy.jitter) : 0;
}

/** The budget is spent: a cooldown that begins is reported once, with what the ends had in common. */
export function spend(
  { ledger }: HealMachine,
  asked: Refused,
  recovery: Recovery | null,
  { nowMs, wallMs, watch }: HealContext,
): { ledger: RestartLedger; effects: readonly HealEffect[] } {
  if (ledger.budget.cooldown !== null) return { ledger, effects: [] };
  const { restarts, windowMs } = asked.cooldown;
  // A cooldown that comes early states what the crashes have in common.
  const anomaly =
    earlyReasonText(asked.cooldown) !== null
      ? null
      : createRapidCrashes().observe({
          ...{ atMs: nowMs, spent: true, allowedRestarts: restarts, windowMs },
          crashes: ledger.lastExits,
        });
  const toWall = (atMs: number): number => wallMs - (nowMs - atMs);
  const reported = emitEvent(cooldownStartedReport(asked.cooldown, anomaly, toWall, watch), within(recovery));
  const found =
    anomaly === null
      ? []
      : [emitEvent(anomalyReport({ anomaly, action: 'cooldown', pid: null }, false, watch, toWall), within(recovery))];
  return { ledger: { ...ledger, budget: asked.budget }, effects: [...found, reported] };
}

/** A start came through: its own child lives, or what the start command brought up was found. */
export function running(
  machine: HealMachine,
  cause: Cause,
  processes: readonly LiveProcess[],
  open: Recovery | null,
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const shortage = machine.state.phase === 'starting' ? machine.state.shortage : null;
  const { ledger, recovery } =
    shortage === null ? { ledger: machine.ledger, recovery: open } : countAttempt(machine.ledger, cause, open, context);
  const report = runningReport(cause, processes[0]?.pid ?? null, recovery, ledger, watch, nowMs);
  const effects = [emitEvent(report, within(recovery))];
  if (shortage !== null) effects.push(emitEvent(shortageOverReport(shortage, watch, nowMs), within(recovery)));
  return { ledger, state: { phase: 'running', sinceMs: nowMs, processes, recovery, health: UNKNOWN_HEALTH }, effects };
}

/** A start that did not take place is tried again later, as an automatic restart, unless the policy is `never`. */
export function retryLater(
  machine: HealMachine,
  open: Recovery | null,
  cause: { operation: 'start' | 'restart'; actor: Actor; ended: readonly number[] },
  failure: LaunchFailure,
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  if (restartPolicyOf(watch) === 'never') {
    return {
      ...machine,
      state: { phase: 'failed', sinceMs: nowMs, reason: failure.message, processes: [] },
      effects: [emitEvent(startFailedReport(failure, cause, null, watch), open === null ? 'none' : 'closes')],
    };
  }
  const recovery: Recovery = open ?? { openedAtMs: nowMs, downSinceMs: nowMs, oldPid: null, attempts: 0 };
  // What failed to start fails again at once: also the first retry waits, and the wait counts from here.
  const waiting = { ...machine, ledger: { ...machine.ledger, consecutive: Math.max(1, machine.ledger.consecutive) } };
  const place = open === null ? 'opens' : 'continues';
  const delayMs = isGivenUp(recovery, context.policy) ? null : nextTryMs(waiting, context);
  const reported = emitEvent(startFailedReport(failure, cause, delayMs, watch), place);
  return restartNow(waiting, recovery, [reported], context);
}

/** The last step of the escalation: too many heals in a row did not hold for another one to help. */
function gaveUp(
  machine: HealMachine,
  recovery: Recovery | null,
  { nowMs, policy, watch }: HealContext,
): Transition | null {
  const { ledger } = machine;
  if (recovery === null || !isGivenUp(recovery, policy)) return null;
  const reason = `gave up after ${plural(failedAttempts(recovery), 'restart')}`;
  return {
    state: { phase: 'failed', sinceMs: nowMs, reason, processes: [] },
    ledger: { ...ledger, consecutive: 0 },
    effects: [emitEvent(gaveUpReport(reason, recovery, watch), 'closes')],
  };
}

/** Whether no other attempt is made. */
export function isGivenUp(recovery: Recovery, policy: HealPolicy): boolean {
  return failedAttempts(recovery) >= policy.giveUpAfter;
}

/** Ends trees first, then goes on with `next`. */
export function clearThen(
  machine: HealMachine,
  processes: readonly LiveProcess[],
  next: Next,
  { nowMs }: HealContext,
  atOnce = false,
): Transition {
  // A restart that is called off before its start is through has ended something that nobody has reported yet.
  const { state } = machine;
  const isBegun = state.phase === 'starting' || state.phase === 'blocked';
  const before = isBegun ? (state.cause.replaces?.ending ?? []) : [];
  const ending = [...processes, ...before];
  return {
    ...machine,
    state: { phase: 'stopping', sinceMs: nowMs, processes, ending, next, recovery: recoveryOf(machine.state) },
    effects: [{ type: 'clear', roots: processes, scope: 'everything', atOnce }],
  };
}

export function stopped(
  machine: HealMachine,
  actor: Actor,
  result: ClearResult,
  { nowMs, watch }: HealContext,
): Transition {
  return {
    state: { phase: 'stopped', sinceMs: nowMs, reason: 'operator' },
    ledger: { ...machine.ledger, consecutive: 0 },
    effects: [emitEvent(stoppedReport(actor, result, watch), recoveryOf(machine.state) === null ? 'none' : 'closes')],
  };
}
