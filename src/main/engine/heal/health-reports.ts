import { formatDuration } from '../../../shared/lib/format/duration';
import { startCommandOf, type Watch } from '../../../shared/model/watch';
import { countFailures } from '../probes/attempt-window';
import type { DraftOfWatch, HealState, ProbeFailure } from './heal-state';

type Running = HealState & { phase: 'running' };

/** Who has answered what; `probe` null: the program itself. */
interface Answer {
  probe: string | null;
  answer: string;
}

/** It serves from now on. */
export function becameReadyReport(
  { probe, answer, afterMs }: Answer & { afterMs: number | null },
  state: Running,
  watch: Watch,
): DraftOfWatch {
  const when = afterMs === null ? 'again' : `${formatDuration(afterMs)} after its start`;
  return {
    type: 'became_ready',
    severity: 'info',
    pid: mainPid(state),
    message: `${watch.name} is ready ${when} (${answerText({ probe, answer })})`,
    data: { probe, answer, afterMs },
  };
}

/** It is not ready, any more or since it was found. */
export function readinessLostReport(asked: Answer, state: Running, watch: Watch): DraftOfWatch {
  const since = state.health.ready === 'yes' ? ' any more' : '';
  return {
    type: 'readiness_lost',
    severity: 'warning',
    pid: mainPid(state),
    message: `${watch.name} is not ready${since} (${answerText(asked)}); it goes on running`,
    data: { ...asked },
  };
}

/** Its start has failed, although it runs. */
export function neverReadyReport(
  { withinMs, operation, ...asked }: Answer & { withinMs: number; operation: 'start' | 'restart' },
  state: Running,
  watch: Watch,
  next: { observed: boolean; delayMs: number | null },
): { report: DraftOfWatch; reason: string } {
  const reason = `not ready within ${formatDuration(withinMs)} (${answerText(asked)})`;
  const command = startCommandOf(watch.target);
  return {
    reason,
    report: {
      type: 'restart_failed',
      severity: operation === 'restart' ? 'critical' : 'high',
      pid: mainPid(state),
      message: `${watch.name} was ${operation}ed, and is ${reason}${next.observed ? '; observed only, would have: restart' : ''}`,
      data: {
        actor: 'engine',
        operation,
        reason: 'not_ready',
        tried: command === null ? null : { argv: command.argv, cwd: command.cwd },
        nextAttemptInMs: next.delayMs,
      },
    },
  };
}

/** It lives, and does not work. */
export function livenessReport(
  { probe, role, of, attempts }: ProbeFailure,
  state: Running,
  watch: Watch,
  { observed, canRestart }: { observed: boolean; canRestart: boolean },
): { report: DraftOfWatch; reason: string } {
  const answer = attempts.at(-1)?.words ?? '';
  const failures = countFailures(attempts);
  const reason = `${answerText({ probe, answer })}; ${failures} of ${attempts.length} attempts failed`;
  const action = canRestart ? 'restart' : 'notify';
  const done = observed ? `; observed only, would have: ${action}` : canRestart ? '; action: restart' : '';
  return {
    reason,
    report: {
      type: 'probe_failed',
      severity: 'high',
      pid: mainPid(state),
      message: `${watch.name} does not work: ${reason}${done}`,
      data: { probe, role, answer, failures, of, attempts, action, observed },
    },
  };
}

function answerText({ probe, answer }: Answer): string {
  return probe === null ? answer : `probe ${probe}: ${answer}`;
}

function mainPid({ processes }: Running): number | null {
  return (processes.find(({ role }) => role === 'main') ?? processes[0])?.pid ?? null;
}
