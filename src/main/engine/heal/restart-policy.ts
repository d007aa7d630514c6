import { isJob } from '../../../shared/model/schedule';
import { restartPolicyOf, startCommandOf, type Watch } from '../../../shared/model/watch';
import type { ChildExit } from '../ports';

/** What an end means: was it a crash, and is the program to be started again? */
export interface Verdict {
  kind: 'shutdown' | 'clean' | 'crash';
  restart: boolean;
}

/**
 * Judges the end of the last process of a watch; stops asked for by the operator never come here.
 *
 * | machine       | exit                 | always        | on-failure | never |
 * |---------------|----------------------|---------------|------------|-------|
 * | shutting down | any                  | shutdown, stays down (all policies) |||
 * | up            | listed as success    | clean, restart | clean     | clean |
 * | up            | the same, of a job   | clean         | clean      | clean |
 * | up            | anything else        | crash, restart | crash, restart | crash |
 * | up            | unknown (not ours)   | crash, restart | crash, restart | crash |
 */
export function judgeExit(
  watch: Pick<Watch, 'restart' | 'target' | 'success' | 'schedule'>,
  exit: ChildExit | null,
  shuttingDown: boolean,
): Verdict {
  if (shuttingDown) return { kind: 'shutdown', restart: false };
  const policy = restartPolicyOf(watch);
  if (isClean(watch, exit)) return { kind: 'clean', restart: policy === 'always' && !isJob(watch) };
  return { kind: 'crash', restart: policy !== 'never' };
}

/**
 * What a watch does when the operator ends its last process by itself, which is no crash and no stop of the watch: it is
 * replaced, waited for where it can't be started, or left ended where the policy is `never`.
 */
export function afterOperatorsEnd(watch: Pick<Watch, 'restart' | 'target'>): 'restarts' | 'waits' | 'stops' {
  if (restartPolicyOf(watch) === 'never') return 'stops';
  return startCommandOf(watch.target) === null ? 'waits' : 'restarts';
}

/** Whether an exit is one of those that the watch lists as success. An unknown exit is not. */
export function isClean(watch: Pick<Watch, 'success'>, exit: ChildExit | null): boolean {
  if (exit === null) return false;
  if (exit.signal !== null) return watch.success.signals.includes(exit.signal);
  return exit.exitCode !== null && watch.success.exitCodes.includes(exit.exitCode);
}
