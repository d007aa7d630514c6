import { isNamed } from '../instances';
import type { EventQuery, HealdeckEvent } from '../../model/event';

/** Whether an event fits a query, `limit` aside: one rule for events on disk, those that wait for it, and live ones. */
export function eventFits(event: HealdeckEvent, query: EventQuery): boolean {
  return (
    (query.types === undefined || query.types.includes(event.type)) &&
    (query.watch === undefined || isNamed(event.watch, query.watch)) &&
    (query.sinceAt === undefined || Date.parse(event.at) > query.sinceAt) &&
    (query.untilAt === undefined || Date.parse(event.at) <= query.untilAt) &&
    (query.beforeId === undefined || event.id < query.beforeId) &&
    (query.afterId === undefined || event.id > query.afterId) &&
    (query.text === undefined || event.message.toLowerCase().includes(query.text.toLowerCase()))
  );
}
