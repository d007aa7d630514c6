import { eventFits } from '../../shared/lib/events/event-query';
import { ORPCError } from '@orpc/server';
import type { EventQuery, HealdeckEvent } from '../../shared/model/event';
import type { Engine } from '../engine/engine';

/** Events that may wait for one slow client before its stream is ended; it can come back with `afterId`. */
export const MAX_WAITING_EVENTS = 10_000;

/** The history as far as the API needs it. */
export interface EventHistory {
  /** The newest `limit` events that fit, oldest first. */
  listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]>;
}

/** Past events: those in the history, and the newest ones, which may not be on disk yet. */
export async function pastEvents(
  engine: Engine,
  history: EventHistory,
  query: EventQuery,
): Promise<readonly HealdeckEvent[]> {
  const kept = await history.listEvents(query);
  const recent = engine.snapshot().events.filter((event) => eventFits(event, query));
  const byId = new Map([...kept, ...recent].map((event) => [event.id, event]));
  return [...byId.values()].sort((a, b) => a.id - b.id).slice(-query.limit);
}

/** Past events that fit, then every new one as it happens: none lost, none twice, in order. */
export async function* followEvents(
  engine: Engine,
  history: EventHistory,
  query: EventQuery,
  signal?: AbortSignal,
): AsyncGenerator<HealdeckEvent, void> {
  if (signal?.aborted) return;
  let waiting: HealdeckEvent[] = [];
  let tooSlow = false;
  let wake: () => void = () => {};
  // Listening starts before the backlog is read: what happens meanwhile is in one of the two, or in both and then dropped by id.
  const unsubscribe = engine.subscribe(({ events }) => {
    if (events === undefined || tooSlow) return;
    waiting.push(...events.filter((event) => eventFits(event, query)));
    tooSlow = waiting.length > MAX_WAITING_EVENTS;
    wake();
  });
  const onAbort = (): void => {
    unsubscribe();
    wake();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    let lastId = 0;
    let batch = await pastEvents(engine, history, query);
    for (;;) {
      for (const event of batch) {
        if (signal?.aborted) return;
        if (event.id <= lastId) continue;
        lastId = event.id;
        yield event;
      }
      while (waiting.length === 0 && !signal?.aborted) await new Promise<void>((resolve) => (wake = resolve));
      if (signal?.aborted) return;
      if (tooSlow) {
        throw new ORPCError('TOO_MANY_REQUESTS', {
          message: `more than ${MAX_WAITING_EVENTS} events waited for this client; follow again with afterId ${lastId}`,
        });
      }
      batch = waiting;
      waiting = [];
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
