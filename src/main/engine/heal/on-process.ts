import { assertNever } from '../../../shared/lib/assert-never';
import { type Actor } from '../../../shared/model/event';
import { type ProcessIdentity, sameIdentity } from '../../../shared/model/process';
import { startCommandOf } from '../../../shared/model/watch';
import {
  adoptedReport,
  crashReport,
  type End,
  exitedReport,
  killedReport,
  observedOnly,
  restartedByOthersReport,
  unkillableReport,
} from './heal-reports';
import {
  UNKNOWN_HEALTH,
  type ClearResult,
  type Death,
  type HealContext,
  type HealEffect,
  type HealInput,
  type HealMachine,
  type HealState,
  type LiveProcess,
  type Next,
  processesOf,
  type StopReason,
  type Recovery,
  type Transition,
  isAwaitingOthers,
} from './heal-state';
import { promoted } from './live-process';
import { afterOperatorsEnd, judgeExit } from './restart-policy';
import { beginRecovery, isFlapping } from './flapping';
import { onForbiddenCleared, onForbiddenExited } from './forbidden/transition';
import { isShortage } from './backoff';
import type { CrashReading, LaunchFailure } from '../ports';
import {
  clearThen,
  isGivenUp,
  launch,
  leftDown,
  nextTryMs,
  restartNow,
  retryLater,
  running,
  stay,
  stopped,
  recoveryOf,
  emitEvent,
  waitForMachine,
  within,
} from './steps';
import { instantExitReport } from './start-reports';

/** A program that ends sooner than this after its start never really ran. */
export const INSTANT_EXIT_MS = 1000;

/** The last ends, in which a spent budget searches for what they have in common. */
export const EXITS_KEPT = 20;

const STOP_REASONS = { crash: 'crash', clean: 'clean_exit', shutdown: 'shutdown' } as const satisfies Record<
  string,
  StopReason
>;

export function onLaunched(machine: HealMachine, identity: ProcessIdentity, context: HealContext): Transition {
  const { state } = machine;
  const process: LiveProcess = { ...identity, origin: 'child', startedAtMs: context.nowMs };
  if (state.phase !== 'starting') {
    // Stopped while the start was under way: it must not live on behind the operator's back.
    return clearThen(machine, [process], { kind: 'stop', actor: 'engine' }, context);
  }
  return running(machine, state.cause, [process], state.recovery, context);
}

export function onFound(machine: HealMachine, found: readonly LiveProcess[], context: HealContext): Transition {
  const { state } = machine;
  if (state.phase === 'stopping') return stay(machine);
  if (state.phase === 'starting') return running(machine, state.cause, found, state.recovery, context);
  const recovery = recoveryOf(state);
  const byOthers = isAwaitingOthers(state);
  const effects = found.map((process, at) => {
    const report = byOthers && at === 0 ? restartedByOthersReport : adoptedReport;
    return emitEvent(report(process, context.watch, context.nowMs), within(recovery));
  });
  if (state.phase === 'running') {
    return { ...machine, state: { ...state, processes: [...state.processes, ...found] }, effects };
  }
  const sinceMs = context.nowMs;
  return {
    ...machine,
    state: { phase: 'running', sinceMs, processes: found, recovery, health: UNKNOWN_HEALTH },
    effects,
  };
}

export function onLaunchFailed(machine: HealMachine, failure: LaunchFailure, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'starting') return stay(machine);
  if (isShortage(failure.reason)) return waitForMachine(machine, state, failure, context);
  const { kind, actor, replaces } = state.cause;
  const operation = kind === 'start' ? 'start' : 'restart';
  return retryLater(machine, state.recovery, { operation, actor, ended: replaces?.ended ?? [] }, failure, context);
}

