import type { ForbiddenAnswer } from '../../../../shared/events/forbidden';
import { formatDuration } from '../../../../shared/lib/format/duration';
import { plural } from '../../../../shared/lib/format/values';
import type { Actor } from '../../../../shared/model/event';
import type { ClearResult, DraftOfWatch, HealContext, Sighted, Sightings } from '../heal-state';

type Now = Pick<HealContext, 'watch' | 'nowMs'>;

const ANSWERS: Readonly<Record<ForbiddenAnswer, string>> = {
  ended: 'it is ended',
  observed: 'observed only, would have: end it',
  limited: 'it is left running until the cooldown ends',
};

/** A program that must not run was found. */
export function foundReport(
  { process, facts, startedBy }: Sighted,
  { times, answer }: { times: number; answer: ForbiddenAnswer },
  { watch }: Pick<Now, 'watch'>,
): DraftOfWatch {
  const by = startedBy === null ? '' : `, started by ${startedBy}`;
  const again = times > 1 ? `; start ${times} of this incident` : '';
  return {
    type: 'forbidden_found',
    severity: 'high',
    pid: process.pid,
    message: `${watch.name} must not run: found ${facts.name} (pid ${process.pid}) of user ${facts.user}${by}${again}; ${ANSWERS[answer]}`,
    data: { process: facts, startedBy, times, answer },
  };
}

/** What was found was ended, or could not be. */
export function endedReport(
  result: ClearResult,
  { startedBy }: Sightings,
  { watch }: Pick<Now, 'watch'>,
): DraftOfWatch {
  const { strays: _, ...ended } = result;
  const { pids, survivors } = result;
  const left = survivors.length === 0 ? '' : `; pid ${survivors.join(', ')} could not be ended`;
  const by = startedBy === null ? '' : ` (started by ${startedBy})`;
  const reason = `it must not run${by}`;
  return {
    type: 'killed',
    severity: survivors.length === 0 ? 'warning' : 'critical',
    pid: pids[0] ?? survivors[0] ?? null,
    message: `${watch.name}: ended by Healdeck, ${pids.length === 0 ? 'but no signal was sent' : `pid ${listOf(pids)}`}: ${reason}${left}`,
    data: { actor: 'engine', reason, ...ended },
  };
}

/** It has stayed away: its incident is over. */
export function goneReport(
  { times, firstAtMs, startedBy }: Sightings,
  sinceMs: number,
  { watch, nowMs }: Now,
): DraftOfWatch {
  const durationMs = Math.max(0, Math.round(sinceMs - firstAtMs));
  const by = startedBy === null ? '' : `, the last time by ${startedBy}`;
  const starts = times === 0 ? '' : `; it was started ${plural(times, 'time')} in ${formatDuration(durationMs)}${by}`;
  return {
    type: 'forbidden_gone',
    severity: 'info',
    pid: null,
    message: `${watch.name} has not run for ${formatDuration(nowMs - sinceMs)}, as it must be${starts}`,
    data: { times, durationMs, startedBy },
  };
}

/** The operator lets it run. */
export function allowedReport(actor: Actor, { watch }: Pick<Now, 'watch'>): DraftOfWatch {
  return {
    type: 'stopped',
    severity: 'info',
    pid: null,
    message: `${watch.name} may run until the watch is started again: stopped by the operator (${actor})`,
    data: { actor, pids: [], forced: [] },
  };
}

/** Of very many the first ones. */
function listOf(pids: readonly number[]): string {
  return pids.length > 20 ? `${pids.slice(0, 20).join(', ')} and ${pids.length - 20} more` : pids.join(', ');
}
