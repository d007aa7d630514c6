import type { HealContext, HealMachine, HealState, Transition } from './heal-state';
import { withoutPostponed } from './health';
import { mayFollow, renewedOf } from './runs';
import { notRestartedReport } from './start-reports';
import { clearThen, emitEvent, launch, restartNow, stay, within } from './steps';

/**
 * A start that waits for other watches takes place once none of them is in the way any more. What runs is restarted with those that were
 * started anew, once all that it depends on is as awaited.
 */
export function onDependenciesChanged(machine: HealMachine, context: HealContext): Transition {
  const { state } = machine;
  if (state.phase === 'running') return onRenewed(machine, state, context);
  if (state.phase !== 'blocked' || context.blockers.length > 0) return stay(machine);
  const { cause, recovery, shortage } = state;
  // Meanwhile the budget may be spent or the healing be paused: it is asked again.
  if (cause.kind === 'heal' && shortage === null) return restartNow(machine, recovery, [], context);
  return launch(machine, cause, recovery, context, shortage);
}

/**
 * The restart is an effect of the others: it costs no budget, and the counts of restarts in a row stand as they are. It can't go round for
 * that, since each of the others is started anew by a budget of its own, or by an operator.
 */
function onRenewed(machine: HealMachine, state: HealState & { phase: 'running' }, context: HealContext): Transition {
  const renewed = renewedOf(machine, context);
  if (renewed.length === 0 || !mayFollow(machine, context)) return stay(machine);
  const words = renewed.map(({ watch, until }) => ({ watch, until }));
  if (context.policy.observe) {
    // It goes on with what runs now: reported once.
    const seen = Object.fromEntries(renewed.map(({ id, run }) => [id, run ?? null]));
    const report = notRestartedReport(words, state.processes, context.watch);
    const ledger = { ...machine.ledger, ranWith: { ...machine.ledger.ranWith, ...seen } };
    return { ...machine, ledger, effects: [emitEvent(report, within(state.recovery))] };
  }
  const recovery = state.recovery === null ? null : withoutPostponed(state.recovery);
  const next = { kind: 'restart', actor: 'dependency', renewed: words } as const;
  const restart = clearThen({ ...machine, state: { ...state, recovery } }, state.processes, next, context);
  return { ...restart, effects: [{ type: 'follow', watches: renewed.map(({ id }) => id) }, ...restart.effects] };
}
