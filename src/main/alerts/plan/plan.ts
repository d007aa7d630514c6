import { HOLD_REASONS, type HeldAlerts, type HoldReason, type MessageKind } from '../../../shared/model/alert';
import type { Settings } from '../../../shared/model/settings';
import type { MessageBudget } from '../../engine/outbox-store';
import { FULL_THROTTLE, tokensAt, tokensDueMs } from './throttle';
import { heldUntil, holdOf, isAcknowledged, UNTIL_RESOLVED, type Suppressions } from './suppressions';
import {
  budgetDueMs,
  freeTokens,
  freeUrgentTokens,
  isNotified,
  queuedOf,
  type HourlyBudgets,
  type Item,
  type Route,
  type Thread,
} from './route';
import { byPriority, isCritical, isLate, isOfDowntime, alertGroupsOf, type AlertGroup } from './alert-groups';

/** What a plan depends on, besides the route itself. */
export interface PlanContext {
  /** Monotonic. */
  nowMs: number;
  /** Wall time. */
  now: number;
  /** Messages an hour to the recipient. */
  perHour: HourlyBudgets;
  holds: Suppressions;
  /** The settings in force for a watch, by name; null: those for all. */
  settings: (watch: string | null) => AlertSettings;
  /** Whether an incident of a watch is still open, or was given up and is broken to this moment. */
  isOngoing: (incident: number, watch: string | null) => boolean;
  /** The names of those that a watch depends on, also through others. */
  dependenciesOf: (watch: string | null) => readonly string[];
  /** Whether the program of a watch is not ready any more. */
  isUnready: (watch: string) => boolean;
}

export type AlertSettings = Pick<
  Settings,
  'alerts.settleMs' | 'alerts.groupMs' | 'alerts.reminderMs' | 'alerts.perWatchPerHour' | 'heal.verifyMs'
>;

/** A message that is to be made now. */
export interface Draft {
  kind: MessageKind;
  /** What it accounts for, oldest first; none for a reminder. */
  items: readonly Item[];
  /** When all of it is about one. */
  watch: string | null;
  incident: number | null;
  budget: MessageBudget;
}

/** The next message of a route, if there is one to be made, and when to look again otherwise (monotonic, infinite: no need). */
export interface Plan {
  make: Draft | null;
  wakeMs: number;
}

/** Messages that may be on their way at the same time: while a server is dead the rest waits, and becomes a digest. */
const MAX_QUEUED = 4;
/**
 * Decides what a route sends next. Each group (an incident, or what else happened to a watch) becomes due: at first after it
 * has settled, then at the end of its group, at once when it is resolved. What is due is reported
 *
 * | due groups                                   | as                                                   |
 * |----------------------------------------------|------------------------------------------------------|
 * | one of them happened while Healdeck was down | one summary of all                                   |
 * | one                                          | a message of its own                                 |
 * | some, and tokens for all and one more        | a message each, critical ones first                  |
 * | more, or several that were kept back         | one digest of all                                    |
 * | none, but one goes on for long               | a reminder                                           |
 *
 * unless there is no token for it, or too much is on its way already: then it waits. The first critical message of an incident
 * does not wait for any of that: it goes at once, from a budget of its own.
 */
export function planNext(route: Route, context: PlanContext): Plan {
  const urgent = planUrgent(route, context);
  if (urgent.make !== null) return urgent;
  const ordinary = planOrdinary(route, context);
  return ordinary.make !== null ? ordinary : { make: null, wakeMs: Math.min(urgent.wakeMs, ordinary.wakeMs) };
}

/** All that waits and nobody has asked to hold back, in one message; null when there is nothing. The operator asks for it. */
export function planHeld(route: Route, context: PlanContext): Draft | null {
  const asked = { ...context.holds, quietUntil: null };
  const groups = alertGroupsOf(route, context).filter(
    (group) => !group.isSettled && heldUntil(group, group.items, asked, context.now) === null,
  );
  const [first, ...others] = groups;
  if (first === undefined) return null;
  return others.length === 0 ? alone(first, context, 'operator') : together('digest', groups, 'operator');
}

