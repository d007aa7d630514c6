import type { HealContext, HealInput, HealMachine, Transition } from './heal-state';
import { succeededReport } from './heal-reports';
import { stay, emitEvent, within } from './steps';

/** The program goes on in another process: that is no end of it, and nothing needs healing. */
export function onSucceeded(
  machine: HealMachine,
  { identity, heir, others }: HealInput & { type: 'succeeded' },
  { watch }: HealContext,
): Transition {
  const { state } = machine;
  if (state.phase !== 'running' && state.phase !== 'suspended') return stay(machine);
  const processes = [heir, ...others];
  const report = succeededReport(identity, heir, watch);
  return { ...machine, state: { ...state, processes }, effects: [emitEvent(report, within(state.recovery))] };
}
