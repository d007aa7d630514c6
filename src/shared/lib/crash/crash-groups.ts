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

/** How often each crash came and since when, the one that came last at the end. */
export function crashesSeen(counts: readonly CrashCount[]): readonly CrashSeen[] {
  return latestFirst(counts)
    .map(({ id, count, firstAt }) => ({ id, times: count, firstAt }))
    .reverse();
}

/** What the counts of a crash say; its title, incidents and last words stand in its events. */
export type CountedCrash = Omit<CrashGroup, 'title' | 'incidents' | 'stderrTail'>;

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
