import { assertNever } from '../../shared/lib/assert-never';
import { formatDuration } from '../../shared/lib/duration';
import type { Actor, EventDraft, ExitFacts } from '../../shared/model/event';
import { sameIdentity, type ProcessIdentity } from '../../shared/model/process';
import { restartPolicyOf, startCommandOf, type Watch } from '../../shared/model/watch';
import { backoffMs } from './policy/backoff';
import { describeExit, judgeExit } from './policy/restart-policy';
import type { ChildExit, LaunchFailure } from './ports';

/**
 * The life of one watch.
 *
 * ```text
 *            start                 launched / found
 *  stopped ────────► starting ─────────────────────────► running ◄─── found ─── waiting
 *     ▲                 ▲  │ launch_failed                │   │  ▲                 ▲
 *     │             due │  ▼                   last exit  │   │  └─ due: recovered │
 *     │                backoff ◄──────────────────────────┤   │ stop, restart      │
 *     │                    ▲                              ├───┼────────────────────┘ no start command
 *     │ clean exit,        │ cleared                      ▼   ▼
 *     ├────────────────────┴──────────────────────────── stopping
 *     │ policy, shutdown                                     │ something can't be killed
 *     │                 start, restart                       ▼
 *     └──────────────────────────────────────────────────► failed   (also: too many restarts that did not hold)
 * ```
 * Times are monotonic milliseconds. A state carries all that only it needs.
 */
export type HealState =
  | { phase: 'stopped'; sinceMs: number; because: StopReason }
  | { phase: 'waiting'; sinceMs: number; story: Story | null }
  | { phase: 'starting'; sinceMs: number; cause: Cause; story: Story | null; appearByMs: number | null }
  | { phase: 'running'; sinceMs: number; processes: readonly LiveProcess[]; story: Story | null }
  | { phase: 'stopping'; sinceMs: number; processes: readonly LiveProcess[]; next: Next; story: Story | null }
  | { phase: 'backoff'; sinceMs: number; dueMs: number; story: Story | null }
  | { phase: 'failed'; sinceMs: number; why: string; processes: readonly LiveProcess[] };

export type StopReason = 'new' | 'operator' | 'clean_exit' | 'crash' | 'gave_up' | 'shutdown';

/** What goes on between a crash and the proof that its heal holds. */
export interface Story {
  openedAtMs: number;
  oldPid: number | null;
  /** Automatic restarts so far. */
  attempts: number;
}

/** Who wants a start, and as what it counts. */
export interface Cause {
  kind: 'start' | 'restart' | 'heal';
  actor: Actor;
}

/** What follows once nothing of the tree is left. */
export type Next = { kind: 'stop'; actor: Actor } | { kind: 'restart'; actor: Actor } | { kind: 'heal'; dueMs: number };

export interface LiveProcess extends ProcessIdentity {
  /** `child`: started by this engine; `adopted`: by an earlier one; `match`: found. */
  origin: 'child' | 'adopted' | 'match';
  /** When it was started, as far as known: uptime and grace count from here. */
  startedAtMs: number;
}

/** Counts that outlive the states. */
export interface RestartLedger {
  /** Automatic restarts in a row without a healthy time. */
  consecutive: number;
  /** Automatic restarts since the watch was added. */
  restarts: number;
  lastRestartAtMs: number | null;
}

export interface HealMachine {
  state: HealState;
  ledger: RestartLedger;
}

export type HealInput =
  | { type: 'start'; actor: Actor }
  | { type: 'stop'; actor: Actor }
  | { type: 'restart'; actor: Actor }
  | { type: 'launched'; identity: ProcessIdentity }
  | { type: 'launch_failed'; failure: LaunchFailure }
  | { type: 'found'; processes: readonly LiveProcess[] }
  | { type: 'exited'; identity: ProcessIdentity; exit: ChildExit | null; death: Death }
  | { type: 'cleared'; result: ClearResult }
  | { type: 'due' };

/** What else was seen at a death. */
export interface Death {
  stderrTail: readonly string[];
  /** Whether its group or session may hold processes still. */
  leftovers: boolean;
  whileEngineWasDown: boolean;
}

