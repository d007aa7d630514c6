import type { MessageKind } from '../../shared/model/alert';
import type { Settings } from '../../shared/model/settings';
import { FULL_THROTTLE, tokensAt, tokensDueMs } from '../engine/policy/alert-throttle';
import { heldUntil, isAcknowledged, UNTIL_RESOLVED, type Holds } from './holds';
import { freeTokens, type Item, type Route, type Thread } from './route';

/** What a plan depends on, besides the route itself. */
export interface PlanContext {
  /** Monotonic. */
  nowMs: number;
  /** Wall time. */
  now: number;
  /** Messages an hour to the recipient. */
  perHour: number;
  holds: Holds;
  /** The settings in force for a watch, by name; null: those for all. */
  settings: (watch: string | null) => AlertSettings;
  /** Whether an incident of a watch is still open, or was given up and is broken to this moment. */
  goesOn: (incident: number, watch: string | null) => boolean;
}

export type AlertSettings = Pick<
  Settings,
  'alerts.settleMs' | 'alerts.groupMs' | 'alerts.reminderMs' | 'alerts.perWatchPerHour'
>;

/** A message that is to be made now. */
export interface Draft {
  kind: MessageKind;
  /** What it accounts for, oldest first; none for a reminder. */
  items: readonly Item[];
  /** When all of it is about one. */
  watch: string | null;
  incident: number | null;
}

/** The next message of a route, if there is one to be made, and when to look again otherwise (monotonic, infinite: no need). */
export interface Plan {
  make: Draft | null;
  wakeMs: number;
}

/** Messages that may be on their way at the same time: while a server is dead the rest waits, and becomes a digest. */
const MOST_QUEUED = 4;
/** What could not be told for so long after it was due was kept back, and is told together with the rest that was. */
const LATE_MS = 10_000;

/** Items of one incident, or of one watch without an incident. */
interface Story {
  watch: string | null;
  incident: number | null;
  items: readonly Item[];
  thread: Thread | null;
  dueMs: number;
}

/**
 * Decides what a route says next. Each story (an incident, or what else happened to a watch) becomes due: at first after it
 * has settled, then at the end of its group, at once when it is resolved. What is due is told
 *
 * | due stories                                  | as                                                   |
 * |----------------------------------------------|------------------------------------------------------|
 * | one of them happened while Healdeck was down | one summary of all                                   |
 * | one                                          | a message of its own                                 |
 * | some, and tokens for all and one more        | a message each, critical ones first                  |
 * | more, or several that were kept back         | one digest of all                                    |
 * | none, but one goes on for long               | a reminder                                           |
 *
 * unless there is no token for it, or too much is on its way already: then it waits.
 */
export function planNext(route: Route, context: PlanContext): Plan {
  const { nowMs, perHour } = context;
  const free = Math.min(MOST_QUEUED - route.queue.length, freeTokens(route, nowMs, perHour));
  // However much waits, no look at it is needed: the next delivery looks again by itself, and a token comes with time.
  if (free <= 0) {
    return { make: null, wakeMs: route.queue.length > 0 ? Infinity : tokensDueMs(route.sent, 1, perHour) };
  }
  const wakes: number[] = [];
  const due: Story[] = [];
  for (const story of storiesOf(route, context)) {
    const until = heldUntil(story, story.items, context.holds, context.now);
    if (until !== null) wakes.push(until === UNTIL_RESOLVED ? Infinity : nowMs + until - context.now);
    else if (story.dueMs > nowMs) wakes.push(story.dueMs);
    else due.push(story);
  }
  const plan = choose(due, free, route, context);
  return plan.make === null ? { make: null, wakeMs: Math.min(plan.wakeMs, ...wakes) } : plan;
}

function choose(due: readonly Story[], free: number, route: Route, context: PlanContext): Plan {
  const allowed = due.filter((story) => watchTokenMs(story.watch, route, context) <= context.nowMs);
  const [first, ...others] = [...allowed].sort(byUrgency);
  if (first === undefined) {
    const tokensMs = due.map((story) => watchTokenMs(story.watch, route, context));
    const reminder = planReminder(route, context);
    return { make: reminder.make, wakeMs: Math.min(reminder.wakeMs, ...tokensMs) };
  }
  const now = (make: Draft): Plan => ({ make, wakeMs: context.nowMs });
  if (allowed.some(isOfDowntime)) return now(together('summary', due));
  const late = allowed.filter((story) => isLate(story, context));
  const single = others.length === 0 || (allowed.length < free && late.length < 2);
  return now(single ? alone(first, context) : together('digest', due));
}

