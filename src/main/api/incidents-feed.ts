import { definitionOf } from '../../shared/events';
import { asAbandoned, incidentsOf } from '../../shared/lib/events/incidents';
import { isNamed } from '../../shared/lib/instances';
import type { HealdeckEvent } from '../../shared/model/event';
import type { Incident } from '../../shared/model/incident';
import type { Engine } from '../engine/engine';

export interface IncidentQuery {
  id?: number | undefined;
  watch?: string | undefined;
  sinceAt?: number | undefined;
  limit: number;
}

/** The history as far as incidents need it. */
export interface IncidentHistory {
  /** All events of the newest `limit` incidents that fit; without an `id` those may be missing that are large. */
  listIncidentEvents(query: IncidentQuery): Promise<readonly HealdeckEvent[]>;
}

/**
 * The newest incidents, newest first: those in the history, and the newest events, which may not be on disk yet. An incident that
 * is open by its events, but that no watch goes on with, ended with its last event.
 */
export async function pastIncidents(
  engine: Pick<Engine, 'snapshot'>,
  history: IncidentHistory,
  query: IncidentQuery,
): Promise<readonly Incident[]> {
  // Before the history is read: what happens meanwhile is in neither list of open incidents, and newer than all known ones.
  const { watches, events: recent, engine: info } = engine.snapshot();
  const ongoing = new Set([...watches, ...(info.distress ?? [])].map(({ incident }) => incident));
  const lastKnown = recent.at(-1)?.id ?? 0;
  const kept = await history.listIncidentEvents(query);
  const wanted = new Set(
    [...kept, ...recent.filter((event) => incidentFits(event, query))].map(({ incident }) => incident),
  );
  const live = recent.filter(({ incident }) => incident !== null && wanted.has(incident));
  const shown = [...kept, ...live].filter(({ type }) => query.id !== undefined || definitionOf(type).isLarge !== true);
  return incidentsOf(shown)
    .slice(0, query.limit)
    .map((incident) => (ongoing.has(incident.id) || incident.id > lastKnown ? incident : asAbandoned(incident)));
}

/** Whether an event makes its incident one that is wanted; the history database answers the same question in SQL. */
export function incidentFits(event: HealdeckEvent, { id, watch, sinceAt }: IncidentQuery): boolean {
  return (
    event.incident !== null &&
    (id === undefined || event.incident === id) &&
    (watch === undefined || isNamed(event.watch, watch)) &&
    (sinceAt === undefined || Date.parse(event.at) > sinceAt)
  );
}