export interface ClearResult {
  /** Every process that was signalled. */
  pids: readonly number[];
  /** Those that needed KILL. */
  forced: readonly number[];
  /** Those that even KILL did not end. */
  survivors: readonly number[];
}

/** What the machine wants done; the supervisor does it, in order. */
export type HealEffect =
  | { type: 'emit'; draft: DraftOfWatch; story: 'opens' | 'continues' | 'closes' | 'none' }
  | { type: 'launch' }
  | {
      type: 'clear';
      roots: readonly ProcessIdentity[];
      /** `leftovers`: group and session of the dead; `everything`: the tree, and all that carries the mark of the watch. */
      scope: 'leftovers' | 'everything';
    };

type Without<T> = T extends unknown ? Omit<T, 'watch' | 'incident'> : never;
/** The supervisor adds the name of the watch and the number of the incident. */
export type DraftOfWatch = Without<EventDraft>;

export interface HealPolicy {
  verifyMs: number;
  healthyMs: number;
  giveUpAfter: number;
}

export interface HealContext {
  nowMs: number;
  watch: Watch;
  policy: HealPolicy;
  shuttingDown: boolean;
}

export interface Transition extends HealMachine {
  effects: readonly HealEffect[];
}

/** A program that ends sooner than this after its start never really ran. */
export const INSTANT_EXIT_MS = 1000;
/** How long a start command of a match target has to bring up a match. */
export const APPEAR_MS = 15_000;

/** A watch that was just added. */
export function initialMachine(nowMs: number): HealMachine {
  return {
    state: { phase: 'stopped', sinceMs: nowMs, because: 'new' },
    ledger: { consecutive: 0, restarts: 0, lastRestartAtMs: null },
  };
}

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

/** The processes that are known to belong to the watch now. */
export function processesOf(state: HealState): readonly LiveProcess[] {
  return state.phase === 'running' || state.phase === 'stopping' || state.phase === 'failed' ? state.processes : [];
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
  if (state.phase === 'starting') return running(machine, state.cause, found, state.story, context);
  const adoptions = found.map((process): HealEffect => ({
    type: 'emit',
    story: storyOf(state) === null ? 'none' : 'continues',
    draft: {
      type: 'adopted',
      severity: 'info',
      pid: process.pid,
      message: `${context.watch.name} adopted: pid ${process.pid} has been running for ${formatDuration(context.nowMs - process.startedAtMs)}`,
      data: {
        how: process.origin === 'match' ? 'match' : 'child',
        uptimeSeconds: seconds(context.nowMs - process.startedAtMs),
      },
    },
  }));
  if (state.phase === 'running') {
    return { ...machine, state: { ...state, processes: [...state.processes, ...found] }, effects: adoptions };
  }
  if (state.phase === 'stopping') return stay(machine);
  return {
    ...machine,
    state: { phase: 'running', sinceMs: context.nowMs, processes: found, story: storyOf(state) },
    effects: adoptions,
  };
}

function onLaunchFailed(machine: HealMachine, failure: LaunchFailure, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'starting') return stay(machine);
  const operation = state.cause.kind === 'start' ? 'start' : 'restart';
  return retryLater(machine, state.story, { operation, actor: state.cause.actor, ...failure }, context);
}

function onExited(machine: HealMachine, input: HealInput & { type: 'exited' }, context: HealContext): Transition {
  const { state } = machine;
  const gone = processesOf(state).find((process) => sameIdentity(process, input.identity));
  if (gone === undefined) return stay(machine);
  const remaining = processesOf(state).filter((process) => process !== gone);
  if (state.phase === 'stopping') {
    // The end that was asked for; the ladder reports when all of the tree is gone.
    return { ...machine, state: { ...state, processes: remaining }, effects: [] };
  }
  if (state.phase !== 'running') {
    return { ...machine, state: { ...state, processes: remaining } as HealState, effects: [] };
  }

  const { watch } = context;
  const verdict = judgeExit(watch, input.exit, context.shuttingDown);
  const report = exitReport(gone, input, verdict.kind, remaining.length, state.story !== null, context);
  if (remaining.length > 0) {
    return { ...machine, state: { ...state, processes: remaining }, effects: [report] };
  }
  if (!verdict.restart) {
    const because: StopReason =
      verdict.kind === 'shutdown' ? 'shutdown' : verdict.kind === 'clean' ? 'clean_exit' : 'crash';
    return {
      state: { phase: 'stopped', sinceMs: context.nowMs, because },
      ledger: { ...machine.ledger, consecutive: 0 },
      effects: [{ ...report, story: state.story === null ? 'none' : 'closes' }],
    };
  }
  return heal(machine, { open: state.story, gone, input, crashed: verdict.kind === 'crash' }, report, context);
}

