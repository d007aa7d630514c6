import { assertNever } from '../../shared/lib/assert-never';
import { formatDuration } from '../../shared/lib/duration';
import type { Actor } from '../../shared/model/event';
import { sameIdentity, type ProcessIdentity } from '../../shared/model/process';
import { restartPolicyOf, startCommandOf } from '../../shared/model/watch';
import {
  adoptedReport,
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
  type StopReason,
  type Story,
  type StoryPlace,
  type Transition,
} from './heal-state';
import { backoffMs } from './policy/backoff';
import { judgeExit } from './policy/restart-policy';
import type { LaunchFailure } from './ports';

/** A program that ends sooner than this after its start never really ran. */
export const INSTANT_EXIT_MS = 1000;
/** How long a start command of a match target has to bring up a match. */
export const APPEAR_MS = 15_000;

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
    case 'due':
      return onDue(machine, context);
    default:
      return assertNever(input);
  }
}

/** When `due` is next worth sending, or null. */
export function nextDueMs({ state, ledger }: HealMachine, policy: HealPolicy): number | null {
  switch (state.phase) {
    case 'backoff':
      return state.dueMs;
    case 'starting':
      return state.appearByMs;
    case 'running':
      if (state.story !== null) return state.sinceMs + policy.verifyMs;
      return ledger.consecutive > 0 ? state.sinceMs + policy.healthyMs : null;
    case 'stopped':
    case 'waiting':
    case 'stopping':
    case 'failed':
      return null;
    default:
      return assertNever(state);
  }
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
    case 'stopped':
    case 'waiting':
    case 'backoff':
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
      return clearThen(machine, state.processes, { kind: 'stop', actor }, 'everything', context);
    case 'failed':
      if (state.processes.length > 0) {
        return clearThen(machine, state.processes, { kind: 'stop', actor }, 'everything', context);
      }
      return stopped(machine, actor, { pids: [], forced: [], survivors: [] }, context);
    case 'starting':
      // What a start command has brought up so far is known by its mark only.
      return clearThen(machine, [], { kind: 'stop', actor }, 'everything', context);
    case 'waiting':
    case 'backoff':
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
      return clearThen(machine, state.processes, next, 'everything', context);
    case 'failed':
      if (state.processes.length > 0) return clearThen(machine, state.processes, next, 'everything', context);
      return launch(machine, next, null, context);
    case 'stopping':
      return { ...machine, state: { ...state, next }, effects: [] };
    case 'starting':
      return stay(machine);
    case 'stopped':
    case 'waiting':
    case 'backoff':
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
    return clearThen(machine, [process], { kind: 'stop', actor: 'engine' }, 'everything', context);
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
      return onEnd(machine, { ...state, processes }, gone, input, context);
    default:
      return stay(machine);
  }
}

/** A process of a running watch has ended without being asked to; `state` has the others. */
function onEnd(
  machine: HealMachine,
  state: HealState & { phase: 'running' },
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
  if (!verdict.restart) {
    return {
      state: { phase: 'stopped', sinceMs: nowMs, because: STOP_REASONS[verdict.kind] },
      ledger: { ...machine.ledger, consecutive: 0 },
      effects: [tell(report, story === null ? 'none' : 'closes')],
    };
  }
  const opens = verdict.kind === 'crash' && story === null;
  return heal(
    machine,
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
  const giveUp = gaveUp(machine, story, context);
  if (giveUp !== null) return { ...giveUp, effects: [...told, ...giveUp.effects] };

  const delayMs = backoffMs(machine.ledger.consecutive);
  const effects = [...told];
  if (crashed && gone.origin === 'child' && end.uptimeMs < INSTANT_EXIT_MS) {
    const operation = open === null ? 'start' : 'restart';
    effects.push(tell(instantExitReport(end, operation, delayMs, watch), 'continues'));
  }
  // A heal that did not hold escalates: before the next start everything that it may have left behind is ended, wherever it went.
  const escalate = open !== null && open.attempts > 0;
  if (end.death.leftovers || escalate) {
    effects.push({ type: 'clear', roots: [gone], scope: escalate ? 'everything' : 'leftovers' });
    const next: Next = { kind: 'heal', dueMs: nowMs + delayMs };
    return { ...machine, state: { phase: 'stopping', sinceMs: nowMs, processes: [], next, story }, effects };
  }
  return startAt(machine, nowMs + delayMs, story, effects, context);
}

function onCleared(machine: HealMachine, result: ClearResult, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'stopping') return stay(machine);
  const { next, story } = state;
  const effects: HealEffect[] = [];
  if (result.forced.length > 0 || (next.kind === 'heal' && result.pids.length > 0)) {
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
      return startAt(machine, next.dueMs, story, effects, context);
    default:
      return assertNever(next);
  }
}

