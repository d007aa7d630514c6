import { assertNever } from '../../../shared/lib/assert-never';
import { formatDuration } from '../../../shared/lib/format/duration';
import { countSummary, incidentSummary } from '../../../shared/lib/events/story-summary';
import type { MessageFacts } from '../message';

/** The whole message in one sentence: the subject without the machine. `now` is wall time in ms since the epoch. */
export function summaryLine(facts: MessageFacts, now: number): string {
  switch (facts.kind) {
    case 'incident':
    case 'update':
      return aboutOf(facts);
    case 'recovery':
      return `${aboutOf(facts)}${endedAfter(facts)}`;
    case 'reminder': {
      const since = facts.incident?.startedAt ?? facts.events[0]?.at;
      const open = since === undefined ? '' : ` after ${formatDuration(now - Date.parse(since))}`;
      return `still open${open}: ${aboutOf(facts)}`;
    }
    case 'digest':
      return countSummary(facts.counts);
    case 'summary':
      return `while Healdeck was down: ${aboutOf(facts)}`;
    case 'test':
      return "test of Healdeck's alerts";
    default:
      return assertNever(facts.kind);
  }
}

/** Whether many events are reported by their counts, and not one incident by what happened in it. */
export function isCounted({ kind, incident, eventCount, events }: MessageFacts): boolean {
  if (kind === 'digest') return true;
  return incident === null && (eventCount > events.length || new Set(events.map(({ watch }) => watch)).size > 1);
}

/** The events of the incident: all of it, or those that are reported. */
export function incidentEvents({ incident, events }: MessageFacts): MessageFacts['events'] {
  return incident === null || incident.events.length === 0 ? events : incident.events;
}

function aboutOf(facts: MessageFacts): string {
  if (isCounted(facts)) return countSummary(facts.counts);
  return incidentSummary(incidentEvents(facts)) ?? countSummary(facts.counts);
}

/** A recovery includes how long it took; other ends do not. */
function endedAfter({ incident }: MessageFacts): string {
  if (incident === null || incident.outcome === 'recovered' || incident.durationMs === null) return '';
  return `, ${formatDuration(incident.durationMs)} after it began`;
}
