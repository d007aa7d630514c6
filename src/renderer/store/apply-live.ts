import type { HealdeckEvent } from '../../shared/model/event';
import type { EngineInfo, LiveMessage, WatchStatus } from '../../shared/model/snapshot';
import { sameValue, SETTING_KEYS } from '../../shared/model/settings';
import { EVENT_CAPACITY, type LiveState } from './state';

/** The state after a message, or `gap`: a message was missed and a snapshot is needed. */
export type Applied<T> = { kind: 'applied'; state: T } | { kind: 'gap' };

/** The live state after one message of its stream. */
export function applyLive(state: LiveState, message: LiveMessage): Applied<LiveState> {
  if (message.kind === 'snapshot') {
    const sameHistory = state.engine !== null && isSameHistory(state.engine, message.engine);
    return {
      kind: 'applied',
      state: {
        seq: message.seq,
        engine: message.engine,
        machine: message.machine,
        alerts: message.alerts,
        watches: new Map(message.watches.map((status) => [status.watch.id, status])),
        events: appendEvents(sameHistory ? state.events : [], message.events),
      },
    };
  }
  if (state.seq === null || message.seq !== state.seq + 1) return { kind: 'gap' };
  return {
    kind: 'applied',
    state: {
      seq: message.seq,
      engine: message.engine === undefined ? state.engine : withKnownSettings(message.engine, state.engine),
      machine: message.machine ?? state.machine,
      alerts: message.alerts ?? state.alerts,
      watches: changeWatches(state.watches, message.watches, message.removedWatchIds),
      events: appendEvents(state.events, message.events),
    },
  };
}

/** The engine with the very settings that are known, where they are the same: what is drawn of them need not be drawn anew. */
function withKnownSettings(engine: EngineInfo, known: EngineInfo | null): EngineInfo {
  const same = known !== null && SETTING_KEYS.every((key) => sameValue(engine.settings[key], known.settings[key]));
  return same ? { ...engine, settings: known.settings } : engine;
}

/** Whether two engines write to the same history, so that their event numbers can be compared. */
function isSameHistory(a: EngineInfo, b: EngineInfo): boolean {
  return a.hostname === b.hostname && a.dataDir === b.dataDir;
}

function changeWatches(
  watches: ReadonlyMap<string, WatchStatus>,
  changed: readonly WatchStatus[],
  removedIds: readonly string[],
): ReadonlyMap<string, WatchStatus> {
  if (changed.length === 0 && removedIds.length === 0) return watches;
  const next = new Map(watches);
  for (const id of removedIds) next.delete(id);
  for (const status of changed) next.set(status.watch.id, status);
  return next;
}

/**
 * The known events and newer ones, oldest first and bounded. When numbers are missing between the two, the known ones
 * are dropped: what is shown has no holes.
 */
export function appendEvents(
  known: readonly HealdeckEvent[],
  more: readonly HealdeckEvent[],
): readonly HealdeckEvent[] {
  const first = more[0];
  if (first === undefined) return known;
  const last = known.at(-1);
  if (last === undefined || first.id > last.id + 1 || last.id > (more.at(-1)?.id ?? 0)) {
    return more.slice(-EVENT_CAPACITY);
  }
  const fresh = more.filter((event) => event.id > last.id);
  return fresh.length === 0 ? known : [...known, ...fresh].slice(-EVENT_CAPACITY);
}