/** The last process of a watch is gone and is to come back. */
function heal(
  machine: HealMachine,
  end: { open: Story | null; gone: LiveProcess; input: HealInput & { type: 'exited' }; crashed: boolean },
  report: HealEffect,
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const { open, gone, input } = end;
  const story: Story = open ?? { openedAtMs: nowMs, oldPid: gone.pid, attempts: 0 };
  const command = startCommandOf(watch.target);
  if (command === null) {
    return { ...machine, state: { phase: 'waiting', sinceMs: nowMs, story }, effects: [report] };
  }
  const giveUp = gaveUp(machine, story, context);
  if (giveUp !== null) return { ...giveUp, effects: [report, ...giveUp.effects] };

  const delayMs = backoffMs(machine.ledger.consecutive);
  const effects: HealEffect[] = [report];
  const uptimeMs = nowMs - gone.startedAtMs;
  if (end.crashed && gone.origin === 'child' && uptimeMs < INSTANT_EXIT_MS) {
    effects.push({
      type: 'emit',
      story: 'continues',
      draft: {
        type: 'restart_failed',
        severity: 'high',
        pid: gone.pid,
        message: `${watch.name} ended ${formatDuration(uptimeMs)} after its start (${describeExit(input.exit)}); next attempt ${inWords(delayMs)}`,
        data: {
          actor: 'engine',
          operation: open === null ? 'start' : 'restart',
          reason: 'instant_exit',
          tried: { argv: command.argv, cwd: command.cwd },
          nextAttemptInMs: delayMs,
        },
      },
    });
  }
  // A heal that did not hold escalates: before the next start everything that it may have left behind is ended, wherever it went.
  const escalate = open !== null && open.attempts > 0;
  if (input.death.leftovers || escalate) {
    effects.push({ type: 'clear', roots: [gone], scope: escalate ? 'everything' : 'leftovers' });
    return {
      ...machine,
      state: {
        phase: 'stopping',
        sinceMs: nowMs,
        processes: [],
        next: { kind: 'heal', dueMs: nowMs + delayMs },
        story,
      },
      effects,
    };
  }
  return startAt(machine, nowMs + delayMs, story, effects, context);
}

