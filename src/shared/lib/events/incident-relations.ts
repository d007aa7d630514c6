import { affectedWords } from '../../events/attribution';
import type { AffectedWatch, Incident } from '../../model/incident';

/** What an incident has to do with others, in words: `caused by db (incident 811)`, `also affected: api (incident 812), web (restarted, too)`. */
export function relationTexts({ cause, affects }: Pick<Incident, 'cause' | 'affects'>): readonly string[] {
  return [
    ...(cause === null ? [] : [`caused by ${cause.watch} (incident ${cause.incident})`]),
    ...(affects.length === 0 ? [] : [`also affected: ${affects.map(affectedText).join(', ')}`]),
  ];
}

function affectedText(affected: AffectedWatch): string {
  return `${affected.watch} (${affectedWords(affected)})`;
}

/** Those that are causes of their own, each followed by what it has led to; what has a cause that is not among them stands for itself. */
export function underCauses(
  incidents: readonly Incident[],
): readonly { incident: Incident; led: readonly Incident[] }[] {
  const ids = new Set(incidents.map(({ id }) => id));
  const isLed = ({ cause }: Incident): boolean => cause !== null && ids.has(cause.incident);
  return incidents
    .filter((incident) => !isLed(incident))
    .map((incident) => ({ incident, led: incidents.filter(({ cause }) => cause?.incident === incident.id) }));
}