function onDue(machine: HealMachine, context: HealContext): Transition {
  const { state, ledger } = machine;
  const due = nextDueMs(machine, context.policy);
  if (due === null || context.nowMs < due) return stay(machine);
  switch (state.phase) {
    case 'backoff':
      return launch(machine, { kind: 'heal', actor: 'engine' }, state.story, context);
    case 'starting':
      return onLaunchFailed(
        machine,
        {
          reason: 'no_match',
          message: `the start command ran, but nothing that matches appeared within ${formatDuration(APPEAR_MS)}`,
        },
        context,
      );
    case 'running': {
      const { story, processes } = state;
      if (story === null) return { ...machine, ledger: { ...ledger, consecutive: 0 }, effects: [] };
      const pid = processes[0]?.pid ?? null;
      const report = recoveredReport(story, pid, context.policy.verifyMs, context.watch, context.nowMs);
      return { ...machine, state: { ...state, story: null }, effects: [tell(report, 'closes')] };
    }
    case 'stopped':
    case 'waiting':
    case 'stopping':
    case 'failed':
      return stay(machine);
    default:
      return assertNever(state);
  }
}

/** Asks for a start now. */
function launch(machine: HealMachine, cause: Cause, story: Story | null, { nowMs, watch }: HealContext): Transition {
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
      ? { consecutive: ledger.consecutive + 1, restarts: ledger.restarts + 1, lastRestartAtMs: nowMs }
      : { ...ledger, consecutive: 0 },
    effects: [{ type: 'launch' }],
  };
}

/** An automatic start, at once or after the delay. */
function startAt(
  machine: HealMachine,
  dueMs: number,
  story: Story | null,
  effects: readonly HealEffect[],
  context: HealContext,
): Transition {
  if (dueMs > context.nowMs) {
    return { ...machine, state: { phase: 'backoff', sinceMs: context.nowMs, dueMs, story }, effects };
  }
  const start = launch(machine, { kind: 'heal', actor: 'engine' }, story, context);
  return { ...start, effects: [...effects, ...start.effects] };
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
  const delayMs = backoffMs(Math.max(1, machine.ledger.consecutive));
  const told = tell(startFailedReport(failure, cause, delayMs, watch), open === null ? 'opens' : 'continues');
  const giveUp = gaveUp(machine, story, context);
  if (giveUp !== null) return { ...giveUp, effects: [told, ...giveUp.effects] };
  return { ...machine, state: { phase: 'backoff', sinceMs: nowMs, dueMs: nowMs + delayMs, story }, effects: [told] };
}

/** The last step of the escalation: so many heals in a row did not hold that another would not help. */
function gaveUp(machine: HealMachine, story: Story, { nowMs, policy, watch }: HealContext): Transition | null {
  const { ledger } = machine;
  if (ledger.consecutive < policy.giveUpAfter) return null;
  const why = `${plural(ledger.consecutive, 'restart')} in a row did not hold`;
  return {
    state: { phase: 'failed', sinceMs: nowMs, why, processes: [] },
    ledger: { ...ledger, consecutive: 0 },
    effects: [tell(gaveUpReport(why, story, watch), 'closes')],
  };
}

/** Ends processes first, then goes on with `next`. */
function clearThen(
  machine: HealMachine,
  processes: readonly LiveProcess[],
  next: Next,
  scope: 'leftovers' | 'everything',
  { nowMs }: HealContext,
): Transition {
  return {
    ...machine,
    state: { phase: 'stopping', sinceMs: nowMs, processes, next, story: storyOf(machine.state) },
    effects: [{ type: 'clear', roots: processes, scope }],
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
