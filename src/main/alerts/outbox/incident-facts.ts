import { definitionOf } from '../../../shared/events';
import { compareSeverity, highestSeverity } from '../../../shared/lib/format/severity';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { Incident } from '../../../shared/model/incident';
import { incidentsOf } from '../../../shared/lib/events/incidents';
import { newestLastWords } from '../../../shared/lib/events/last-words';
import type { Outbox } from '../../engine/outbox-store';
import { Refusal } from '../../engine/refusal';
import { MAX_REPORTED_EVENTS, type MessageFacts } from '../message';
import type { Draft } from '../plan/plan';
import type { Item } from '../plan/route';

/** The content of a test: only that it arrived. */
export const TEST_FACTS: MessageFacts = {
  kind: 'test',
  severity: 'info',
  watch: null,
  incident: null,
  events: [],
  eventCount: 0,
  counts: [],
  suppressed: 0,
  lastWords: null,
};

/** Where the whole incidents are. */
export interface IncidentSource {
  listIncidentEvents(query: { id?: number | undefined; limit: number }): Promise<readonly HealdeckEvent[]>;
}

/**
 * Gathers what a draft is about. `suppressed` is how many alerts were not sent because of maintenance; `hasFiles`: whether files can go with
 * the message.
 */
export async function messageFactsOf(
  draft: Draft,
  { suppressed, hasFiles }: { suppressed: number; hasFiles: boolean },
  sources: { store: Outbox; history: IncidentSource },
): Promise<MessageFacts> {
  const { kind, items, watch } = draft;
  const ids = items.map((item) => item.event);
  const story =
    draft.incident === null ? [] : await sources.history.listIncidentEvents({ id: draft.incident, limit: 1 });
  const incident = draft.incident === null ? null : incidentIn(draft.incident, story);
  const [first = Infinity] = ids;
  const severities = kind === 'reminder' ? (incident?.events ?? []) : items;
  return {
    kind,
    severity: highestSeverity(severities.map((one) => one.severity)),
    watch,
    incident,
    events: await sources.store.eventsOf(roomFor(items)),
    eventCount: items.length,
    counts: await sources.store.countsOf(ids),
    suppressed,
    // Those of before went with an earlier message.
    lastWords: hasFiles ? newestLastWords(story.filter(({ id }) => id > first)) : null,
  };
}

/** The incident so far, without events about the alerts themselves and those that no message has room for; null when there is none. */
function incidentIn(id: number, events: readonly HealdeckEvent[]): Incident | null {
  const story = events.filter(
    ({ type }) => type !== 'alert_sent' && type !== 'alert_failed' && definitionOf(type).isLarge !== true,
  );
  return incidentsOf(story).find((incident) => incident.id === id) ?? null;
}

/** @throws Refusal `not_found` when there is none */
export async function knownIncident(id: number, history: IncidentSource): Promise<Incident> {
  const incident = incidentIn(id, await history.listIncidentEvents({ id, limit: 1 }));
  if (incident === null) throw new Refusal('not_found', `No incident has the number ${id}`);
  return incident;
}

/** All of an incident in one message, as it would be reported to somebody who does not know of it. */
export function factsOfIncident(incident: Incident): MessageFacts {
  const { events, outcome, watch } = incident;
  const counts = new Map<HealdeckEvent['type'], number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return {
    kind: outcome === 'recovered' || outcome === 'stopped' ? 'recovery' : 'incident',
    severity: highestSeverity(events.map((event) => event.severity)),
    // Incidents of the machine have none.
    watch: watch === '' ? null : watch,
    incident,
    events: events.slice(-MAX_REPORTED_EVENTS),
    eventCount: events.length,
    counts: [...counts].map(([type, count]) => ({ watch: watch === '' ? null : watch, type, count })),
    suppressed: 0,
    lastWords: null,
  };
}

/** Those whose sentences a message has room for: the most severe, and of them the oldest. */
function roomFor(items: readonly Item[]): number[] {
  return [...items]
    .sort((one, other) => compareSeverity(other.severity, one.severity) || one.event - other.event)
    .slice(0, MAX_REPORTED_EVENTS)
    .map((item) => item.event)
    .sort((one, other) => one - other);
}