/**
 * The first critical message of each incident that waits for one: each alone as long as there is a token for all. Else, and where
 * several were kept back, it is one digest, of all else that is due, too.
 */
function planUrgent(route: Route, context: PlanContext): Plan {
  if (!route.waiting.some((item) => item.severity === 'critical')) return { make: null, wakeMs: Infinity };
  const { nowMs, perHour } = context;
  const free = Math.min(MAX_QUEUED - queuedOf(route, 'urgent'), freeUrgentTokens(route, nowMs, perHour.urgent));
  let wakeMs = Infinity;
  const due: AlertGroup[] = [];
  const others: AlertGroup[] = [];
  for (const group of alertGroupsOf(route, context)) {
    if (heldUntil(group, group.items, context.holds, context.now) !== null) continue;
    if (group.urgentMs !== null && group.urgentMs <= nowMs) due.push(group);
    else if (group.dueMs <= nowMs) others.push(group);
    if (group.urgentMs !== null && group.urgentMs > nowMs) wakeMs = Math.min(wakeMs, group.urgentMs);
  }
  const [first] = due;
  if (first === undefined) return { make: null, wakeMs };
  // A delivery checks again by itself.
  if (free <= 0) {
    const tokenMs = queuedOf(route, 'urgent') > 0 ? Infinity : budgetDueMs(route, 'urgent', nowMs, perHour);
    return { make: null, wakeMs: Math.min(wakeMs, tokenMs) };
  }
  const late = due.filter((group) => isLate(group, nowMs));
  const single = due.length <= free && late.length < 2;
  const make = single ? alone(first, context, 'urgent') : together('digest', [...due, ...others], 'urgent');
  return { make, wakeMs: nowMs };
}

function planOrdinary(route: Route, context: PlanContext): Plan {
  const { nowMs, perHour } = context;
  const queued = queuedOf(route, 'hourly');
  const free = Math.min(MAX_QUEUED - queued, freeTokens(route, nowMs, perHour.hourly));
  // However much waits, no early check is needed: the next delivery checks by itself, and a token comes with time.
  if (free <= 0) return { make: null, wakeMs: queued > 0 ? Infinity : tokensDueMs(route.sent, 1, perHour.hourly) };
  const wakes: number[] = [];
  const due: AlertGroup[] = [];
  for (const group of alertGroupsOf(route, context)) {
    const until = heldUntil(group, group.items, context.holds, context.now);
    if (until !== null) wakes.push(until === UNTIL_RESOLVED ? Infinity : nowMs + until - context.now);
    else if (group.dueMs > nowMs) wakes.push(group.dueMs);
    else due.push(group);
  }
  const plan = choose(due, free, route, context);
  return plan.make === null ? { make: null, wakeMs: Math.min(plan.wakeMs, ...wakes) } : plan;
}

function choose(due: readonly AlertGroup[], free: number, route: Route, context: PlanContext): Plan {
  const allowed = due.filter((group) => watchTokenMs(group.watch, route, context) <= context.nowMs);
  const [first, ...others] = [...allowed].sort(byPriority);
  if (first === undefined) {
    const tokensMs = due.map((group) => watchTokenMs(group.watch, route, context));
    const reminder = planReminder(route, context);
    return { make: reminder.make, wakeMs: Math.min(reminder.wakeMs, ...tokensMs) };
  }
  const now = (make: Draft): Plan => ({ make, wakeMs: context.nowMs });
  if (allowed.some(isOfDowntime)) return now(together('summary', due, 'hourly'));
  const late = allowed.filter((group) => isLate(group, context.nowMs));
  const single = others.length === 0 || (allowed.length < free && late.length < 2);
  return now(single ? alone(first, context, 'hourly') : together('digest', due, 'hourly'));
}

function alone(group: AlertGroup, context: PlanContext, budget: MessageBudget): Draft {
  const { items, watch, incident, thread } = group;
  return { kind: kindOf(group, thread, context), items, watch, incident, budget };
}