function onCleared(machine: HealMachine, result: ClearResult, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'stopping') return stay(machine);
  const { next, story } = state;
  const effects: HealEffect[] = [];
  if (result.forced.length > 0 || (next.kind === 'heal' && result.pids.length > 0)) {
    effects.push(killedReport(next, result, story, context));
  }
  if (result.survivors.length > 0) {
    // Never a second copy beside one that can't be ended: two of them on one port or one file are worse than none.
    const why = `pid ${result.survivors.join(', ')} could not be ended, not even by KILL (a process in uninterruptible sleep, or one of another user)`;
    effects.push({
      type: 'emit',
      story: story === null ? 'none' : 'closes',
      draft: {
        type: 'restart_failed',
        severity: 'critical',
        pid: result.survivors[0] ?? null,
        message: `${context.watch.name}: ${why}; it is left alone until it is started or stopped by hand`,
        data: {
          actor: next.kind === 'heal' ? 'engine' : next.actor,
          operation: next.kind === 'stop' ? 'stop' : 'restart',
          reason: 'unkillable',
          tried: null,
          nextAttemptInMs: null,
        },
      },
    });
    return {
      ...machine,
      state: { phase: 'failed', sinceMs: context.nowMs, why, processes: state.processes },
      effects,
    };
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
      if (state.story === null) return { ...machine, ledger: { ...ledger, consecutive: 0 }, effects: [] };
      const durationMs = context.nowMs - state.story.openedAtMs;
      return {
        ...machine,
        state: { ...state, story: null },
        effects: [
          {
            type: 'emit',
            story: 'closes',
            draft: {
              type: 'recovered',
              severity: 'info',
              pid: state.processes[0]?.pid ?? null,
              message: `${context.watch.name} has recovered: alive for ${formatDuration(context.policy.verifyMs)} after ${plural(state.story.attempts, 'restart')}`,
              data: { attempts: state.story.attempts, durationMs },
            },
          },
        ],
      };
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
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const pid = processes[0]?.pid ?? null;
  const command = startCommandOf(watch.target);
  const emit = (draft: DraftOfWatch): HealEffect => ({
    type: 'emit',
    story: story === null ? 'none' : 'continues',
    draft,
  });
  const effect =
    cause.kind === 'start'
      ? emit({
          type: 'started',
          severity: 'info',
          pid,
          message: `${watch.name} started as pid ${pid}`,
          data: { actor: cause.actor, argv: command?.argv ?? [], cwd: command?.cwd ?? '' },
        })
      : emit({
          type: 'restarted',
          severity: cause.kind === 'heal' ? 'warning' : 'info',
          pid,
          message:
            cause.kind === 'heal'
              ? `${watch.name} restarted as pid ${pid}, ${formatDuration(nowMs - (story?.openedAtMs ?? nowMs))} after the crash${attemptNote(machine.ledger)}`
              : `${watch.name} restarted by the operator as pid ${pid}`,
          data: {
            actor: cause.actor,
            attempt: cause.kind === 'heal' ? machine.ledger.consecutive : 0,
            oldPid: story?.oldPid ?? null,
            afterMs: cause.kind === 'heal' && story !== null ? Math.round(nowMs - story.openedAtMs) : null,
          },
        });
  return { ...machine, state: { phase: 'running', sinceMs: nowMs, processes, story }, effects: [effect] };
}

/** A start that did not come about is tried again later, as an automatic restart, unless the policy says never. */
function retryLater(
  machine: HealMachine,
  open: Story | null,
  failure: LaunchFailure & { operation: 'start' | 'restart'; actor: Actor },
  context: HealContext,
): Transition {
  const { nowMs, watch } = context;
  const command = startCommandOf(watch.target);
  const story: Story = open ?? { openedAtMs: nowMs, oldPid: null, attempts: 0 };
  const retry = restartPolicyOf(watch) !== 'never';
  const delayMs = retry ? backoffMs(Math.max(1, machine.ledger.consecutive)) : null;
  const failed: HealEffect = {
    type: 'emit',
    story: open === null ? 'opens' : 'continues',
    draft: {
      type: 'restart_failed',
      severity: 'high',
      pid: null,
      message: `${watch.name} could not be ${failure.operation}ed: ${failure.message}${delayMs === null ? '' : `; next attempt ${inWords(delayMs)}`}`,
      data: {
        actor: failure.actor,
        operation: failure.operation,
        reason: failure.reason,
        tried: command === null ? null : { argv: command.argv, cwd: command.cwd },
        nextAttemptInMs: delayMs,
      },
    },
  };
  if (delayMs === null) {
    return {
      ...machine,
      state: { phase: 'failed', sinceMs: nowMs, why: failure.message, processes: [] },
      effects: [{ ...failed, story: open === null ? 'none' : 'closes' }],
    };
  }
  const giveUp = gaveUp(machine, story, context);
  if (giveUp !== null) return { ...giveUp, effects: [failed, ...giveUp.effects] };
  return { ...machine, state: { phase: 'backoff', sinceMs: nowMs, dueMs: nowMs + delayMs, story }, effects: [failed] };
}

