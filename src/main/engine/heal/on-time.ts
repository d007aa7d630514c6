import { assertNever } from '../../../shared/lib/assert-never';
import { formatDuration } from '../../../shared/lib/duration';
import { startCommandOf } from '../../../shared/model/watch';
import { cooldownEndedReport, noStartCommandReport, recoveredReport, suspendedReport } from './heal-reports';
import {
  type HealContext,
  type HealMachine,
  type HealState,
  type RemedyAction,
  type Story,
  type Transition,
} from '../heal-state';
import type { LimitMetric } from '../policy/limits';
import { askBudget, type Cooldown, endCooldown, forgetTrips } from '../policy/restart-budget';
import { onStartOverdue } from './on-overdue';
import { clearThen, launch, restartNow, spend, stay, storyOf, tell, within } from './steps';

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
    ...(state.story ?? { openedAtMs: nowMs, attempts: 0 }),
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
        return {
          ...machine,
          effects: [tell(noStartCommandReport(because, state.processes, watch), within(state.story))],
        };
      }
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
  return state.phase === 'cooldown' ? restartNow(fresh, story, [told], context) : { ...fresh, effects: [told] };
}

/** The limit that a program was restarted for is kept again: the last thing that its heal may have waited for. */
export function onLimitHolds(machine: HealMachine, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'running' || state.story?.limit === undefined) return stay(machine);
  const story: Story = { ...state.story, limit: { ...state.story.limit, holds: true } };
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
  if (story === null || healthyMs < policy.verifyMs || story.limit?.holds === false) {
    return { state, ledger, effects: [] };
  }
  const report = recoveredReport(story, processes[0]?.pid ?? null, healthyMs, watch, nowMs);
  return { state: { ...state, story: null }, ledger, effects: [tell(report, 'closes')] };
}
