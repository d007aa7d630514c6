import { definitionOf } from '../../events';
import type { EventDraft, HealdeckEvent } from '../../model/event';

/** An event with other arguments; the same object where it has none. */
export function withEventArgv<E extends EventDraft | HealdeckEvent>(
  event: E,
  change: (argv: readonly string[]) => readonly string[],
): E {
  const { withArgv } = definitionOf(event.type);
  if (withArgv === undefined) return event;
  const data = withArgv(event.data, change);
  return data === event.data ? event : ({ ...event, data } as E);
}
