import { formatDuration } from '../../../shared/lib/format/duration';
import { describeExit } from '../../../shared/lib/format/exit-words';
import { plural } from '../../../shared/lib/format/values';
import { isOperator, type Actor } from '../../../shared/model/event';
import { startCommandOf, type Command, type Watch } from '../../../shared/model/watch';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { LaunchFailure, ReplacedProcesses } from '../ports';
import type { End } from './heal-reports';
import type { Cause, DraftOfWatch, Renewed, RestartLedger, Shortage, Recovery } from './heal-state';

/** A start that an earlier engine had under way, of which nothing lives, and nothing shows whether it was executed. */
export function startLostReport(operation: 'start' | 'restart', delayMs: number, watch: Watch): DraftOfWatch {
  return {
    type: 'restart_failed',
    severity: 'high',
    pid: null,
    message: `${watch.name} does not run: its ${operation} was interrupted by the end of the engine; whether the program was executed is not known; next attempt ${inWords(delayMs)}`,
    data: {
      actor: 'engine',
      operation,
      reason: 'interrupted',
      tried: triedOf(startCommandOf(watch.target)),
      nextAttemptInMs: delayMs,
    },
  };
}

/** What a restart has ended whose start the engine did not live to see. */
export function restartInterruptedReport({ actor, pids }: ReplacedProcesses, watch: Watch): DraftOfWatch {
  return {
    type: 'stopped',
    severity: 'info',
    pid: pids[0] ?? null,
    message: `${watch.name} (pid ${pids.join(', ')}) was ended for a restart ${actor === 'dependency' ? 'with what it starts after' : `by ${actor}`}, which the end of Healdeck interrupted`,
    data: { actor, pids, forced: [] },
  };
}

/** A start that came to nothing although the program could be executed. */
export function instantExitReport(
  end: End & { uptimeMs: number },
  operation: 'start' | 'restart',
  delayMs: number,
  watch: Watch,
): DraftOfWatch {
  return {
    type: 'restart_failed',
    severity: 'high',
    pid: end.pid,
    message: `${watch.name} ended ${formatDuration(end.uptimeMs)} after its start (${describeExit(end.exit)}); next attempt ${inWords(delayMs)}`,
    data: {
      actor: 'engine',
      operation,
      reason: 'instant_exit',
      tried: triedOf(startCommandOf(watch.target)),
      nextAttemptInMs: delayMs,
    },
  };
}

/** A start that could not be carried out. `delayMs` null: it is not tried again. */
export function startFailedReport(
  failure: LaunchFailure,
  { ended = [], ...cause }: { operation: 'start' | 'restart'; actor: Actor; ended?: readonly number[] },
  delayMs: number | null,
  watch: Watch,
): DraftOfWatch {
  const old = ended.length === 0 ? '' : `; ended pid ${ended.join(', ')} for it`;
  const next = `${old}${delayMs === null ? '' : `; next attempt ${inWords(delayMs)}`}`;
  return {
    type: 'restart_failed',
    // A restart that can't be carried out leaves down what must be up; a start has somebody who waits for it.
    severity: cause.operation === 'restart' ? 'critical' : 'high',
    pid: null,
    message: `${watch.name} could not be ${cause.operation}ed: ${failure.message}${next}`,
    data: {
      ...cause,
      reason: failure.reason,
      tried: triedOf(startCommandOf(watch.target)),
      nextAttemptInMs: delayMs,
      ...(failure.lastWords === undefined ? {} : { lastWords: failure.lastWords }),
      ...(ended.length === 0 ? {} : { ended }),
    },
  };
}

/** A start has brought up no match in time, or its command has failed, but it is not over: what it made lives. */
export function stillStartingReport(
  failure: LaunchFailure,
  living: readonly ProcessIdentity[],
  watch: Watch,
): DraftOfWatch {
  const pids = living.map(({ pid }) => pid);
  const detail = `${watch.name} is still starting: ${failure.message}; pid ${pids.join(', ')} of this start still runs, so no other copy is started`;
  return {
    type: 'notice',
    severity: 'warning',
    pid: pids[0] ?? null,
    message: detail,
    data: { topic: 'still_starting', detail },
  };
}

/** The machine lets programs be started again. */
export function shortageOverReport({ reason, sinceMs, refusals }: Shortage, watch: Watch, nowMs: number): DraftOfWatch {
  const detail = `${watch.name} could be started after ${plural(refusals, 'attempt')} that the machine refused (${reason}) within ${formatDuration(nowMs - sinceMs)}`;
  return { type: 'notice', severity: 'info', pid: null, message: detail, data: { topic: reason, detail } };
}