export function onExited(
  machine: HealMachine,
  input: HealInput & { type: 'exited' },
  context: HealContext,
): Transition {
  const { state } = machine;
  const gone = processesOf(state).find((process) => sameIdentity(process, input.identity));
  if (gone === undefined) return stay(machine);
  const processes = processesOf(state).filter((process) => process !== gone);
  switch (state.phase) {
    case 'stopping':
    case 'failed':
      // The end that was asked for; the ladder reports when all of the tree is gone.
      return { ...machine, state: { ...state, processes }, effects: [] };
    case 'running':
    case 'suspended':
      return onEnd(machine, { ...state, processes }, gone, input, context);
    case 'present':
      return onForbiddenExited(machine, state, processes, context);
    default:
      return stay(machine);
  }
}

/** A process of a living watch has ended without being asked to; `state` has the others. */
function onEnd(
  machine: HealMachine,
  state: HealState & { phase: 'running' | 'suspended' },
  gone: LiveProcess,
  input: HealInput & { type: 'exited' },
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const { recovery, processes } = state;
  const { death } = input;
  const probation = gone.heir?.probation ?? null;
  const exit = probation !== null && nowMs < probation.untilMs ? probation.exit : input.exit;
  const uptimeMs = gone.isStartUnknown === true ? null : nowMs - gone.startedAtMs;
  const end: End = { pid: gone.pid, uptimeMs, exit, death };
  if (death.endedBy !== null)
    return onEndedByOperator(machine, state, gone, { ...end, endedBy: death.endedBy }, context);
  const verdict = judgeExit(watch, exit, context.shuttingDown);
  const canStart = startCommandOf(watch.target) !== null;
  const replacesMain = gone.role === 'main' && death.heir === undefined && verdict.restart && canStart;
  const remaining = replacesMain ? 0 : processes.length;
  const report = verdict.kind === 'crash' ? crashReport(end, remaining, watch) : exitedReport(end, verdict.kind, watch);
  // A death beside living brothers is reported, but is no incident: nothing needs healing. That of the main process does.
  if (processes.length > 0 && !replacesMain) {
    return { ...machine, state: goingOn(state, gone, death), effects: [emitEvent(report, within(recovery))] };
  }
  const reading: CrashReading = {
    ...{ atMs: nowMs, exitCode: exit?.exitCode ?? null, signal: exit?.signal ?? null },
    ...(verdict.kind === 'crash' ? crashAtStart(end, context) : {}),
  };
  const ledger = { ...machine.ledger, lastExits: [...machine.ledger.lastExits, reading].slice(-EXITS_KEPT) };
  if (verdict.restart && context.policy.observe) {
    const reported = emitEvent(observedOnly(report, death.leftovers), recovery === null ? 'none' : 'closes');
    return { ...leftDown({ ...machine, ledger }, context), effects: [reported] };
  }
  if (!verdict.restart) {
    // What was found and not started by us may come back by other hands (systemctl restart), and is then watched again.
    const awaitsReturn = verdict.kind === 'clean' && watch.target.kind === 'match' && watch.restart === 'on-failure';
    return {
      state: awaitsReturn
        ? { phase: 'waiting', sinceMs: nowMs, recovery: null }
        : { phase: 'stopped', sinceMs: nowMs, reason: STOP_REASONS[verdict.kind] },
      ledger: { ...ledger, consecutive: 0 },
      // A crash that is never healed is an incident all the same: it can be acknowledged and found again.
      effects: [emitEvent(report, recovery !== null ? 'closes' : verdict.kind === 'crash' ? 'whole' : 'none')],
    };
  }
  const opens = verdict.kind === 'crash' && (recovery === null || recovery.isQuiet === true);
  const opening = isFlapping(ledger, nowMs, context.policy) ? 'reopens' : 'opens';
  return heal(
    { ...machine, ledger },
    recovery,
    gone,
    processes.filter(({ role }) => role === 'worker'),
    end,
    verdict.kind === 'crash',
    [emitEvent(report, opens ? opening : within(recovery))],
    context,
  );
}

