import { assertNever } from '../../shared/lib/assert-never';
import { formatDuration } from '../../shared/lib/duration';
import type { Actor } from '../../shared/model/event';
import { sameIdentity, type ProcessIdentity } from '../../shared/model/process';
import { restartPolicyOf, startCommandOf } from '../../shared/model/watch';
import {
  adoptedReport,
  cooldownEndedReport,
  cooldownExtendedReport,
  cooldownResetReport,
  cooldownStartedReport,
  crashReport,
  exitedReport,
  gaveUpReport,
  instantExitReport,
  killedReport,
  plural,
  recoveredReport,
  runningReport,
  startFailedReport,
  stoppedReport,
  suspendedReport,
  unkillableReport,
  type End,
} from './heal-reports';
import {
  processesOf,
  type Cause,
  type ClearResult,
  type DraftOfWatch,
  type HealContext,
  type HealEffect,
  type HealInput,
  type HealMachine,
  type HealPolicy,
  type HealState,
  type LiveProcess,
  type Next,
  type RemedyAction,
  type RestartLedger,
  type StopReason,
  type Story,
  type StoryPlace,
  type Transition,
} from './heal-state';
import { createRapidCrashes, type CrashReading } from './detectors';
import { anomalyReport } from './finding-reports';
import { backoffMs } from './policy/backoff';
import {
  askBudget,
  endCooldown,
  extendCooldown,
  forgetTrips,
  FULL_BUDGET,
  recordRestart,
  type Cooldown,
  type Spending,
} from './policy/restart-budget';
import { judgeExit } from './policy/restart-policy';
import type { LaunchFailure } from './ports';

/** A program that ends sooner than this after its start never really ran. */
export const INSTANT_EXIT_MS = 1000;
/** How long a start command of a match target has to bring up a match. */
export const APPEAR_MS = 15_000;
/** The last ends that a spent budget looks at for what they have in common. */
const EXITS_KEPT = 20;

/** The next state and what is to be done, for everything that can happen. Pure. */
export function transition(machine: HealMachine, input: HealInput, context: HealContext): Transition {
  switch (input.type) {
    case 'start':
      return onStart(machine, input.actor, context);
    case 'stop':
      return onStop(machine, input.actor, context);
    case 'restart':
      return onRestart(machine, input.actor, context);
    case 'launched':
      return onLaunched(machine, input.identity, context);
    case 'launch_failed':
      return onLaunchFailed(machine, input.failure, context);
    case 'found':
      return onFound(machine, input.processes, context);
    case 'exited':
      return onExited(machine, input, context);
    case 'cleared':
      return onCleared(machine, input.result, context);
    case 'remedy':
      return onRemedy(machine, input.action, input.because, context);
    case 'reset_cooldown':
      return onResetCooldown(machine, input.actor, context);
    case 'extend_cooldown':
      return onExtendCooldown(machine, input.actor, input.byMs, context);
    case 'storm_over':
      return machine.state.phase === 'held' ? restartNow(machine, machine.state.story, [], context) : stay(machine);
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
      if (state.appearByMs !== null) moments.push(state.appearByMs);
      break;
    case 'running':
      if (state.story !== null) moments.push(state.sinceMs + policy.verifyMs);
      if (ledger.consecutive > 0) moments.push(state.sinceMs + policy.healthyMs);
      if (ledger.budget.trips > 0) moments.push(state.sinceMs + policy.stableMs);
      break;
    case 'stopped':
    case 'waiting':
    case 'stopping':
    case 'cooldown':
    case 'held':
    case 'suspended':
    case 'failed':
      break;
    default:
      return assertNever(state);
  }
  return moments.length === 0 ? null : Math.min(...moments);
}

function storyOf(state: HealState): Story | null {
  return 'story' in state ? state.story : null;
}

function stay(machine: HealMachine): Transition {
  return { ...machine, effects: [] };
}

function onStart(machine: HealMachine, actor: Actor, context: HealContext): Transition {
  const { state } = machine;
  switch (state.phase) {
    case 'running':
    case 'starting':
      return stay(machine);
    case 'stopping':
      // Started again before its stop was through: it comes back as soon as nothing of it is left.
      return { ...machine, state: { ...state, next: { kind: 'restart', actor } }, effects: [] };
    case 'suspended':
      return resume(machine, state, context);
    case 'stopped':
    case 'waiting':
    case 'backoff':
    case 'cooldown':
    case 'held':
    case 'failed':
      return launch(machine, { kind: 'start', actor }, storyOf(state), context);
    default:
      return assertNever(state);
  }
}

