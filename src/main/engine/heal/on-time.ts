import { assertNever } from '../../../shared/lib/assert-never';
import { formatDuration } from '../../../shared/lib/format/duration';
import { startCommandOf } from '../../../shared/model/watch';
import { cooldownEndedReport, recoveredReport, suspendedReport } from './heal-reports';
import {
  type HealContext,
  type HealMachine,
  type HealState,
  type RemedyAction,
  type Story,
  type Transition,
} from './heal-state';
import type { LimitMetric } from '../../../shared/findings';
import { askBudget, endCooldown, forgetTrips } from './restart-budget';
import type { Cooldown } from '../ports';
import { beginStory } from './flapping';
import { onStartOverdue } from './on-overdue';
import { clearThen, launch, restartNow, spend, stay, storyOf, tell, within } from './steps';
import { noStartCommandReport } from './start-reports';

/** What a limit or a detector wants done about a running watch. */
export function onRemedy(
  machine: HealMachine,
  action: RemedyAction,
  because: string,
  metric: LimitMetric | null,
  context: HealContext,
): Transition {
  const { state } = machine;
  const { nowMs, policy, watch } = context;
  if (state.phase !== 'running') return stay(machine);
  const oldPid = state.processes[0]?.pid ?? null;
  const story: Story = {
    ...withoutPostponed(state.story ?? beginStory(machine.ledger, context)),
    ...(metric === null ? {} : { limit: { metric, holds: false } }),
    downSinceMs: nowMs,
    oldPid,
  };
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
      // Ending what nothing would start again makes it worse.
      if (startCommandOf(watch.target) === null) {
        const report = noStartCommandReport(because, state.processes, watch);
        // Nothing follows: whatever was found of it, its incident is over with this.
        return { ...machine, state: { ...state, story: null }, effects: [tell(report, 'closes')] };
      }
      const postponed = { ...state, story: { ...story, postponed: because } };
      if (context.healingPaused) return { ...machine, state: postponed, effects: [] };
      const asked = askBudget(machine.ledger.budget, nowMs, policy.budget);
      if (asked.granted) return clearThen(told, state.processes, { kind: 'heal', because }, context);
      // Ending a program that may not be started again would make it worse: it is left running, and that is told.
      return { state: postponed, ...spend(machine, asked, story, context) };
    }
    default:
      return assertNever(action);
  }
}

/** Restarts are allowed again: a program that runs on, although it was to be restarted, is restarted now. */
export function onHealAllowed(machine: HealMachine, context: HealContext): Transition {
  const { state } = machine;
  const because = state.phase === 'running' ? state.story?.postponed : undefined;
  if (because === undefined || context.policy.observe) return stay(machine);
  return onRemedy(machine, 'restart', because, null, context);
}

export function onDue(machine: HealMachine, context: HealContext): Transition {
  const { cooldown } = machine.ledger.budget;
  if (cooldown !== null && context.nowMs >= cooldown.untilMs) return onCooldownOver(machine, cooldown, context);
  const { state } = machine;
  switch (state.phase) {
    case 'backoff':
      if (context.nowMs < state.dueMs) return stay(machine);
      if (context.policy.observe) return restartNow(machine, state.story, [], context);
      if (state.shortage !== null) return launch(machine, state.shortage.cause, state.story, context, state.shortage);
      if (context.healingPaused) return restartNow(machine, state.story, [], context);
      return launch(machine, { kind: 'heal', actor: 'engine' }, state.story, context);
    case 'starting':
      if (state.appearByMs === null || context.nowMs < state.appearByMs) return stay(machine);
      return onStartOverdue(machine, {
        reason: 'no_match',
        message: `the start command ran, but nothing that matches appeared within ${formatDuration(state.appearByMs - state.sinceMs)}`,
      });
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
  if (state.phase === 'cooldown') return restartNow(fresh, story, [told], context);
  const goesOn = onHealAllowed(fresh, context);
  return { ...goesOn, effects: [told, ...goesOn.effects] };
}

/** The limit that a program was restarted for is kept again: the last thing that its heal may have waited for. */
export function onLimitHolds(machine: HealMachine, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'running' || state.story?.limit === undefined) return stay(machine);
  const story: Story = { ...withoutPostponed(state.story), limit: { ...state.story.limit, holds: true } };
  return onHealthy(machine, { ...state, story }, context);
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
  const holds = healthyMs >= policy.verifyMs && story?.limit?.holds !== false && story?.postponed === undefined;
  if (story === null || !holds) return { state, ledger, effects: [] };
  if (story.flapping !== undefined && healthyMs < policy.flappingMs) {
    // It holds, but so did the last one: that is reported once it has held for longer.
    return {
      state: { ...state, story: { ...story, flapping: { held: story.attempts } } },
      ledger,
      effects: [],
    };
  }
  const report = recoveredReport(story, processes[0]?.pid ?? null, healthyMs, watch, nowMs);
  const lastRecovery =
    story.isQuiet === true ? null : { atMs: nowMs, openedAtMs: story.openedAtMs, attempts: story.attempts };
  return {
    state: { ...state, story: null },
    ledger: { ...ledger, lastRecovery },
    effects: [tell(report, 'closes')],
  };
}

function withoutPostponed<S extends Partial<Story>>(story: S): Omit<S, 'postponed'> {
  const { postponed: _, ...rest } = story;
  return rest;
}
