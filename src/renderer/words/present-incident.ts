import { definitionOf, type EventPart } from '../../shared/events';
import { underCauses } from '../../shared/lib/events/incident-relations';
import type { HealdeckEvent } from '../../shared/model/event';
import type { Incident } from '../../shared/model/incident';
import type { Tone } from './present-watch';

/** How incidents end, in words and colours. */
export const OUTCOMES: Readonly<Record<Incident['outcome'], { word: string; tone: Tone }>> = {
  open: { word: 'Open', tone: 'warn' },
  recovered: { word: 'Recovered', tone: 'ok' },
  stopped: { word: 'Stopped', tone: 'idle' },
  failed: { word: 'Failed', tone: 'bad' },
};

/** What is looked for among incidents. */
export interface IncidentFilter {
  text: string;
  watch: string | null;
  outcome: Incident['outcome'] | null;
}

/** Whether an incident fits: its words are those of its events. */
export function incidentFits(incident: Incident, { text, watch, outcome }: IncidentFilter): boolean {
  if (watch !== null && incident.watch !== watch) return false;
  if (outcome !== null && incident.outcome !== outcome) return false;
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  return (
    String(incident.id) === wanted || incident.events.some((event) => event.message.toLowerCase().includes(wanted))
  );
}

/**
 * The incidents that a list shows. Where nothing is looked for, what another one of them has led to is left to that; who looks for something
 * finds each by itself.
 */
export function listedIncidents(all: readonly Incident[], filter: IncidentFilter): readonly Incident[] {
  const isLooking = filter.watch !== null || filter.outcome !== null || filter.text.trim() !== '';
  if (isLooking) return all.filter((incident) => incidentFits(incident, filter));
  return underCauses(all).map(({ incident }) => incident);
}

/** What was noticed, what was done, how it ended, or something beside it. */
export function partOf({ type, data }: HealdeckEvent): EventPart {
  const { part = 'action' } = definitionOf(type);
  return typeof part === 'function' ? part(data) : part;
}
