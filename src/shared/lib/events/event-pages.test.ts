import { expect, it } from 'vitest';
import type { EventQuery, HealdeckEvent } from '../../model/event';
import { allEvents, EVENTS_PAGE } from './event-pages';

const events = Array.from({ length: 2 * EVENTS_PAGE + 5 }, (_, index) => ({ id: index + 1 }) as HealdeckEvent);
const asked: EventQuery[] = [];
const list = (query: EventQuery): Promise<readonly HealdeckEvent[]> => {
  asked.push(query);
  return Promise.resolve(events.filter(({ id }) => id < (query.beforeId ?? Infinity)).slice(-query.limit));
};

it('reads all events page by page, each once and in order', async () => {
  expect(await allEvents(list, { limit: 1_000_000 })).toEqual(events);
  expect(asked.map(({ limit, beforeId }) => [limit, beforeId])).toEqual([
    [EVENTS_PAGE, undefined],
    [EVENTS_PAGE, EVENTS_PAGE + 6],
    [EVENTS_PAGE, 6],
  ]);
});

it('reads no more than it was asked for', async () => {
  expect(await allEvents(list, { limit: EVENTS_PAGE + 1, types: [] })).toEqual(events.slice(-EVENTS_PAGE - 1));
});