function onStop(machine: HealMachine, actor: Actor, context: HealContext): Transition {
  const { state } = machine;
  switch (state.phase) {
    case 'stopped':
      return stay(machine);
    case 'stopping':
      return { ...machine, state: { ...state, next: { kind: 'stop', actor } }, effects: [] };
    case 'running':
    case 'suspended':
      return clearThen(machine, state.processes, { kind: 'stop', actor }, context);
    case 'failed':
      if (state.processes.length > 0) {
        return clearThen(machine, state.processes, { kind: 'stop', actor }, context);
      }
      return stopped(machine, actor, { pids: [], forced: [], survivors: [] }, context);
    case 'starting':
      // What a start command has brought up so far is known by its mark only.
      return clearThen(machine, [], { kind: 'stop', actor }, context);
    case 'waiting':
    case 'backoff':
    case 'cooldown':
    case 'held':
      return stopped(machine, actor, { pids: [], forced: [], survivors: [] }, context);
    default:
      return assertNever(state);
  }
}

function onRestart(machine: HealMachine, actor: Actor, context: HealContext): Transition {
  const { state } = machine;
  const next: Next = { kind: 'restart', actor };
  switch (state.phase) {
    case 'running':
    case 'suspended':
      return clearThen(machine, state.processes, next, context);
    case 'failed':
      if (state.processes.length > 0) return clearThen(machine, state.processes, next, context);
      return launch(machine, next, null, context);
    case 'stopping':
      return { ...machine, state: { ...state, next }, effects: [] };
    case 'starting':
      return stay(machine);
    case 'stopped':
    case 'waiting':
    case 'backoff':
    case 'cooldown':
    case 'held':
      return launch(machine, next, storyOf(state), context);
    default:
      return assertNever(state);
  }
}

function onLaunched(machine: HealMachine, identity: ProcessIdentity, context: HealContext): Transition {
  const { state } = machine;
  const process: LiveProcess = { ...identity, origin: 'child', startedAtMs: context.nowMs };
  if (state.phase !== 'starting') {
    // Stopped while the start was under way: it must not live on behind the operator's back.
    return clearThen(machine, [process], { kind: 'stop', actor: 'engine' }, context);
  }
  return running(machine, state.cause, [process], state.story, context);
}

function onFound(machine: HealMachine, found: readonly LiveProcess[], context: HealContext): Transition {
  const { state } = machine;
  if (state.phase === 'stopping') return stay(machine);
  if (state.phase === 'starting') return running(machine, state.cause, found, state.story, context);
  const story = storyOf(state);
  const effects = found.map((process) => tell(adoptedReport(process, context.watch, context.nowMs), within(story)));
  if (state.phase === 'running') {
    return { ...machine, state: { ...state, processes: [...state.processes, ...found] }, effects };
  }
  return { ...machine, state: { phase: 'running', sinceMs: context.nowMs, processes: found, story }, effects };
}

function onLaunchFailed(machine: HealMachine, failure: LaunchFailure, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'starting') return stay(machine);
  const operation = state.cause.kind === 'start' ? 'start' : 'restart';
  return retryLater(machine, state.story, { operation, actor: state.cause.actor }, failure, context);
}

function onExited(machine: HealMachine, input: HealInput & { type: 'exited' }, context: HealContext): Transition {
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
    default:
      return stay(machine);
  }
}

