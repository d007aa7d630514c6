import {
  CRASH_DAYS,
  MAX_CRASH_INCIDENTS,
  type CrashCount,
  type CrashGroup,
  type CrashSeen,
  type CrashState,
} from '../../model/crash-group';
import type { HealdeckEvent } from '../../model/event';

export const DAY_MS = 86_400_000;

/** So many days without a crash are a quiet time. */
const QUIET_DAYS = 7;

/** How often each crash came, the one that came last at the end. */
export function crashesSeen(counts: readonly CrashCount[], nowMs: number): readonly CrashSeen[] {
  return countedCrashes(counts, nowMs)
    .map(({ id, count, firstAt }) => ({ id, times: count, firstAt: Date.parse(firstAt) }))
    .reverse();
}

/** What the counts of a crash say; its title, incidents and last words stand in its events. */
export type CountedCrash = Omit<CrashGroup, 'title' | 'incidents' | 'stderrTail'>;

/** The crashes behind the counts, those that came last first. */
export function countedCrashes(counts: readonly CrashCount[], nowMs: number): readonly CountedCrash[] {
  const byId = new Map<string, CrashCount[]>();
  for (const count of counts) {
    const known = byId.get(count.id);
    if (known === undefined) byId.set(count.id, [count]);
    else known.push(count);
  }
  return [...byId.values()]
    .map((own) => countedCrash(own, nowMs))
    .sort((one, other) => Date.parse(other.lastAt) - Date.parse(one.lastAt) || one.id.localeCompare(other.id));
}

function countedCrash(counts: readonly CrashCount[], nowMs: number): CountedCrash {
  const firstAt = Math.min(...counts.map((count) => count.firstAt));
  const lastAt = Math.max(...counts.map((count) => count.lastAt));
  const days = totals(counts, ({ day }) => day);
  const watches = totals(counts, ({ watch }) => watch);
  const today = Math.floor(nowMs / DAY_MS);
  return {
    id: counts[0]?.id ?? '',
    state: stateOf([...days.keys()], { firstAt, lastAt, nowMs }),
    count: counts.reduce((sum, { count }) => sum + count, 0),
    firstAt: new Date(firstAt).toISOString(),
    lastAt: new Date(lastAt).toISOString(),
    watches: [...watches].sort(([one, a], [other, b]) => b - a || one.localeCompare(other)).map(([watch]) => watch),
    perDay: Array.from({ length: CRASH_DAYS }, (_, at) => days.get(today - CRASH_DAYS + 1 + at) ?? 0),
  };
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
  const { id } = event.data.crash;
  return { id, watch: event.watch, day: Math.floor(at / DAY_MS), count: 1, firstAt: at, lastAt: at };
}

/** A crash with what its events say of it; newest first. */
export function crashGroup(crash: CountedCrash, events: readonly HealdeckEvent[]): CrashGroup {
  const [last] = events;
  const data = last?.type === 'crash_detected' ? last.data : null;
  return {
    ...crash,
    title: data?.crash?.title ?? '',
    stderrTail: data?.stderrTail ?? [],
    incidents: [...new Set(events.flatMap(({ incident }) => incident ?? []))].slice(0, MAX_CRASH_INCIDENTS),
  };
}
