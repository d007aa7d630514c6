import type { AffectedHow, IncidentReference } from '../model/event-parts';
import type { EventDefinition } from './definition';

/** Which incident of another watch led to one, as each of the two reports it. */

/** In the incident that was led to. Of several such events the last counts: the cause of its cause may have been found later. */
export const incidentAttributed: EventDefinition<'incident_attributed', { cause: IncidentReference }> = {
  type: 'incident_attributed',
  label: 'Attributed',
  counted: ['attribution', 'attributions'],
  part: 'aside',
  isAside: true,
  line: ({ data: { cause } }) => ({
    action: 'Attributed',
    details: [`caused by ${cause.watch}`, `incident ${cause.incident}`],
  }),
  facts: ({ data: { cause } }) => [
    { label: 'Caused by', value: cause.watch },
    { label: 'Incident', value: String(cause.incident) },
  ],
};

/** In words, after the name of the affected watch. */
export function affectedWords({ incident, how }: { incident: number | null; how: AffectedHow }): string {
  return { incident: `incident ${incident}`, restarted: 'restarted, too', not_ready: 'not ready' }[how];
}

/** In the incident that is the cause: a watch that depends on its own has one, too, is restarted with it, or is not ready any more. */
export const dependantAffected: EventDefinition<
  'dependant_affected',
  {
    watch: string;
    /** The incident of that watch; null: it has none. */
    incident: number | null;
    how: AffectedHow;
  }
> = {
  type: 'dependant_affected',
  label: 'Also affected',
  counted: ['affected watch', 'affected watches'],
  part: 'aside',
  isAside: true,
  line: ({ data }) => ({
    action: 'Affected',
    details: [data.watch, affectedWords(data)],
  }),
  facts: ({ data }) => [
    { label: 'Also affected', value: data.watch },
    { label: 'How', value: affectedWords(data) },
  ],
};