/** A process of a living watch has ended without being asked to; `state` has the others. */
function onEnd(
  machine: HealMachine,
  state: HealState & { phase: 'running' | 'suspended' },
  gone: LiveProcess,
  { exit, death }: HealInput & { type: 'exited' },
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const { story, processes } = state;
  const verdict = judgeExit(watch, exit, context.shuttingDown);
  const end: End = { pid: gone.pid, uptimeMs: nowMs - gone.startedAtMs, exit, death };
  const report =
    verdict.kind === 'crash' ? crashReport(end, processes.length, watch) : exitedReport(end, verdict.kind, watch);
  // A death beside living brothers is told, but is no story: nothing needs healing.
  if (processes.length > 0) return { ...machine, state, effects: [tell(report, within(story))] };
  const reading: CrashReading = { atMs: nowMs, exitCode: exit?.exitCode ?? null, signal: exit?.signal ?? null };
  const ledger = { ...machine.ledger, lastExits: [...machine.ledger.lastExits, reading].slice(-EXITS_KEPT) };
  if (!verdict.restart) {
    return {
      state: { phase: 'stopped', sinceMs: nowMs, because: STOP_REASONS[verdict.kind] },
      ledger: { ...ledger, consecutive: 0 },
      effects: [tell(report, story === null ? 'none' : 'closes')],
    };
  }
  const opens = verdict.kind === 'crash' && story === null;
  return heal(
    { ...machine, ledger },
    story,
    gone,
    end,
    verdict.kind === 'crash',
    [tell(report, opens ? 'opens' : within(story))],
    context,
  );
}

const STOP_REASONS = { crash: 'crash', clean: 'clean_exit', shutdown: 'shutdown' } as const satisfies Record<
  string,
  StopReason
>;

/** The last process of a watch is gone and is to come back. */
function heal(
  machine: HealMachine,
  open: Story | null,
  gone: LiveProcess,
  end: End,
  crashed: boolean,
  told: readonly HealEffect[],
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const story: Story = { ...(open ?? { openedAtMs: nowMs, attempts: 0 }), downSinceMs: nowMs, oldPid: gone.pid };
  if (startCommandOf(watch.target) === null) {
    return { ...machine, state: { phase: 'waiting', sinceMs: nowMs, story }, effects: told };
  }
  const effects = [...told];
  if (crashed && gone.origin === 'child' && end.uptimeMs < INSTANT_EXIT_MS) {
    const operation = open === null ? 'start' : 'restart';
    effects.push(tell(instantExitReport(end, operation, nextTryMs(machine, context), watch), 'continues'));
  }
  // A heal that did not hold escalates: before the next start everything that it may have left behind is ended, wherever it went.
  const escalate = open !== null && open.attempts > 0;
  if (end.death.leftovers || escalate) {
    effects.push({ type: 'clear', roots: [gone], scope: escalate ? 'everything' : 'leftovers', atOnce: false });
    const next: Next = { kind: 'heal', because: null };
    return { ...machine, state: { phase: 'stopping', sinceMs: nowMs, processes: [], next, story }, effects };
  }
  return restartNow(machine, story, effects, context);
}

/** When the next automatic restart would be, in ms from now. */
function nextTryMs({ ledger }: HealMachine, { nowMs, policy }: HealContext): number {
  const asked = askBudget(ledger.budget, nowMs, policy.budget);
  return asked.granted ? delayOf(ledger, policy) : asked.cooldown.untilMs - nowMs;
}

function delayOf(ledger: RestartLedger, policy: HealPolicy): number {
  return policy.delays ? backoffMs(ledger.consecutive) : 0;
}

/**
 * An automatic restart, as far as it is allowed: the escalation, the storm brake and the budget are asked in this order,
 * then the delay is kept.
 */
function restartNow(
  machine: HealMachine,
  story: Story | null,
  effects: readonly HealEffect[],
  context: HealContext,
): Transition {
  const { nowMs, policy } = context;
  const giveUp = gaveUp(machine, story, context);
  if (giveUp !== null) return { ...giveUp, effects: [...effects, ...giveUp.effects] };
  if (context.healingPaused) return { ...machine, state: { phase: 'held', sinceMs: nowMs, story }, effects };
  const asked = askBudget(machine.ledger.budget, nowMs, policy.budget);
  if (!asked.granted) {
    const told = spend(machine, asked, story, context);
    return {
      ledger: told.ledger,
      state: { phase: 'cooldown', sinceMs: nowMs, story },
      effects: [...effects, ...told.effects],
    };
  }
  const delayMs = delayOf(machine.ledger, policy);
  if (delayMs > 0) {
    return { ...machine, state: { phase: 'backoff', sinceMs: nowMs, dueMs: nowMs + delayMs, story }, effects };
  }
  const start = launch(machine, { kind: 'heal', actor: 'engine' }, story, context);
  return { ...start, effects: [...effects, ...start.effects] };
}

