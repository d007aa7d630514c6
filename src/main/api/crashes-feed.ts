import { isNamed } from '../../shared/lib/instances';
import {
  changedBefore,
  countedCrashes,
  countOfEvent,
  crashGroup,
  firstSeenQuery,
} from '../../shared/lib/crash/crash-groups';
import { MAX_CRASH_INCIDENTS, type CrashCount, type CrashGroup } from '../../shared/model/crash-group';
import type { HealdeckEvent } from '../../shared/model/event';
import type { Engine } from '../engine/engine';
import type { EventHistory } from './events-feed';

export interface CrashQuery {
  /** Crashes whose fingerprint begins so. */
  id?: string | undefined;
  /** Crashes that were seen in the watch of this name. */
  watch?: string | undefined;
  /** Crashes that were seen after this moment, in ms since the epoch. */
  sinceAt?: number | undefined;
  limit: number;
}

/** The history as far as crashes need it; both leave out what has this number or a higher one. */
export interface CrashHistory {
  /** Counts by crash, watch and day of all that is kept. */
  crashCounts(belowId: number): Promise<readonly CrashCount[]>;
  /** The newest `limitEach` events of each of these crashes, those of one newest first. */
  crashEvents(ids: readonly string[], belowId: number, limitEach: number): Promise<readonly HealdeckEvent[]>;
}

/** The crashes, those that came last first: from the history, and the newest events, which may not be on disk yet. */
export async function crashGroups(
  engine: Pick<Engine, 'snapshot'>,
  history: CrashHistory & EventHistory,
  query: CrashQuery,
  nowMs: number,
): Promise<readonly CrashGroup[]> {
  const { events: recent } = engine.snapshot();
  const belowId = recent[0]?.id ?? Number.MAX_SAFE_INTEGER;
  const newest = recent.flatMap((event) => countOfEvent(event) ?? []);
  const crashes = countedCrashes([...(await history.crashCounts(belowId)), ...newest], nowMs)
    .filter(
      ({ id, watches, lastAt }) =>
        (query.id === undefined || id.startsWith(query.id)) &&
        (query.watch === undefined || watches.some((name) => isNamed(name, query.watch ?? ''))) &&
        (query.sinceAt === undefined || Date.parse(lastAt) > query.sinceAt),
    )
    .slice(0, query.limit);
  const live = byCrash([...recent].reverse());
  const incomplete = crashes.map(({ id }) => id).filter((id) => live(id).length < MAX_CRASH_INCIDENTS);
  const kept = byCrash(await history.crashEvents(incomplete, belowId, MAX_CRASH_INCIDENTS));
  const groups = crashes.map((crash) => {
    const own = live(crash.id);
    return crashGroup(crash, [...own, ...kept(crash.id).slice(0, Math.max(0, MAX_CRASH_INCIDENTS - own.length))]);
  });
  const [one, another] = groups;
  if (query.id === undefined || one === undefined || another !== undefined) return groups;
  return [{ ...one, firstAfter: changedBefore(one.id, await history.listEvents(firstSeenQuery(one))) }];
}

/** The events of each crash, in their order. */
function byCrash(events: readonly HealdeckEvent[]): (id: string) => readonly HealdeckEvent[] {
  const found = new Map<string, HealdeckEvent[]>();
  for (const event of events) {
    const id = countOfEvent(event)?.id;
    if (id === undefined) continue;
    const own = found.get(id);
    if (own === undefined) found.set(id, [event]);
    else own.push(event);
  }
  return (id) => found.get(id) ?? [];
}
