import type { HealContext, HealMachine, Transition } from './heal-state';
import { launch, restartNow, stay } from './steps';

/** A start that waits for other watches takes place once none of them is in the way any more. */
export function onDependenciesChanged(machine: HealMachine, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'blocked' || context.blockers.length > 0) return stay(machine);
  const { cause, recovery, shortage } = state;
  // Meanwhile the budget may be spent or the healing be paused: it is asked again.
  if (cause.kind === 'heal' && shortage === null) return restartNow(machine, recovery, [], context);
  return launch(machine, cause, recovery, context, shortage);
}