/** The budget is spent: a cooldown that begins is told once, with what the ends had in common. */
function spend(
  { ledger }: HealMachine,
  asked: Spending & { granted: false },
  story: Story | null,
  { nowMs, wallMs, watch }: HealContext,
): { ledger: RestartLedger; effects: readonly HealEffect[] } {
  if (ledger.budget.cooldown !== null) return { ledger, effects: [] };
  const { restarts, windowMs } = asked.cooldown;
  const anomaly = createRapidCrashes().observe({
    atMs: nowMs,
    spent: true,
    allowedRestarts: restarts,
    windowMs,
    crashes: ledger.lastExits,
  });
  const toWall = (atMs: number): number => wallMs - (nowMs - atMs);
  const told = tell(cooldownStartedReport(asked.cooldown, anomaly, toWall, watch), within(story));
  const found =
    anomaly === null
      ? []
      : [tell(anomalyReport({ anomaly, action: 'cooldown', pid: null }, false, watch, toWall), within(story))];
  return { ledger: { ...ledger, budget: asked.budget }, effects: [...found, told] };
}

/** What a limit or a detector wants done about a running watch. */
function onRemedy(machine: HealMachine, action: RemedyAction, because: string, context: HealContext): Transition {
  const { state } = machine;
  const { nowMs, policy, watch } = context;
  if (state.phase !== 'running') return stay(machine);
  const oldPid = state.processes[0]?.pid ?? null;
  const story: Story = { ...(state.story ?? { openedAtMs: nowMs, attempts: 0 }), downSinceMs: nowMs, oldPid };
  const told = { ...machine, state: { ...state, story } };
  switch (action) {
    case 'suspend':
      return {
        ...machine,
        state: { phase: 'suspended', sinceMs: nowMs, processes: state.processes, why: because, story },
        effects: [
          { type: 'signal', processes: state.processes, signal: 'SIGSTOP' },
          tell(suspendedReport(because, state.processes, watch), 'continues'),
        ],
      };
    case 'kill':
      return clearThen(told, state.processes, { kind: 'kill', because }, context);
    case 'freeze_and_kill':
      return clearThen(told, state.processes, { kind: 'kill', because }, context, true);
    case 'restart': {
      if (startCommandOf(watch.target) === null)
        return clearThen(told, state.processes, { kind: 'kill', because }, context);
      if (context.healingPaused) return stay(machine);
      const asked = askBudget(machine.ledger.budget, nowMs, policy.budget);
      if (asked.granted) return clearThen(told, state.processes, { kind: 'heal', because }, context);
      // Ending a program that may not be started again would make it worse: it is left running, and that is told.
      const spent = spend(machine, asked, state.story, context);
      return { state, ...spent };
    }
    default:
      return assertNever(action);
  }
}

function onResetCooldown(machine: HealMachine, actor: Actor, context: HealContext): Transition {
  const { state, ledger } = machine;
  const { cooldown } = ledger.budget;
  const fresh = { ...machine, ledger: { ...ledger, consecutive: 0, budget: FULL_BUDGET, lastExits: [] } };
  if (cooldown === null) return { ...fresh, effects: [] };
  const story = storyOf(state);
  const told = tell(cooldownResetReport(actor, cooldown.untilMs - context.nowMs, context.watch), within(story));
  return state.phase === 'cooldown' ? restartNow(fresh, story, [told], context) : { ...fresh, effects: [told] };
}

function onExtendCooldown(machine: HealMachine, actor: Actor, byMs: number, context: HealContext): Transition {
  const { state, ledger } = machine;
  const budget = extendCooldown(ledger.budget, byMs);
  if (budget.cooldown === null) return stay(machine);
  const until = context.wallMs + budget.cooldown.untilMs - context.nowMs;
  const told = tell(cooldownExtendedReport(actor, byMs, until, context.watch), within(storyOf(state)));
  return { ...machine, ledger: { ...ledger, budget }, effects: [told] };
}

/** A suspended program goes on, by the operator's wish. */
function resume(machine: HealMachine, state: HealState & { phase: 'suspended' }, { nowMs }: HealContext): Transition {
  const { processes, story } = state;
  return {
    ...machine,
    state: { phase: 'running', sinceMs: nowMs, processes, story },
    effects: [{ type: 'signal', processes, signal: 'SIGCONT' }],
  };
}

