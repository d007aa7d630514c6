import type { EventQuery, HealdeckEvent } from '../../../shared/model/event';
import type { LogView } from '../../store/ui';

type Filter = Pick<LogView, 'text' | 'types' | 'watch' | 'untilAt'>;

/** A filter as the engine is asked. */
export function queryOf({ text, types, watch, untilAt }: Filter, limit: number): EventQuery {
  return {
    limit,
    ...(text === '' ? {} : { text: text.slice(0, 200) }),
    ...(types.length === 0 ? {} : { types: [...types] }),
    ...(watch === null ? {} : { watch }),
    ...(untilAt === null ? {} : { untilAt }),
  };
}

/** Whether an event fits a filter: the same rule as the engine's, so that live events and those asked for agree. */
export function matches(event: HealdeckEvent, { text, types, watch, untilAt }: Filter): boolean {
  if (types.length > 0 && !types.includes(event.type)) return false;
  if (watch !== null && event.watch !== watch) return false;
  if (untilAt !== null && Date.parse(event.at) > untilAt) return false;
  return text === '' || event.message.toLowerCase().includes(text.toLowerCase());
}

/**
 * The events of a view, newest first: those asked of the engine, then the live ones, each once. A paused view ends where
 * it was paused; `fresh` counts how many came after that.
 */
export function logRows(
  live: readonly HealdeckEvent[],
  asked: readonly HealdeckEvent[],
  view: Filter & Pick<LogView, 'pausedAtId'>,
): { rows: HealdeckEvent[]; fresh: number } {
  const byId = new Map<number, HealdeckEvent>();
  for (const event of asked) if (matches(event, view)) byId.set(event.id, event);
  for (const event of live) if (matches(event, view)) byId.set(event.id, event);
  const all = [...byId.values()].sort((a, b) => b.id - a.id);
  const { pausedAtId } = view;
  if (pausedAtId === null) return { rows: all, fresh: 0 };
  const rows = all.filter((event) => event.id <= pausedAtId);
  return { rows, fresh: all.length - rows.length };
}