/** The last step of the escalation: so many heals in a row did not hold that another would not help. */
function gaveUp(machine: HealMachine, story: Story, { nowMs, policy, watch }: HealContext): Transition | null {
  if (machine.ledger.consecutive < policy.giveUpAfter) return null;
  const why = `${plural(machine.ledger.consecutive, 'restart')} in a row did not hold`;
  return {
    state: { phase: 'failed', sinceMs: nowMs, why, processes: [] },
    ledger: { ...machine.ledger, consecutive: 0 },
    effects: [
      {
        type: 'emit',
        story: 'closes',
        draft: {
          type: 'restart_failed',
          severity: 'critical',
          pid: story.oldPid,
          message: `${watch.name} is left alone: ${why}; start it by hand once the cause is mended`,
          data: { actor: 'engine', operation: 'restart', reason: 'gave_up', tried: null, nextAttemptInMs: null },
        },
      },
    ],
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
  const what = result.pids.length === 0 ? 'nothing of it was running' : `ended pid ${result.pids.join(', ')}`;
  return {
    state: { phase: 'stopped', sinceMs: nowMs, because: 'operator' },
    ledger: { ...machine.ledger, consecutive: 0 },
    effects: [
      {
        type: 'emit',
        story: storyOf(machine.state) === null ? 'none' : 'closes',
        draft: {
          type: 'stopped',
          severity: 'info',
          pid: result.pids[0] ?? null,
          message: `${watch.name} stopped by ${actorName(actor)}: ${what}`,
          data: { actor, pids: result.pids, forced: result.forced },
        },
      },
    ],
  };
}

function exitReport(
  gone: LiveProcess,
  { exit, death }: HealInput & { type: 'exited' },
  kind: 'shutdown' | 'clean' | 'crash',
  remaining: number,
  inStory: boolean,
  { nowMs, watch }: HealContext,
): HealEffect & { type: 'emit' } {
  const uptimeMs = nowMs - gone.startedAtMs;
  const facts: ExitFacts = {
    exitCode: exit?.exitCode ?? null,
    signal: exit?.signal ?? null,
    uptimeSeconds: seconds(uptimeMs),
    stderrTail: death.stderrTail,
  };
  const after = `after ${formatDuration(uptimeMs)}`;
  if (kind !== 'crash') {
    const why =
      kind === 'clean' ? `ended by itself ${after} (${describeExit(exit)})` : 'ended as the machine shuts down';
    return {
      type: 'emit',
      story: inStory ? 'continues' : 'none',
      draft: {
        type: 'exited',
        severity: 'info',
        pid: gone.pid,
        message: `${watch.name} (pid ${gone.pid}) ${why}`,
        data: { ...facts, because: kind === 'clean' ? 'clean_exit' : 'shutdown' },
      },
    };
  }
  const where = death.whileEngineWasDown ? ' while Healdeck was not running' : '';
  const others = remaining > 0 ? `; ${plural(remaining, 'process', 'processes')} of it still running` : '';
  return {
    type: 'emit',
    // A death beside living brothers is told, but is no story: nothing needs healing.
    story: inStory ? 'continues' : remaining > 0 || restartPolicyOf(watch) === 'never' ? 'none' : 'opens',
    draft: {
      type: 'crash_detected',
      severity: remaining > 0 ? 'warning' : 'high',
      pid: gone.pid,
      message: `${watch.name} (pid ${gone.pid}) crashed${where} ${after}: ${describeExit(exit)}${others}`,
      data: { ...facts, policy: restartPolicyOf(watch), remaining, whileEngineWasDown: death.whileEngineWasDown },
    },
  };
}

function killedReport(next: Next, result: ClearResult, story: Story | null, { watch }: HealContext): HealEffect {
  const because =
    next.kind === 'heal'
      ? 'left over from the process that died'
      : result.forced.length > 0
        ? 'did not end when asked to'
        : 'asked for by the operator';
  return {
    type: 'emit',
    story: story === null ? 'none' : 'continues',
    draft: {
      type: 'killed',
      severity: 'warning',
      pid: result.forced[0] ?? result.pids[0] ?? null,
      message: `${watch.name}: killed pid ${(result.forced.length > 0 ? result.forced : result.pids).join(', ')}, ${because}`,
      data: { actor: next.kind === 'heal' ? 'engine' : next.actor, because, ...result },
    },
  };
}

function attemptNote(ledger: RestartLedger): string {
  return ledger.consecutive > 1 ? ` (attempt ${ledger.consecutive})` : '';
}

function actorName(actor: Actor): string {
  return actor === 'engine' ? 'Healdeck' : `the operator (${actor})`;
}

function inWords(delayMs: number): string {
  return delayMs === 0 ? 'at once' : `in ${formatDuration(delayMs)}`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function seconds(ms: number): number {
  return Math.round(Math.max(0, ms) / 100) / 10;
}