/** Which crash it was that the program itself may repeat at each start. */
function crashAtStart({ uptimeMs, death: { crash } }: End, { policy }: HealContext): Pick<CrashReading, 'crash'> {
  if (crash?.isOfProgram !== true || uptimeMs === null || uptimeMs > policy.startGraceMs) return {};
  return { crash: { id: crash.id, title: crash.title } };
}

/**
 * The operator has ended a process of a living watch, and not the watch: that is no crash, costs no budget and opens no
 * incident. The last one is replaced as by a restart of the operator, unless the watch is never restarted.
 */
function onEndedByOperator(
  machine: HealMachine,
  state: HealState & { phase: 'running' | 'suspended' },
  gone: LiveProcess,
  end: End & { endedBy: Actor },
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const { recovery, processes } = state;
  const report = exitedReport(end, 'operator', watch);
  const replaced = context.policy.observe ? 'stops' : afterOperatorsEnd(watch);
  const then = processes.length > 0 ? 'goes_on' : replaced;
  const ends = emitEvent(report, recovery === null ? 'none' : 'closes');
  switch (then) {
    case 'goes_on':
      return { ...machine, state: goingOn(state, gone, end.death), effects: [emitEvent(report, within(recovery))] };
    case 'stops': {
      const ledger = { ...machine.ledger, consecutive: 0 };
      return { state: { phase: 'stopped', sinceMs: nowMs, reason: 'operator' }, ledger, effects: [ends] };
    }
    case 'waits':
      return { ...machine, state: { phase: 'waiting', sinceMs: nowMs, recovery: null }, effects: [ends] };
    case 'restarts': {
      const restart = clearThen({ ...machine, state }, [gone], { kind: 'restart', actor: end.endedBy }, context);
      return { ...restart, effects: [emitEvent(report, within(recovery)), ...restart.effects] };
    }
    default:
      return assertNever(then);
  }
}

/** The others go on without this one; when it was the main one, another is that now. */
function goingOn<S extends HealState & { processes: readonly LiveProcess[] }>(
  state: S,
  gone: LiveProcess,
  death: Death,
): S {
  return gone.role === 'main' ? { ...state, processes: promoted(state.processes, death.heir) } : state;
}

/** The last process of a watch is gone, or its main one, and is to come back. Its workers end before that. */
function heal(
  machine: HealMachine,
  open: Recovery | null,
  gone: LiveProcess,
  workers: readonly LiveProcess[],
  end: End,
  crashed: boolean,
  reported: readonly HealEffect[],
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const isQuiet = !crashed && (open === null || open.isQuiet === true);
  const begun: Partial<Recovery> & Pick<Recovery, 'openedAtMs' | 'attempts'> =
    open ?? (crashed ? beginRecovery(machine.ledger, context) : { openedAtMs: nowMs, attempts: 0 });
  const failed = begun.attempts - (begun.flapping?.held ?? 0);
  // Whoever has started a program that we have only found may be about to start it again (systemctl restart).
  const awaitsOthers = gone.origin === 'match' && failed === 0 && context.policy.othersMs > 0;
  const recovery = recoveryAfter(begun, {
    downSinceMs: nowMs,
    oldPid: gone.pid,
    ...(isQuiet ? { isQuiet } : {}),
    ...(awaitsOthers ? { othersUntilMs: nowMs + context.policy.othersMs } : {}),
  });
  if (startCommandOf(watch.target) === null) {
    return { ...machine, state: { phase: 'waiting', sinceMs: nowMs, recovery }, effects: reported };
  }
  const effects = [...reported];
  const { uptimeMs } = end;
  // Where no attempt follows, the event that reports that is sufficient.
  const isTriedAgain = crashed && gone.origin === 'child' && !isGivenUp(recovery, context.policy);
  if (isTriedAgain && uptimeMs !== null && uptimeMs < INSTANT_EXIT_MS) {
    const operation = open === null ? 'start' : 'restart';
    const report = instantExitReport({ ...end, uptimeMs }, operation, nextTryMs(machine, context), watch);
    effects.push(emitEvent(report, 'continues'));
  }
  // A heal that did not hold escalates: before the next start everything that it may have left behind is ended, wherever it went.
  const escalate = failed > 0;
  const everything = escalate || end.death.strays;
  if (end.death.leftovers || everything || workers.length > 0) {
    effects.push({
      type: 'clear',
      roots: [gone, ...workers],
      scope: everything ? 'everything' : 'leftovers',
      atOnce: false,
    });
    const next: Next = { kind: 'heal', reason: null };
    return {
      ...machine,
      state: { phase: 'stopping', sinceMs: nowMs, processes: [], ending: [], next, recovery },
      effects,
    };
  }
  return restartNow(machine, recovery, effects, context);
}