/** A restart was due, but the watch is only observed. */
export function leftDownReport(watch: Watch): DraftOfWatch {
  return {
    type: 'stopped',
    severity: 'warning',
    pid: null,
    message: `${watch.name} stays down: observed only, would have: restart`,
    data: { actor: 'engine', pids: [], forced: [] },
  };
}

/** The last step of the escalation. */
export function gaveUpReport(reason: string, recovery: Recovery, watch: Watch): DraftOfWatch {
  return {
    type: 'restart_failed',
    severity: 'critical',
    pid: recovery.oldPid,
    message: `${watch.name} failed: ${reason}; start it manually once the cause is fixed`,
    data: { actor: 'engine', operation: 'restart', reason: 'gave_up', tried: null, nextAttemptInMs: null },
  };
}

/** A start or restart that came through. */
export function runningReport(
  cause: Cause,
  pid: number | null,
  recovery: Recovery | null,
  ledger: RestartLedger,
  watch: Watch,
  nowMs: number,
): DraftOfWatch {
  if (cause.kind === 'start') {
    const command = startCommandOf(watch.target);
    return {
      type: 'started',
      severity: 'info',
      pid,
      message: `${watch.name} started as pid ${pid}`,
      data: { actor: cause.actor, argv: command?.argv ?? [], cwd: command?.cwd ?? '' },
    };
  }
  const automatic = cause.kind === 'heal';
  const { replaces } = cause;
  const downSinceMs = automatic ? recovery?.downSinceMs : replaces?.sinceMs;
  const afterMs = downSinceMs === undefined ? null : Math.round(nowMs - downSinceMs);
  const ended = replaces?.ended ?? [];
  const note = ledger.consecutive > 1 ? ` (attempt ${ledger.consecutive})` : '';
  return {
    type: 'restarted',
    severity: automatic ? 'warning' : 'info',
    pid,
    message: automatic
      ? `${watch.name} restarted as pid ${pid}, ${formatDuration(afterMs ?? 0)} after it went down${note}`
      : `${watch.name} restarted${requestWords(cause)} as pid ${pid}${renewedWords(cause.renewed)}${ended.length === 0 ? '' : `; ended pid ${ended.join(', ')}`}`,
    data: {
      actor: cause.actor,
      ...(cause.renewed === undefined ? {} : { renewed: cause.renewed.map(({ watch: name }) => name) }),
      attempt: automatic ? ledger.consecutive : 0,
      oldPid: automatic ? (recovery?.oldPid ?? null) : (replaces?.pid ?? null),
      afterMs,
      ...(ended.length === 0 ? {} : { ended }),
    },
  };
}

/** A restart was due, but there is no command that would start the program again. */
export function noStartCommandReport(
  reason: string,
  processes: readonly ProcessIdentity[],
  watch: Watch,
): DraftOfWatch {
  const pids = processes.map((process) => process.pid);
  return {
    type: 'restart_failed',
    severity: 'high',
    pid: pids[0] ?? null,
    message: `${watch.name} is left running (pid ${pids.join(', ')}), since it has no start command: ${reason}`,
    data: { actor: 'engine', operation: 'restart', reason: 'no_start_command', tried: null, nextAttemptInMs: null },
  };
}

/** Others were started anew, but the watch is only observed. */
export function notRestartedReport(
  renewed: readonly Renewed[],
  processes: readonly ProcessIdentity[],
  watch: Watch,
): DraftOfWatch {
  const detail = `${watch.name} goes on running${renewedWords(renewed)}; observed only, would have: restart`;
  return {
    type: 'notice',
    severity: 'info',
    pid: processes[0]?.pid ?? null,
    message: detail,
    data: { topic: 'dependencies', detail },
  };
}

function requestWords({ actor }: Cause): string {
  if (actor === 'dependency') return '';
  return ` by ${isOperator(actor) ? 'the operator' : 'its schedule'}`;
}

/** `, because db was restarted and is ready again` */
function renewedWords(renewed: readonly Renewed[] = []): string {
  const words = renewed.map(
    ({ watch, until }) => `${watch} was restarted${until === 'ready' ? ' and is ready again' : ''}`,
  );
  return words.length === 0 ? '' : `, because ${words.join(', and ')}`;
}

function triedOf(command: Command | null): { argv: readonly string[]; cwd: string } | null {
  return command === null ? null : { argv: command.argv, cwd: command.cwd };
}

function inWords(delayMs: number): string {
  return delayMs === 0 ? 'at once' : `in ${formatDuration(delayMs)}`;
}
