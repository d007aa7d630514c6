import type { EventDraft, HealdeckEvent } from '../../model/event';

/** An event whose arguments are other ones; the very same where it carries none. */
export function withEventArgv<E extends EventDraft | HealdeckEvent>(
  event: E,
  change: (argv: readonly string[]) => readonly string[],
): E {
  switch (event.type) {
    case 'started':
      return { ...event, data: { ...event.data, argv: change(event.data.argv) } };
    case 'restart_failed': {
      const { tried } = event.data;
      return tried === null
        ? event
        : { ...event, data: { ...event.data, tried: { ...tried, argv: change(tried.argv) } } };
    }
    case 'stopped':
    case 'killed': {
      const { process } = event.data;
      if (process === undefined) return event;
      return { ...event, data: { ...event.data, process: { ...process, argv: change(process.argv) } } };
    }
    default:
      return event;
  }
}