function onCleared(machine: HealMachine, result: ClearResult, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'stopping') return stay(machine);
  const { next, story } = state;
  const effects: HealEffect[] = [];
  if (result.forced.length > 0 || (next.kind !== 'stop' && next.kind !== 'restart' && result.pids.length > 0)) {
    effects.push(tell(killedReport(next, result, context.watch), within(story)));
  }
  if (result.survivors.length > 0) {
    // Never a second copy beside one that can't be ended: two of them on one port or one file are worse than none.
    const why = `pid ${result.survivors.join(', ')} could not be ended, not even by KILL (a process in uninterruptible sleep, or one of another user)`;
    effects.push(tell(unkillableReport(why, next, result, context.watch), story === null ? 'none' : 'closes'));
    const { processes } = state;
    return { ...machine, state: { phase: 'failed', sinceMs: context.nowMs, why, processes }, effects };
  }
  switch (next.kind) {
    case 'stop': {
      const end = stopped(machine, next.actor, result, context);
      return { ...end, effects: [...effects, ...end.effects] };
    }
    case 'restart': {
      const start = launch(machine, next, story, context);
      return { ...start, effects: [...effects, ...start.effects] };
    }
    case 'heal':
      return restartNow(machine, story, effects, context);
    case 'kill':
      return {
        state: { phase: 'stopped', sinceMs: context.nowMs, because: 'killed' },
        ledger: { ...machine.ledger, consecutive: 0 },
        effects: effects.map((effect) => (effect.type === 'emit' ? { ...effect, story: 'closes' as const } : effect)),
      };
    default:
      return assertNever(next);
  }
}

function onDue(machine: HealMachine, context: HealContext): Transition {
  const { cooldown } = machine.ledger.budget;
  if (cooldown !== null && context.nowMs >= cooldown.untilMs) return onCooldownOver(machine, cooldown, context);
  const { state } = machine;
  switch (state.phase) {
    case 'backoff':
      if (context.nowMs < state.dueMs) return stay(machine);
      if (context.healingPaused) return restartNow(machine, state.story, [], context);
      return launch(machine, { kind: 'heal', actor: 'engine' }, state.story, context);
    case 'starting':
      if (state.appearByMs === null || context.nowMs < state.appearByMs) return stay(machine);
      return onLaunchFailed(
        machine,
        {
          reason: 'no_match',
          message: `the start command ran, but nothing that matches appeared within ${formatDuration(APPEAR_MS)}`,
        },
        context,
      );
    case 'running':
      return onHealthy(machine, state, context);
    case 'stopped':
    case 'waiting':
    case 'stopping':
    case 'cooldown':
    case 'held':
    case 'suspended':
    case 'failed':
      return stay(machine);
    default:
      return assertNever(state);
  }
}

/** The count is zero again; who is down because of the cooldown gets its trial. */
function onCooldownOver(machine: HealMachine, cooldown: Cooldown, context: HealContext): Transition {
  const { state, ledger } = machine;
  const story = storyOf(state);
  const fresh = {
    ...machine,
    ledger: { ...ledger, consecutive: 0, budget: endCooldown(ledger.budget), lastExits: [] },
  };
  const told = tell(cooldownEndedReport(cooldown, context.nowMs, context.watch), within(story));
  return state.phase === 'cooldown' ? restartNow(fresh, story, [told], context) : { ...fresh, effects: [told] };
}

/** Time has passed in which a program ran: what was unsure becomes sure, a step at a time. */
function onHealthy(machine: HealMachine, state: HealState & { phase: 'running' }, context: HealContext): Transition {
  const { nowMs, policy, watch } = context;
  const healthyMs = nowMs - state.sinceMs;
  let { ledger } = machine;
  if (ledger.consecutive > 0 && healthyMs >= policy.healthyMs) ledger = { ...ledger, consecutive: 0, lastExits: [] };
  if (ledger.budget.trips > 0 && healthyMs >= policy.stableMs) {
    ledger = { ...ledger, budget: forgetTrips(ledger.budget) };
  }
  const { story, processes } = state;
  if (story === null || healthyMs < policy.verifyMs) return { state, ledger, effects: [] };
  const report = recoveredReport(story, processes[0]?.pid ?? null, policy.verifyMs, watch, nowMs);
  return { state: { ...state, story: null }, ledger, effects: [tell(report, 'closes')] };
}

