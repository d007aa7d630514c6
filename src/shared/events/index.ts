import type { EventDefinition } from './definition';
import { EVENTS } from './list';

export type { EventBase, EventDefinition, EventPart, Fact } from './definition';

type Definition = (typeof EVENTS)[number];

export type EventType = Definition['type'];

/** What each type of event carries. */
export type EventData = {
  [D in Definition as D['type']]: D extends EventDefinition<D['type'], infer Data> ? Data : never;
};

/** All types, in the order in which help and filters list them. */
export const EVENT_TYPES: readonly EventType[] = EVENTS.map(({ type }) => type);

/** The types of which something holds, in the same order. */
export function eventTypesWith(holds: (definition: AnyDefinition) => boolean): readonly EventType[] {
  return EVENTS.filter((definition) => holds(definition as AnyDefinition)).map(({ type }) => type);
}

/** A definition whose data only it reads. */
export type AnyDefinition = EventDefinition<EventType, unknown>;

const BY_TYPE = new Map<string, AnyDefinition>(
  EVENTS.map((definition) => [definition.type, definition as AnyDefinition]),
);

/** How a type of event is described. One that a later version has written is described by what any event has. */
export function definitionOf(type: EventType): AnyDefinition {
  return BY_TYPE.get(type) ?? unknownType(type);
}

function unknownType(type: EventType): AnyDefinition {
  const words = type.replaceAll('_', ' ');
  return {
    type,
    label: words.charAt(0).toUpperCase() + words.slice(1),
    counted: [words, words],
    isAside: true,
    part: 'aside',
    line: ({ message }) => ({ action: words, details: [message] }),
    facts: () => [],
  };
}
