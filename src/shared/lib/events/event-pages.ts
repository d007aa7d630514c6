import type { EventQuery, HealdeckEvent } from '../../model/event';

/** The most events that one call of `events.list` gives. */
export const EVENTS_PAGE = 10_000;

/** The newest `limit` events that fit, oldest first, however many that are: read page by page. */
export async function allEvents(
  list: (query: EventQuery) => Promise<readonly HealdeckEvent[]>,
  query: EventQuery,
): Promise<readonly HealdeckEvent[]> {
  const pages: (readonly HealdeckEvent[])[] = [];
  let left = query.limit;
  let beforeId = query.beforeId;
  while (left > 0) {
    const limit = Math.min(left, EVENTS_PAGE);
    const page = await list({ ...query, limit, ...(beforeId !== undefined && { beforeId }) });
    pages.unshift(page);
    left -= page.length;
    beforeId = page[0]?.id;
    if (page.length < limit) break;
  }
  return pages.flat();
}