function storiesOf(route: Route, context: PlanContext): readonly Story[] {
  const groups = new Map<string, Item[]>();
  for (const item of route.waiting) {
    const key = item.incident !== null ? `incident ${item.incident}` : `watch ${item.watch ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()].map((items) => storyOf(items, route, context));
}

function storyOf(items: readonly Item[], route: Route, context: PlanContext): Story {
  const incident = items[0]?.incident ?? null;
  const watch = items.findLast((item) => item.watch !== null)?.watch ?? null;
  const thread = incident === null ? null : (route.threads.get(incident) ?? null);
  const settings = context.settings(watch);
  const settledMs = (items[0]?.atMs ?? 0) + settings['alerts.settleMs'];
  const lastMs = incident === null ? route.lastMs.get(watch) : isTold(thread) ? thread.lastMs : undefined;
  const endMs = items.find((item) => item.ending !== null)?.atMs;
  const dueMs = lastMs === undefined ? settledMs : (endMs ?? Math.max(settledMs, lastMs + settings['alerts.groupMs']));
  return { watch, incident, items, thread, dueMs };
}

/** Critical ones first, then in the order in which they began. */
function byUrgency(one: Story, other: Story): number {
  return (
    Number(isCritical(other)) - Number(isCritical(one)) || (one.items[0]?.event ?? 0) - (other.items[0]?.event ?? 0)
  );
}

function isCritical({ items }: Story): boolean {
  return items.some((item) => item.severity === 'critical');
}

function isTold(thread: Thread | null): thread is Thread & { root: string } {
  return thread !== null && thread.root !== null;
}

function isOfDowntime({ items, thread }: Story): boolean {
  return !isTold(thread) && items[0]?.whileDown === true;
}

function isLate({ dueMs }: Story, { nowMs }: PlanContext): boolean {
  return nowMs - dueMs > LATE_MS;
}

function alone(story: Story, context: PlanContext): Draft {
  const { items, watch, incident, thread } = story;
  return { kind: kindOf(story, thread, context), items, watch, incident };
}

function kindOf(story: Story, thread: Thread | null, context: PlanContext): MessageKind {
  const resolved = story.items.some((item) => item.ending === 'resolved');
  // What was over before anybody heard of it in time is told as what it is by now.
  if (resolved && (isTold(thread) || isLate(story, context))) return 'recovery';
  return isTold(thread) ? 'update' : 'incident';
}

function together(kind: 'digest' | 'summary', stories: readonly Story[]): Draft {
  return {
    kind,
    items: stories.flatMap((story) => story.items).sort((one, other) => one.event - other.event),
    watch: theOnly(stories.map((story) => story.watch)),
    incident: theOnly(stories.map((story) => story.incident)),
  };
}

function theOnly<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/** When a message about a watch has a token; in the past when there is one. */
function watchTokenMs(watch: string | null, route: Route, context: PlanContext): number {
  const perHour = watch === null ? null : context.settings(watch)['alerts.perWatchPerHour'];
  if (watch === null || perHour === null) return -Infinity;
  const throttle = route.sentOfWatch.get(watch) ?? FULL_THROTTLE;
  return tokensAt(throttle, context.nowMs, perHour) > 0 ? -Infinity : tokensDueMs(throttle, 1, perHour);
}

/** The incident that has gone on for longest without a word, if it is time for one. */
function planReminder(route: Route, context: PlanContext): Plan {
  const { nowMs, now, holds } = context;
  let wakeMs = Infinity;
  for (const thread of [...route.threads.values()].sort((one, other) => one.lastMs - other.lastMs)) {
    const { incident, watch } = thread;
    const reminderMs = context.settings(watch)['alerts.reminderMs'];
    if (reminderMs === null || thread.ended || isAcknowledged(incident, holds.mutes)) continue;
    if (!context.goesOn(incident, watch) || route.waiting.some((item) => item.incident === incident)) continue;
    const until = heldUntil({ incident, watch }, [], holds, now);
    const dueMs = Math.max(
      thread.lastMs + reminderMs,
      until === null ? -Infinity : nowMs + until - now,
      watchTokenMs(watch, route, context),
    );
    if (dueMs <= nowMs) return { make: { kind: 'reminder', items: [], watch, incident }, wakeMs: nowMs };
    wakeMs = Math.min(wakeMs, dueMs);
  }
  return { make: null, wakeMs };
}
