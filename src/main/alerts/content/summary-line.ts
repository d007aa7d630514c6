import { assertNever } from '../../../shared/lib/assert-never';
import { formatDuration } from '../../../shared/lib/format/duration';
import { countSummary, storySummary } from '../../../shared/lib/events/story-summary';
import type { Telling } from '../message';

/** The whole message in one sentence: the subject without the machine. `now` is wall time in ms since the epoch. */
export function toldInShort(telling: Telling, now: number): string {
  switch (telling.kind) {
    case 'incident':
    case 'update':
      return aboutOf(telling);
    case 'recovery':
      return `${aboutOf(telling)}${endedAfter(telling)}`;
    case 'reminder': {
      const since = telling.incident?.startedAt ?? telling.events[0]?.at;
      const open = since === undefined ? '' : ` after ${formatDuration(now - Date.parse(since))}`;
      return `still open${open}: ${aboutOf(telling)}`;
    }
    case 'digest':
      return countSummary(telling.counts);
    case 'summary':
      return `while Healdeck was down: ${aboutOf(telling)}`;
    case 'test':
      return 'test of the alerts of Healdeck';
    default:
      return assertNever(telling.kind);
  }
}

/** Whether many events are told by their counts, and not one story by what happened in it. */
export function isCounted({ kind, incident, eventCount, events }: Telling): boolean {
  if (kind === 'digest') return true;
  return incident === null && (eventCount > events.length || new Set(events.map(({ watch }) => watch)).size > 1);
}

/** The events of the story: all of it, or what is told. */
export function storyOf({ incident, events }: Telling): Telling['events'] {
  return incident === null || incident.events.length === 0 ? events : incident.events;
}

function aboutOf(telling: Telling): string {
  if (isCounted(telling)) return countSummary(telling.counts);
  return storySummary(storyOf(telling)) ?? countSummary(telling.counts);
}

/** A recovery says itself how long it took; other ends do not. */
function endedAfter({ incident }: Telling): string {
  if (incident === null || incident.outcome === 'recovered' || incident.durationMs === null) return '';
  return `, ${formatDuration(incident.durationMs)} after it began`;
}
