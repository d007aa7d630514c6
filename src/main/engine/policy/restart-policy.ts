import { restartPolicyOf, type Watch } from '../../../shared/model/watch';
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
 * | up            | anything else        | crash, restart | crash, restart | crash |
 * | up            | unknown (not ours)   | crash, restart | crash, restart | crash |
 */
export function judgeExit(
  watch: Pick<Watch, 'restart' | 'target' | 'success'>,
  exit: ChildExit | null,
  shuttingDown: boolean,
): Verdict {
  if (shuttingDown) return { kind: 'shutdown', restart: false };
  const policy = restartPolicyOf(watch);
  if (isClean(watch, exit)) return { kind: 'clean', restart: policy === 'always' };
  return { kind: 'crash', restart: policy !== 'never' };
}

/** Whether an exit is one of those that the watch lists as success. An unknown exit is not. */
export function isClean(watch: Pick<Watch, 'success'>, exit: ChildExit | null): boolean {
  if (exit === null) return false;
  if (exit.signal !== null) return watch.success.signals.includes(exit.signal);
  return exit.exitCode !== null && watch.success.exitCodes.includes(exit.exitCode);
}

/** An exit in words: `SIGSEGV`, `exit code 137 (as a shell reports SIGKILL)`, `exit code unknown`. */
export function describeExit(exit: ChildExit | null): string {
  if (exit?.signal) return exit.signal;
  if (exit === null || exit.exitCode === null) return 'exit code unknown';
  const asSignal = SHELL_SIGNALS.get(exit.exitCode - 128);
  return asSignal === undefined
    ? `exit code ${exit.exitCode}`
    : `exit code ${exit.exitCode} (as a shell reports ${asSignal})`;
}

/** The signals that end programs most often, by their number on Linux and macOS alike (signal(7)). */
const SHELL_SIGNALS: ReadonlyMap<number, string> = new Map([
  [1, 'SIGHUP'],
  [2, 'SIGINT'],
  [3, 'SIGQUIT'],
  [4, 'SIGILL'],
  [6, 'SIGABRT'],
  [8, 'SIGFPE'],
  [9, 'SIGKILL'],
  [11, 'SIGSEGV'],
  [13, 'SIGPIPE'],
  [14, 'SIGALRM'],
  [15, 'SIGTERM'],
]);
