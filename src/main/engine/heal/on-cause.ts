import type { EarlyEnd } from '../../../shared/events/text';
import type { Obstacle } from '../../../shared/model/crash-group';
import { cooldownEndedReport } from './heal-reports';
import type { HealContext, HealMachine, Transition } from './heal-state';
import { stopBefore } from './restart-budget';
import { clearThen, emitEvent, restartNow, spend, stay, within } from './steps';

/*
 * What the reason of a crash changes, once it is known. It comes later than the crash: a restart may have been made already.
 *
 *   phase      port in use by a stranger   port in use by what a start left   the cause of the cooldown is gone
 *   backoff    cooldown                    that is ended, then restart        -
 *   cooldown   -                           that is ended, then restart        restart, if the budget has one left
 *   others     -                           -                                  -
 */

/** Another start would fail in the same way, and cost a restart of the budget: it waits for the port. */
export function onObstructed(machine: HealMachine, obstacle: Obstacle, context: HealContext): Transition {
  const { state, ledger } = machine;
  const { policy, nowMs } = context;
  const isWaiting = state.phase === 'backoff' && state.shortage === null && ledger.budget.cooldown === null;
  if (!isWaiting || policy.observe || policy.sameCrashLimit === null) return stay(machine);
  const refused = spend(machine, stopBefore(ledger.budget, nowMs, policy.budget, obstacle), state.recovery, context);
  return { ...refused, state: { phase: 'cooldown', sinceMs: nowMs, recovery: state.recovery } };
}

/** The next start would meet what is left of an earlier one, which is ended first. */
export function onLeftoversFound(machine: HealMachine, context: HealContext): Transition {
  const { phase } = machine.state;
  if ((phase !== 'backoff' && phase !== 'cooldown') || context.policy.observe) return stay(machine);
  return clearThen(machine, [], { kind: 'heal', reason: null }, context);
}

/** What made a program fail in the same way again and again may be mended: it is tried, and the budget counts on. */
export function onCauseGone(machine: HealMachine, end: EarlyEnd, context: HealContext): Transition {
  const { state, ledger } = machine;
  const { cooldown } = ledger.budget;
  if (state.phase !== 'cooldown' || cooldown === null) return stay(machine);
  const isWaitedFor = end.freed === undefined ? cooldown.sameCrash !== undefined : cooldown.obstacle !== undefined;
  if (!isWaitedFor) return stay(machine);
  const budget = { ...ledger.budget, cooldown: null };
  const fresh = { ...machine, ledger: { ...ledger, consecutive: 0, budget, lastExits: [] } };
  const report = cooldownEndedReport(cooldown, context.nowMs, context.watch, end);
  return restartNow(fresh, state.recovery, [emitEvent(report, within(state.recovery))], context);
}