/** An incident that goes on with an end: what was to be done about the program that has ended is over. */
function recoveryAfter(
  { openedAtMs, attempts, flapping, limit }: Partial<Recovery> & Pick<Recovery, 'openedAtMs' | 'attempts'>,
  rest: Omit<Recovery, 'openedAtMs' | 'attempts' | 'flapping' | 'limit' | 'postponed' | 'postponedUntil'>,
): Recovery {
  return {
    ...{ openedAtMs, attempts, ...rest },
    ...(flapping === undefined ? {} : { flapping }),
    ...(limit === undefined ? {} : { limit }),
  };
}

export function onCleared(machine: HealMachine, result: ClearResult, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase === 'present') return onForbiddenCleared(machine, state, result, context);
  if (state.phase !== 'stopping') return stay(machine);
  const { next, recovery } = state;
  const effects: HealEffect[] = [];
  const ended = next.kind === 'kill' ? { ...result, pids: endedPids(state.ending, result) } : result;
  if (result.forced.length > 0 || (next.kind !== 'stop' && next.kind !== 'restart' && ended.pids.length > 0)) {
    effects.push(emitEvent(killedReport(next, ended, context.watch), within(recovery)));
  }
  if (result.survivors.length > 0) {
    // Never a second copy beside one that can't be ended: two of them on one port or one file are worse than none.
    const reason = `pid ${result.survivors.join(', ')} could not be ended, not even by KILL (a process in uninterruptible sleep, or one of another user)`;
    effects.push(
      emitEvent(unkillableReport(reason, next, result, context.watch), recovery === null ? 'none' : 'closes'),
    );
    const { processes } = state;
    return { ...machine, state: { phase: 'failed', sinceMs: context.nowMs, reason, processes }, effects };
  }
  switch (next.kind) {
    case 'stop': {
      const end = stopped(machine, next.actor, { ...result, pids: endedPids(state.ending, result) }, context);
      return { ...end, effects: [...effects, ...end.effects] };
    }
    case 'start':
    case 'restart': {
      const { ending } = state;
      const replaces = {
        pid: ending[0]?.pid ?? null,
        sinceMs: state.sinceMs,
        ended: endedPids(ending, result),
        ending,
      };
      const start = launch(machine, { ...next, replaces }, recovery, context);
      return { ...start, effects: [...effects, ...start.effects] };
    }
    case 'heal':
      return restartNow(machine, recovery, effects, context);
    case 'kill':
      return {
        // What was found and not started by us may come back by other hands, and is then watched again.
        state:
          context.watch.target.kind === 'match'
            ? { phase: 'waiting', sinceMs: context.nowMs, recovery: null }
            : { phase: 'stopped', sinceMs: context.nowMs, reason: 'killed' },
        ledger: { ...machine.ledger, consecutive: 0 },
        effects: effects.map((effect) =>
          effect.type === 'emit' ? { ...effect, recovery: 'closes' as const } : effect,
        ),
      };
    default:
      return assertNever(next);
  }
}

/** What ended by itself between the request and the first signal counts as ended by that request. */
function endedPids(ending: readonly LiveProcess[], result: ClearResult): readonly number[] {
  return [...new Set([...ending.map(({ pid }) => pid), ...result.pids])];
}
