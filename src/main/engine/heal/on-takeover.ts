import { assertNever } from '../../../shared/lib/assert-never';
import {
  UNKNOWN_HEALTH,
  type HealContext,
  type HealEffect,
  type HealInput,
  type HealMachine,
  type RestartLedger,
  type Recovery,
  type Takeover,
  type Transition,
} from './heal-state';
import { refundRestart } from './restart-budget';
import { adoptedReport, stopCompletedReport } from './heal-reports';
import { forbid } from './forbidden/transition';
import { onStart } from './on-operator';
import { clearThen, nextTryMs, restartNow, stay, emitEvent } from './steps';
import { restartInterruptedReport, startLostReport } from './start-reports';

/** This engine has taken a watch over from an earlier one, or has it for the first time. */
export function onTakenOver(
  machine: HealMachine,
  { takeover, replaced }: HealInput & { type: 'taken_over' },
  context: HealContext,
): Transition {
  const taken = takenOver(machine, takeover, context);
  if (replaced === null) return taken;
  return {
    ...taken,
    effects: [emitEvent(restartInterruptedReport(replaced, context.watch), 'none'), ...taken.effects],
  };
}

function takenOver(machine: HealMachine, takeover: Takeover, context: HealContext): Transition {
  const sinceMs = context.nowMs;
  switch (takeover.kind) {
    case 'adopt':
      return onAdopted(machine, takeover, context);
    case 'died_meanwhile':
      // It runs as far as anybody knew; its death is reported next.
      return {
        ...machine,
        state: { phase: 'running', sinceMs, processes: takeover.gone, recovery: null, health: UNKNOWN_HEALTH },
        effects: takeover.startLost
          ? [emitEvent(startLostReport('restart', nextTryMs(machine, context), context.watch), 'continues')]
          : [],
      };
    case 'cool_down': {
      const recovery = takeover.inIncident ? inheritedRecovery(machine, context) : null;
      return { ...machine, state: { phase: 'cooldown', sinceMs, recovery }, effects: [] };
    }
    case 'start':
      return onStart(machine, { actor: 'engine', strays: takeover.strays }, context);
    case 'still_starting': {
      const recovery = takeover.inIncident ? inheritedRecovery(machine, context) : null;
      const cause = { kind: recovery === null ? 'start' : 'heal', actor: 'engine' } as const;
      const appearByMs = sinceMs + context.policy.appearMs;
      const state = { phase: 'starting', sinceMs, cause, recovery, appearByMs, overdue: null, shortage: null } as const;
      return { ...machine, state, effects: [] };
    }
    case 'leave_alone':
      return { ...machine, state: { phase: 'failed', sinceMs, reason: takeover.reason, processes: [] }, effects: [] };
    case 'wait':
      return { ...machine, state: { phase: 'waiting', sinceMs, recovery: null }, effects: [] };
    case 'stay_stopped':
      return onStayStopped(machine, takeover, context);
    case 'start_again': {
      const { inIncident, strays, countedAtMs } = takeover;
      const uncounted = countedAtMs === null ? machine : { ...machine, ledger: refunded(machine.ledger, countedAtMs) };
      if (inIncident) return healOn(uncounted, strays, [], context);
      return onStart(uncounted, { actor: 'engine', strays }, context);
    }
    case 'start_lost':
      return onStartLost(machine, takeover, context);
    case 'heal_on':
      return healOn(machine, takeover.strays, [], context);
    case 'rest':
      return stay(machine);
    case 'forbid':
      return forbid(machine, takeover.inIncident, context);
    default:
      return assertNever(takeover);
  }
}

function onAdopted(
  machine: HealMachine,
  { processes, gone, inIncident, suspended }: Takeover & { kind: 'adopt' },
  context: HealContext,
): Transition {
  const sinceMs = context.nowMs;
  // A heal that the earlier engine could not verify any more is verified by this one, so that its incident ends.
  const recovery = inIncident ? inheritedRecovery(machine, context) : null;
  const effects = processes.map((process) => emitEvent(adoptedReport(process, context.watch, context.nowMs), 'none'));
  if (suspended) {
    // It stays suspended until the operator decides.
    const reason = 'an earlier engine suspended it';
    return { ...machine, state: { phase: 'suspended', sinceMs, processes, reason, recovery }, effects };
  }
  return {
    ...machine,
    state: { phase: 'running', sinceMs, processes: [...processes, ...gone], recovery, health: UNKNOWN_HEALTH },
    effects,
  };
}

/** The stop was under way when the earlier engine ended: what it was ending has ended, and nobody has reported so. */
function onStayStopped(
  machine: HealMachine,
  { reason, gone }: Takeover & { kind: 'stay_stopped' },
  { nowMs, watch }: HealContext,
): Transition {
  const effects = gone.length === 0 ? [] : [emitEvent(stopCompletedReport(gone, watch), 'none')];
  return { ...machine, state: { phase: 'stopped', sinceMs: nowMs, reason }, effects };
}

/** What was counted for a start that was never executed counts for the one that is made in its place. */
function refunded(ledger: RestartLedger, countedAtMs: number): RestartLedger {
  return {
    ...ledger,
    consecutive: Math.max(0, ledger.consecutive - 1),
    restarts: Math.max(0, ledger.restarts - 1),
    budget: refundRestart(ledger.budget, countedAtMs),
  };
}

/** Whether the program was executed at all is not known: a start that failed, and no death. */
function onStartLost(
  machine: HealMachine,
  { inIncident, strays }: Takeover & { kind: 'start_lost' },
  context: HealContext,
): Transition {
  const operation = inIncident ? 'restart' : 'start';
  const report = startLostReport(operation, nextTryMs(machine, context), context.watch);
  return healOn(machine, strays, [emitEvent(report, inIncident ? 'continues' : 'opens')], context);
}

/** The heal that the earlier engine had begun goes on; what a start has left is ended before another one. */
function healOn(
  machine: HealMachine,
  strays: boolean,
  effects: readonly HealEffect[],
  context: HealContext,
): Transition {
  const recovery = inheritedRecovery(machine, context);
  if (!strays) return restartNow(machine, recovery, effects, context);
  const down: HealMachine = { ...machine, state: { phase: 'waiting', sinceMs: context.nowMs, recovery } };
  const cleared = clearThen(down, [], { kind: 'heal', reason: null }, context);
  return { ...cleared, effects: [...effects, ...cleared.effects] };
}

/** The incident that an earlier engine had begun, as far as it is known. */
function inheritedRecovery({ ledger }: HealMachine, { nowMs }: HealContext): Recovery {
  return { openedAtMs: nowMs, downSinceMs: nowMs, oldPid: null, attempts: ledger.consecutive };
}
