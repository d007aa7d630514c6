import { definitionOf } from '../../events';
import type { EventData, HealdeckEvent } from '../../model/event';
import type { AffectedWatch, Incident } from '../../model/incident';

type Ending = Pick<Incident, 'outcome'> & { event: HealdeckEvent };

/**
 * The incidents that events form, newest first: events with the same `incident` are one, those without belong to none. The
 * order and the completeness of the events do not matter: what is missing is missing in its incident only.
 */
export function incidentsOf(events: readonly HealdeckEvent[]): Incident[] {
  const stories = new Map<number, Map<number, HealdeckEvent>>();
  for (const event of events) {
    if (event.incident === null) continue;
    const story = stories.get(event.incident);
    if (story === undefined) stories.set(event.incident, new Map([[event.id, event]]));
    else story.set(event.id, event);
  }
  return [...stories]
    .sort(([one], [other]) => other - one)
    .map(([id, story]) =>
      incidentOf(
        id,
        [...story.values()].sort((one, other) => one.id - other.id),
      ),
    );
}

/**
 * An incident that nobody continues, although no event in it ends it: the machine was rebooted, or the watch was
 * removed. It ended with its last event.
 */
export function asAbandoned(incident: Incident): Incident {
  const last = incident.events.findLast(showsProgress);
  if (incident.outcome !== 'open' || last === undefined) return incident;
  return { ...incident, outcome: 'stopped', endedAt: last.at, durationMs: between(incident.startedAt, last.at) };
}

function incidentOf(id: number, events: readonly HealdeckEvent[]): Incident {
  const startedAt = events[0]?.at ?? '';
  const ending = endingOf(events);
  return {
    id,
    watch: events.findLast((event) => event.watch !== null)?.watch ?? '',
    startedAt,
    endedAt: ending?.event.at ?? null,
    durationMs: ending === null ? null : durationOf(startedAt, ending.event),
    outcome: ending?.outcome ?? 'open',
    restarts: events.filter((event) => event.type === 'restarted' && event.data.attempt > 0).length,
    cause: events.findLast((event) => event.type === 'incident_attributed')?.data.cause ?? null,
    affects: affectedBy(events),
    cooldowns: events.filter((event) => event.type === 'cooldown_started').length,
    commonExit: commonExit(events),
    summary: events[0]?.message ?? '',
    events,
  };
}

/** Of what has happened to one watch, the highest is named. */
const GRAVITY: Readonly<Record<AffectedWatch['how'], number>> = { not_ready: 0, restarted: 1, incident: 2 };

/** Each watch once. */
function affectedBy(events: readonly HealdeckEvent[]): readonly AffectedWatch[] {
  const affected = new Map<string, AffectedWatch>();
  for (const event of events) {
    if (event.type !== 'dependant_affected') continue;
    const { watch } = event.data;
    const known = affected.get(watch);
    if (known === undefined || GRAVITY[event.data.how] > GRAVITY[known.how]) affected.set(watch, event.data);
  }
  return [...affected.values()];
}

/** The last event that decides how the incident went, and how it did; null while that is open. */
function endingOf(events: readonly HealdeckEvent[]): Ending | null {
  const event = events.findLast(showsProgress);
  if (event === undefined) return null;
  switch (event.type) {
    case 'recovered':
    case 'forbidden_gone':
    case 'machine_relieved':
      return { outcome: 'recovered', event };
    case 'stopped':
    case 'watch_removed':
    case 'exited':
      return { outcome: 'stopped', event };
    case 'restart_failed':
      return event.data.nextAttemptInMs === null ? { outcome: 'failed', event } : null;
    case 'crash_detected':
      return event.data.policy === 'never' ? { outcome: 'failed', event } : null;
    case 'killed':
      return isFinalKill(events) ? { outcome: 'failed', event } : null;
    default:
      return null;
  }
}

/** Whether an event shows how an incident goes on: refused signals and alerts happen beside it. */
function showsProgress({ type }: HealdeckEvent): boolean {
  return definitionOf(type).isAside !== true;
}

/** Whether what was found wrong was to be ended for good: else the kill is one step of a restart. */
function isFinalKill(events: readonly HealdeckEvent[]): boolean {
  const cause = events.findLast(({ type }) => type === 'limit_exceeded' || type === 'anomaly_detected');
  if (cause?.type !== 'limit_exceeded' && cause?.type !== 'anomaly_detected') return false;
  return !cause.data.observed && ['kill', 'freeze_and_kill'].includes(cause.data.action);
}

function durationOf(startedAt: string, ending: HealdeckEvent): number {
  // Measured by the engine's monotonic clock, so a wall clock that was set meanwhile does not matter.
  if (ending.type === 'recovered') return ending.data.durationMs;
  return between(startedAt, ending.at);
}

function between(startedAt: string, endedAt: string): number {
  return Math.max(0, Date.parse(endedAt) - Date.parse(startedAt));
}

/** The way in which more than half of the crashes ended; null when there is none, or only one crash, which shows no pattern. */
function commonExit(events: readonly HealdeckEvent[]): string | null {
  const counts = new Map<string, number>();
  let crashes = 0;
  for (const event of events) {
    if (event.type !== 'crash_detected') continue;
    crashes += 1;
    const exit = exitWords(event.data);
    if (exit !== null) counts.set(exit, (counts.get(exit) ?? 0) + 1);
  }
  for (const [exit, count] of counts) if (count * 2 > crashes) return exit;
  return null;
}

function exitWords({ exitCode, signal }: EventData['crash_detected']): string | null {
  if (signal !== null) return signal;
  return exitCode === null ? null : `exit code ${exitCode}`;
}
