import { type Actor } from '../../../shared/model/event';
import { restartPolicyOf, startCommandOf } from '../../../shared/model/watch';
import { createRapidCrashes } from '../detectors';
import { anomalyReport } from './finding-reports';
import {
  cooldownStartedReport,
  gaveUpReport,
  leftDownReport,
  plural,
  runningReport,
  startFailedReport,
  stoppedReport,
} from './heal-reports';
import {
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
  type Story,
  type StoryPlace,
  type Transition,
} from '../heal-state';
import { backoffMs } from '../policy/backoff';
import { askBudget, recordRestart, type Spending } from '../policy/restart-budget';
import { type LaunchFailure } from '../ports';

/** How long a start command of a match target has to bring up a match. */
export const APPEAR_MS = 15_000;

export function storyOf(state: HealState): Story | null {
  return 'story' in state ? state.story : null;
}

export function stay(machine: HealMachine): Transition {
  return { ...machine, effects: [] };
}

export function tell(draft: DraftOfWatch, story: StoryPlace): HealEffect {
  return { type: 'emit', draft, story };
}

/** The place of an event that neither opens nor closes a story. */
export function within(story: Story | null): StoryPlace {
  return story === null ? 'none' : 'continues';
}

/** Asks for a start now. */
export function launch(
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

/**
 * An automatic restart, as far as it is allowed: the escalation, the storm brake and the budget are asked in this order,
 * then the delay is kept.
 */
export function restartNow(
  machine: HealMachine,
  story: Story | null,
  effects: readonly HealEffect[],
  context: HealContext,
): Transition {
  const { nowMs, policy } = context;
  if (policy.observe) {
    const told = tell(leftDownReport(context.watch), story === null ? 'none' : 'closes');
    return { ...leftDown(machine, context), effects: [...effects, told] };
  }
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

/** What ended and is only observed stays down; what is found by a match may come back by other hands. */
export function leftDown({ ledger }: HealMachine, { nowMs, watch }: HealContext): HealMachine {
  return {
    state:
      watch.target.kind === 'match'
        ? { phase: 'waiting', sinceMs: nowMs, story: null }
        : { phase: 'stopped', sinceMs: nowMs, because: 'observed' },
    ledger: { ...ledger, consecutive: 0 },
  };
}

/** Whether it is down only because it was observed. */
export function isLeftDown({ state }: HealMachine, { watch }: HealContext): boolean {
  if (state.phase === 'waiting') return startCommandOf(watch.target) !== null;
  return state.phase === 'stopped' && state.because === 'observed';
}

/** When the next automatic restart would be, in ms from now. */
export function nextTryMs({ ledger }: HealMachine, { nowMs, policy }: HealContext): number {
  const asked = askBudget(ledger.budget, nowMs, policy.budget);
  return asked.granted ? delayOf(ledger, policy) : asked.cooldown.untilMs - nowMs;
}

function delayOf(ledger: RestartLedger, policy: HealPolicy): number {
  return policy.delays ? backoffMs(ledger.consecutive) : 0;
}

/** The budget is spent: a cooldown that begins is told once, with what the ends had in common. */
export function spend(
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

/** A start came through: its own child lives, or what the start command brought up was found. */
export function running(
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
export function retryLater(
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
export function clearThen(
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

export function stopped(
  machine: HealMachine,
  actor: Actor,
  result: ClearResult,
  { nowMs, watch }: HealContext,
): Transition {
  return {
    state: { phase: 'stopped', sinceMs: nowMs, because: 'operator' },
    ledger: { ...machine.ledger, consecutive: 0 },
    effects: [tell(stoppedReport(actor, result, watch), storyOf(machine.state) === null ? 'none' : 'closes')],
  };
}
