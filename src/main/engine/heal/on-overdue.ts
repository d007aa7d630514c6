import type { HealContext, HealInput, HealMachine, Transition } from './heal-state';
import type { LaunchFailure } from '../ports';
import { onLaunchFailed } from './on-process';
import { stay, emitEvent, within } from './steps';
import { stillStartingReport } from './start-reports';

/** A start of a match has brought up no match, and would have failed so: first it is checked what of it is alive. */
export function onStartOverdue(machine: HealMachine, failure: LaunchFailure): Transition {
  const { state } = machine;
  if (state.phase !== 'starting') return stay(machine);
  const living = state.overdue?.living ?? null;
  return { ...machine, state: { ...state, overdue: { failure, living } }, effects: [{ type: 'examine_start' }] };
}

/** Nothing of it lives: it has failed. Else it is still starting, however long that takes; that is reported once. */
export function onStartExamined(
  machine: HealMachine,
  { living, lastWords }: HealInput & { type: 'start_examined' },
  context: HealContext,
): Transition {
  const { state } = machine;
  if (state.phase !== 'starting' || state.overdue === null) return stay(machine);
  const { failure, living: before } = state.overdue;
  if (living.length === 0) return onLaunchFailed(machine, { ...failure, lastWords }, context);
  const report = stillStartingReport(failure, living, context.watch);
  return {
    ...machine,
    state: { ...state, overdue: { failure, living } },
    effects: before === null ? [emitEvent(report, within(state.recovery))] : [],
  };
}
