import { earlyReasonText } from '../../../shared/events/text';
import { plural } from '../../../shared/lib/format/values';
import { assertNever } from '../../../shared/lib/assert-never';
import { WAITING_FOR_OTHERS } from '../../../shared/lib/text/dependency-text';
import type { Readiness } from '../../../shared/model/snapshot';
import { isJob } from '../../../shared/model/schedule';
import { isForbidden, startCommandOf, type Watch } from '../../../shared/model/watch';
import {
  isAwaitingOthers,
  type ForbiddenStanding,
  type HealMachine,
  type HealState,
  type Sightings,
  type StopReason,
} from '../heal/heal-state';

const STOPPED_BECAUSE: Readonly<Record<StopReason, string>> = {
  new: 'Not started yet',
  operator: 'Stopped by the operator',
  clean_exit: 'Ended by itself, cleanly',
  crash: 'Crashed; restart policy is "never"',
  killed: 'Killed because of a limit or an anomaly; start it manually',
  gave_up: 'Failed: an earlier engine gave up; start it manually',
  observed: 'Ended in observe mode: it would have been restarted',
  shutdown: 'The machine is shutting down',
};

/** The same of a job, where its schedule goes on, or does not. */
const JOB_STOPPED_BECAUSE: Readonly<Partial<Record<StopReason, string>>> = {
  new: 'Waiting for its first run',
  operator: 'Stopped by the operator; its schedule is paused until it is started again',
  clean_exit: 'Ended by itself, cleanly; waiting for its next run',
  crash: 'Crashed; restart policy is "never"; waiting for its next run',
  killed: 'Killed because of a limit or an anomaly; waiting for its next run',
};

export interface PhaseFacts {
  /** Why nothing can match at the moment, or null. */
  matchProblem: string | null;
  observed: boolean;
  readiness: Readiness | null;
  /** Why a start has to wait for other watches. */
  blockers: readonly string[];
}

function absentReason(sightings: Sightings | null): string {
  if (sightings === null || sightings.times === 0) return 'Does not run, as it must be';
  const by = sightings.startedBy === null ? '' : `, the last time by ${sightings.startedBy}`;
  return `Does not run any more; it was started ${plural(sightings.times, 'time')}${by}`;
}

const PRESENT: Readonly<Record<ForbiddenStanding, string>> = {
  ending: 'it is being ended',
  observed: 'in observe mode: it would have been ended',
  limited: 'it is ended again once the cooldown ends',
  surviving: 'it could not be ended',
};

function presentReason({ standing, sightings: { times, startedBy } }: HealState & { phase: 'present' }): string {
  const by = startedBy === null ? '' : ` by ${startedBy}`;
  const starts =
    times > 1 ? `, started ${plural(times, 'time')}, the last time${by}` : by === '' ? '' : `, started${by}`;
  return `Runs although it must not${starts}; ${PRESENT[standing]}`;
}

/** Why a watch is where it is, in one sentence for people. */
export function describePhase(
  { state, ledger }: HealMachine,
  watch: Watch,
  { matchProblem, observed, readiness, blockers }: PhaseFacts,
): string {
  switch (state.phase) {
    case 'stopped':
      if (isForbidden(watch)) return 'May run: the watch is stopped; start it to have its program ended again';
      return (isJob(watch) && JOB_STOPPED_BECAUSE[state.reason]) || STOPPED_BECAUSE[state.reason];
    case 'waiting':
      if (isJob(watch) && matchProblem === null) return 'Waiting for its next run';
      if (matchProblem !== null) return matchProblem;
      return startCommandOf(watch.target) === null
        ? 'No process matches, and there is no start command; waiting for a match'
        : observed
          ? 'No process matches; in observe mode: it would have been started'
          : 'No process matches yet';
    case 'blocked':
      return WAITING_FOR_OTHERS + blockers.join('; ');
    case 'starting':
      if ((state.overdue?.living ?? null) !== null) {
        const pids = state.overdue?.living?.map(({ pid }) => pid).join(', ') ?? '';
        return `Still starting: no process matches yet, but pid ${pids} of this start still runs, so no other copy is started`;
      }
      return state.cause.kind === 'heal' ? 'Restarting after a crash' : 'Starting';
    case 'running':
      if (state.recovery?.postponed !== undefined)
        return `Running; to be restarted once that is allowed: ${state.recovery.postponed}`;
      if (state.health.live === 'no') return 'Running, but does not work: a liveness probe fails';
      if (state.health.ready === 'lost') return 'Running, but not ready: a readiness probe fails';
      if (readiness === 'awaited') return 'Running, not ready yet';
      if (state.recovery === null) return 'Running';
      if (state.recovery.flapping !== undefined) {
        return 'Running; it has failed repeatedly, so it must run for longer until it counts as recovered';
      }
      return state.recovery.limit?.holds === false
        ? 'Running; the heal is confirmed once the value is below the limit'
        : 'Running; the heal is being verified';
    case 'stopping':
      if (state.next.kind === 'stop') return 'Stopping';
      if ('actor' in state.next) {
        return state.next.kind === 'start' ? 'Ending what an earlier start left behind' : 'Stopping before a restart';
      }
      if (state.next.reason === null) return 'Ending what the dead process left behind';
      return `Ending it: ${state.next.reason}`;
    case 'backoff':
      if (isAwaitingOthers(state)) return 'Ended; waiting in case whoever started it restarts it';
      return state.shortage === null
        ? 'Waiting before the next attempt'
        : `Waiting for the machine, which refuses to start programs (${state.shortage.reason})`;
    case 'cooldown': {
      const early = earlyReasonText(ledger.budget.cooldown ?? {});
      return early === null
        ? 'Too many restarts; it is not restarted until the cooldown ends'
        : `Not restarted until the cooldown ends: ${early}`;
    }
    case 'held':
      return 'Healing is paused for watches that keep ending: too many restarts over all watches';
    case 'suspended':
      return `Suspended: ${state.reason}; start it to resume it`;
    case 'failed':
      return `Failed: ${state.reason}`;
    case 'absent':
      return matchProblem ?? absentReason(state.sightings);
    case 'present':
      return presentReason(state);
    default:
      return assertNever(state);
  }
}
