import {
  CRASH_DAYS,
  MAX_CRASH_INCIDENTS,
  type CrashCount,
  type CrashGroup,
  type CrashSeen,
  type CrashState,
  type CrashVersions,
} from '../../model/crash-group';
import type { EventQuery, HealdeckEvent } from '../../model/event';

export const DAY_MS = 86_400_000;

/** So many days without a crash are a quiet time. */
const QUIET_DAYS = 7;

/** How often each crash came and since when, the one that came last at the end. */
export function crashesSeen(counts: readonly CrashCount[]): readonly CrashSeen[] {
  return latestFirst(counts)
    .map(({ id, count, firstAt }) => ({ id, times: count, firstAt }))
    .reverse();
}

/** What the counts of a crash say; its title, incidents and last words stand in its events. */
export type CountedCrash = Omit<CrashGroup, 'title' | 'incidents' | 'stderrTail' | 'firstAfter'>;

/** The crashes behind the counts, those that came last first. */
export function countedCrashes(counts: readonly CrashCount[], nowMs: number): readonly CountedCrash[] {
  return latestFirst(counts).map((crash) => countedCrash(crash, nowMs));
}

/** The counts of one crash and their sum; instants in ms since the epoch. */
interface CrashSum extends Pick<CrashCount, 'id' | 'count' | 'firstAt' | 'lastAt'> {
  counts: CrashCount[];
}

function latestFirst(counts: readonly CrashCount[]): readonly CrashSum[] {
  const byId = new Map<string, CrashSum>();
  for (const one of counts) {
    const { id, count, firstAt, lastAt } = one;
    const sum = byId.get(id);
    if (sum === undefined) {
      byId.set(id, { id, count, firstAt, lastAt, counts: [one] });
      continue;
    }
    sum.counts.push(one);
    sum.count += count;
    sum.firstAt = Math.min(sum.firstAt, firstAt);
    sum.lastAt = Math.max(sum.lastAt, lastAt);
  }
  return [...byId.values()].sort((one, other) => other.lastAt - one.lastAt || one.id.localeCompare(other.id));
}

function countedCrash({ id, count, firstAt, lastAt, counts }: CrashSum, nowMs: number): CountedCrash {
  const days = totals(counts, ({ day }) => day);
  const watches = totals(counts, ({ watch }) => watch);
  const today = Math.floor(nowMs / DAY_MS);
  return {
    id,
    state: stateOf([...days.keys()], { firstAt, lastAt, nowMs }),
    count,
    firstAt: new Date(firstAt).toISOString(),
    lastAt: new Date(lastAt).toISOString(),
    versions: versionsOf(counts),
    watches: [...watches].sort(([one, a], [other, b]) => b - a || one.localeCompare(other)).map(([watch]) => watch),
    perDay: Array.from({ length: CRASH_DAYS }, (_, at) => days.get(today - CRASH_DAYS + 1 + at) ?? 0),
  };
}

function versionsOf(counts: readonly CrashCount[]): CrashVersions | null {
  const since = new Map<string, number>();
  for (const { version, firstAt } of counts) {
    if (version !== null) since.set(version, Math.min(since.get(version) ?? Infinity, firstAt));
  }
  const sorted = [...since]
    .sort(([, one], [, other]) => one - other)
    .map(([id, firstAt]) => ({ id, firstAt: new Date(firstAt).toISOString() }));
  const [first] = sorted;
  const newest = sorted.at(-1);
  return first === undefined || newest === undefined ? null : { count: sorted.length, first, newest };
}

/** `3 versions of the program, the newest (1a2b3c4d) since 3 May`; `day` writes a moment (ms since the epoch). */
export function versionsText({ count, newest }: CrashVersions, day: (at: number) => string): string {
  const which = count === 1 ? `one version of the program (${newest.id})` : `${count} versions of the program`;
  const latest = count === 1 ? '' : `, the newest (${newest.id})`;
  return `${which}${latest} since ${day(Date.parse(newest.firstAt))}`;
}

function totals<K>(counts: readonly CrashCount[], keyOf: (count: CrashCount) => K): ReadonlyMap<K, number> {
  const sums = new Map<K, number>();
  for (const count of counts) sums.set(keyOf(count), (sums.get(keyOf(count)) ?? 0) + count.count);
  return sums;
}

function stateOf(
  days: readonly number[],
  { firstAt, lastAt, nowMs }: { firstAt: number; lastAt: number; nowMs: number },
): CrashState {
  if (nowMs - lastAt > QUIET_DAYS * DAY_MS) return 'resolved';
  if (nowMs - firstAt < DAY_MS) return 'new';
  const today = Math.floor(nowMs / DAY_MS);
  const sorted = [...days].sort((one, other) => one - other);
  const cameBack = sorted.some((day, at) => {
    const before = sorted[at - 1];
    return before !== undefined && day - before > QUIET_DAYS && today - day < QUIET_DAYS;
  });
  return cameBack ? 'regressed' : 'ongoing';
}

/** The count of one event; null when it is no crash, or one that nothing shows. */
export function countOfEvent(event: HealdeckEvent): CrashCount | null {
  if (event.type !== 'crash_detected' || event.data.crash === undefined || event.watch === null) return null;
  const at = Date.parse(event.at);
  const { id, version = null } = event.data.crash;
  return { id, watch: event.watch, day: Math.floor(at / DAY_MS), version, count: 1, firstAt: at, lastAt: at };
}

/** A crash with what its events say of it; newest first. */
export function crashGroup(crash: CountedCrash, events: readonly HealdeckEvent[]): CrashGroup {
  const [last] = events;
  const data = last?.type === 'crash_detected' ? last.data : null;
  return {
    ...crash,
    title: data?.crash?.title ?? '',
    firstAfter: null,
    stderrTail: data?.stderrTail ?? [],
    incidents: [...new Set(events.flatMap(({ incident }) => incident ?? []))].slice(0, MAX_CRASH_INCIDENTS),
  };
}

/** The end of a program is explained within this time. */
const EXPLAINED_WITHIN_MS = 10_000;

/** Which events show what was changed before a crash was first seen. */
export function firstSeenQuery({ firstAt }: Pick<CrashGroup, 'firstAt'>): EventQuery {
  const at = Date.parse(firstAt);
  return {
    types: ['crash_detected', 'death_explained'],
    ...{ sinceAt: at - 1, untilAt: at + EXPLAINED_WITHIN_MS, limit: 10_000 },
  };
}

/** The file that was changed before a crash was first seen, by these events, oldest first; null: no explanation names one. */
export function changedBefore(id: string, events: readonly HealdeckEvent[]): string | null {
  const at = events.findIndex((event) => event.type === 'crash_detected' && event.data.crash?.id === id);
  const first = events[at];
  if (first === undefined) return null;
  for (const event of events.slice(at + 1)) {
    if (event.type !== 'death_explained' || event.incident !== first.incident || event.pid !== first.pid) continue;
    return event.data.changedFile ?? null;
  }
  return null;
}