function kindOf(group: AlertGroup, thread: Thread | null, context: PlanContext): MessageKind {
  // What went wrong again after that is not over.
  const resolved = group.items.at(-1)?.ending === 'resolved';
  // What ended before it could be reported in time is reported in its present state.
  if (resolved && (isNotified(thread) || isLate(group, context.nowMs))) return 'recovery';
  return isNotified(thread) ? 'update' : 'incident';
}

function together(kind: 'digest' | 'summary', groups: readonly AlertGroup[], budget: MessageBudget): Draft {
  return {
    kind,
    items: groups.flatMap((group) => group.items).sort((one, other) => one.event - other.event),
    watch: theOnly(groups.map((group) => group.watch)),
    incident: theOnly(groups.map((group) => group.incident)),
    budget,
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

/** The incident that has been open for longest without a message, if a reminder is due. */
function planReminder(route: Route, context: PlanContext): Plan {
  const { nowMs, now, holds } = context;
  let wakeMs = Infinity;
  for (const thread of [...route.threads.values()].sort((one, other) => one.lastMs - other.lastMs)) {
    const { incident, watch } = thread;
    const reminderMs = context.settings(watch)['alerts.reminderMs'];
    if (reminderMs === null || thread.ended || isAcknowledged(incident, holds.mutes)) continue;
    if (!context.isOngoing(incident, watch) || route.waiting.some((item) => item.incident === incident)) continue;
    const until = heldUntil({ incident, watch }, [], holds, now);
    const dueMs = Math.max(
      thread.lastMs + reminderMs,
      until === null ? -Infinity : nowMs + until - now,
      watchTokenMs(watch, route, context),
    );
    if (dueMs <= nowMs)
      return { make: { kind: 'reminder', items: [], watch, incident, budget: 'hourly' }, wakeMs: nowMs };
    wakeMs = Math.min(wakeMs, dueMs);
  }
  return { make: null, wakeMs };
}

/** Why alerts wait, and until when. */
export function heldAlerts(route: Route, context: PlanContext): readonly HeldAlerts[] {
  const { nowMs, now } = context;
  const toWall = (atMs: number): number | null => (Number.isFinite(atMs) ? Math.round(now + atMs - nowMs) : null);
  const hourlyMs =
    freeTokens(route, nowMs, context.perHour.hourly) > 0
      ? -Infinity
      : tokensDueMs(route.sent, 1, context.perHour.hourly);
  const stuck = route.queue.some(({ message }) => message.attempts > 0);
  return alertGroupsOf(route, context).flatMap((group): HeldAlerts[] => {
    const held = (reason: HoldReason, until: number | null): HeldAlerts[] => [
      { reason, until, events: group.items.length, critical: isCritical(group) },
    ];
    const hold = holdOf(group, group.items, context.holds, now);
    if (hold !== null) return held(hold.reason, hold.until === UNTIL_RESOLVED ? null : hold.until);
    if (group.foldedUntilMs > nowMs) return held('folded', toWall(group.foldedUntilMs));
    if (group.dueMs > nowMs) return held('grouping', toWall(group.dueMs));
    if (stuck) return held('undelivered', null);
    if (hourlyMs > nowMs) return held('hourly_limit', toWall(hourlyMs));
    const watchMs = watchTokenMs(group.watch, route, context);
    return watchMs > nowMs ? held('watch_limit', toWall(watchMs)) : [];
  });
}

/**
 * One entry for each reason, over the alerts that wait in each route: until the last of them is due. What waits in a route adds
 * up; the same event may wait in several, so of those it is the most that counts.
 */
export function mergeHolds(routes: readonly (readonly HeldAlerts[])[]): readonly HeldAlerts[] {
  return HOLD_REASONS.flatMap((reason) => {
    const ofRoutes = routes
      .map((route) => route.filter((one) => one.reason === reason))
      .filter((route) => route.length > 0);
    const all = ofRoutes.flat();
    if (all.length === 0) return [];
    const ends = all.map(({ until }) => until);
    return {
      reason,
      until: ends.reduce((one, other) => (one === null || other === null ? null : Math.max(one, other))),
      events: Math.max(...ofRoutes.map((route) => route.reduce((sum, { events }) => sum + events, 0))),
      critical: all.some(({ critical }) => critical),
    };
  });
}