/** Asks for a start now. */
function launch(
  machine: HealMachine,
  cause: Cause,
  story: Story | null,
  { nowMs, watch, policy }: HealContext,
): Transition {
  const automatic = cause.kind === 'heal';
  const { ledger } = machine;
  return {
    state: {
      phase: 'starting',
      sinceMs: nowMs,
      cause,
      story: story !== null && automatic ? { ...story, attempts: story.attempts + 1 } : story,
      appearByMs: watch.target.kind === 'match' ? nowMs + APPEAR_MS : null,
    },
    ledger: automatic
      ? {
          ...ledger,
          consecutive: ledger.consecutive + 1,
          restarts: ledger.restarts + 1,
          lastRestartAtMs: nowMs,
          budget: recordRestart(ledger.budget, nowMs, policy.budget),
        }
      : { ...ledger, consecutive: 0 },
    effects: [{ type: 'launch' }],
  };
}

/** A start came through: its own child lives, or what the start command brought up was found. */
function running(
  machine: HealMachine,
  cause: Cause,
  processes: readonly LiveProcess[],
  story: Story | null,
  { nowMs, watch }: HealContext,
): Transition {
  const report = runningReport(cause, processes[0]?.pid ?? null, story, machine.ledger, watch, nowMs);
  return {
    ...machine,
    state: { phase: 'running', sinceMs: nowMs, processes, story },
    effects: [tell(report, within(story))],
  };
}

/** A start that did not come about is tried again later, as an automatic restart, unless the policy says never. */
function retryLater(
  machine: HealMachine,
  open: Story | null,
  cause: { operation: 'start' | 'restart'; actor: Actor },
  failure: LaunchFailure,
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  if (restartPolicyOf(watch) === 'never') {
    return {
      ...machine,
      state: { phase: 'failed', sinceMs: nowMs, why: failure.message, processes: [] },
      effects: [tell(startFailedReport(failure, cause, null, watch), open === null ? 'none' : 'closes')],
    };
  }
  const story: Story = open ?? { openedAtMs: nowMs, downSinceMs: nowMs, oldPid: null, attempts: 0 };
  // What failed to start fails again at once: also the first retry waits, and the wait counts from here.
  const waiting = { ...machine, ledger: { ...machine.ledger, consecutive: Math.max(1, machine.ledger.consecutive) } };
  const place = open === null ? 'opens' : 'continues';
  const told = tell(startFailedReport(failure, cause, nextTryMs(waiting, context), watch), place);
  return restartNow(waiting, story, [told], context);
}

/** The last step of the escalation: so many heals in a row did not hold that another would not help. */
function gaveUp(machine: HealMachine, story: Story | null, { nowMs, policy, watch }: HealContext): Transition | null {
  const { ledger } = machine;
  if (story === null || story.attempts < policy.giveUpAfter) return null;
  const why = `${plural(story.attempts, 'restart')} in a row did not hold`;
  return {
    state: { phase: 'failed', sinceMs: nowMs, why, processes: [] },
    ledger: { ...ledger, consecutive: 0 },
    effects: [tell(gaveUpReport(why, story, watch), 'closes')],
  };
}

/** Ends trees first, then goes on with `next`. */
function clearThen(
  machine: HealMachine,
  processes: readonly LiveProcess[],
  next: Next,
  { nowMs }: HealContext,
  atOnce = false,
): Transition {
  return {
    ...machine,
    state: { phase: 'stopping', sinceMs: nowMs, processes, next, story: storyOf(machine.state) },
    effects: [{ type: 'clear', roots: processes, scope: 'everything', atOnce }],
  };
}

function stopped(machine: HealMachine, actor: Actor, result: ClearResult, { nowMs, watch }: HealContext): Transition {
  return {
    state: { phase: 'stopped', sinceMs: nowMs, because: 'operator' },
    ledger: { ...machine.ledger, consecutive: 0 },
    effects: [tell(stoppedReport(actor, result, watch), storyOf(machine.state) === null ? 'none' : 'closes')],
  };
}

function tell(draft: DraftOfWatch, story: StoryPlace): HealEffect {
  return { type: 'emit', draft, story };
}

/** The place of an event that neither opens nor closes a story. */
function within(story: Story | null): StoryPlace {
  return story === null ? 'none' : 'continues';
}
