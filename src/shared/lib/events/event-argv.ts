import { definitionOf } from '../../events';
import type { EventDraft, HealdeckEvent } from '../../model/event';

/** An event whose arguments are other ones; the very same where it carries none. */
export function withEventArgv<E extends EventDraft | HealdeckEvent>(
  event: E,
  change: (argv: readonly string[]) => readonly string[],
): E {
  const { withArgv } = definitionOf(event.type);
  if (withArgv === undefined) return event;
  const data = withArgv(event.data, change);
  return data === event.data ? event : ({ ...event, data } as E);
}
