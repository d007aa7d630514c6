import type { EventType } from '../model/event';

/** A field of an event's data that has another name by now, and how the values of both are made from each other. */
interface RenamedField {
  old: string;
  now: string;
  /** How many of the old unit make one of the new one; left out: the value is the same. */
  perUnit?: number;
}

const REASON: RenamedField = { old: 'because', now: 'reason' };
const UNTIL: RenamedField = { old: 'until', now: 'untilAt' };
const inMs = (name: string): RenamedField => ({ old: `${name}Seconds`, now: `${name}Ms`, perUnit: 1000 });

/** Until the next version both names are written; what earlier versions wrote is read by the new ones. */
const RENAMED: Partial<Record<EventType, readonly RenamedField[]>> = {
  exited: [REASON],
  suspended: [REASON],
  priority_lowered: [REASON],
  killed: [REASON],
  signal_refused: [REASON],
  cooldown_started: [inMs('duration'), UNTIL],
  cooldown_ended: [inMs('duration')],
  cooldown_reset: [inMs('remaining')],
  cooldown_extended: [inMs('by'), UNTIL],
  healing_paused: [UNTIL],
};

/** An event whose data have each renamed field under both of its names. */
export function withBothNames<E extends { type: EventType; data: object }>(event: E): E {
  const renamed = RENAMED[event.type];
  if (renamed === undefined) return event;
  const data: Record<string, unknown> = { ...event.data };
  for (const { old, now, perUnit = 1 } of renamed) {
    if (data[now] !== undefined) data[old] = times(data[now], 1 / perUnit);
    else if (data[old] !== undefined) data[now] = times(data[old], perUnit);
  }
  return { ...event, data };
}

function times(value: unknown, factor: number): unknown {
  return typeof value === 'number' ? value * factor : value;
}
