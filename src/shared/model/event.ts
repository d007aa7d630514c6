import { z } from 'zod';
import { EVENT_TYPES, type EventBase, type EventData, type EventType } from '../events';

export * from './event-parts';
export { ANOMALIES, type AnomalyKind } from '../findings';
export { EVENT_TYPES, type EventData, type EventType };

export const eventTypeSchema = z.enum(EVENT_TYPES);

/** One immutable fact. */
export type HealdeckEvent = { [T in EventType]: EventBase<T, EventData[T]> }[EventType];

/**
 * An event before the log has given it a number and a time. `incident: 'opens'` makes it the first of an incident: the log
 * then puts the event's own number there.
 */
export type EventDraft = {
  [T in EventType]: Omit<EventBase<T, EventData[T]>, 'id' | 'at' | 'incident'> & { incident: number | 'opens' | null };
}[EventType];

export const eventQuerySchema = z.strictObject({
  types: z.array(eventTypeSchema).optional(),
  /** Name of a watch. */
  watch: z.string().optional(),
  /** Only events after this moment, in ms since the epoch. */
  sinceAt: z.number().optional(),
  /** Only events at this moment or before. */
  untilAt: z.number().optional(),
  /** Only events with a higher number. */
  afterId: z.number().int().nonnegative().optional(),
  /** Only events with a lower number: those before a page that is known. */
  beforeId: z.number().int().positive().optional(),
  /** Words that the message must contain, any case. */
  text: z.string().max(200).optional(),
  /** At most this many, the newest, oldest first. */
  limit: z.number().int().min(1).max(10_000).default(200),
});
export type EventQuery = z.infer<typeof eventQuerySchema>;
