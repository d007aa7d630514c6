import type { EventData, HealdeckEvent } from '../../model/event';

/** The newest explanation of a story; null: none of its ends is explained. */
export function newestExplanation(events: readonly HealdeckEvent[]): EventData['death_explained'] | null {
  const event = events.findLast(({ type }) => type === 'death_explained');
  return event?.type === 'death_explained' ? event.data : null;
}
