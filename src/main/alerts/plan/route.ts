import { assertNever } from '../../../shared/lib/assert-never';
import type { HealdeckEvent, Severity } from '../../../shared/model/event';
import { FULL_THROTTLE, spendToken, tokensAt, tokensDueMs, type AlertThrottle } from './throttle';
import type { MessageBudget, RouteName, StoredMessage } from '../../engine/outbox-store';
import { endingOf, happenedWhileDown, type IncidentEnding } from './rules';

/** An event that a route is to report: as much of it as deciding needs. Monotonic ms. */
export interface Item {
  event: number;
  /** When it happened. */
  atMs: number;
  severity: Severity;
  /** Name of the watch, as the event has it. */
  watch: string | null;
  incident: number | null;
  ending: IncidentEnding;
  whileDown: boolean;
  /** The program was started again: whether that holds shows within seconds. */
  restarted: boolean;
  /** The program runs on and is not ready any more. */
  unready: boolean;
}

/** What a route has reported of an incident. Monotonic ms. */
export interface Thread {
  incident: number;
  watch: string | null;
  /** Message-ID of its first message. */
  root: string | null;
  /** When the last message about it was made, or it began. */
  lastMs: number;
  /** It is resolved; what was given up goes on to be broken. */
  ended: boolean;
  /** When it was resolved or given up; null: it goes on. */
  overMs: number | null;
  /** The incident that led to it; null: none did, as far as is known. */
  cause: number | null;
  /** A message has reported something critical of it: what follows is no first critical message. */
  criticalReported: boolean;
}

/** A message on its way. */
export interface Queued {
  message: StoredMessage;
  /** Not tried before; monotonic. */
  dueMs: number;
  sending: boolean;
}

/** All that is known of a way to one recipient: what waits, what was reported, what is on its way, what was sent. */
export interface Route {
  readonly name: RouteName;
  /** In the order of their events. */
  waiting: readonly Item[];
  /** Events that were not reported because of maintenance, and that no message has counted yet. */
  unreported: readonly number[];
  threads: ReadonlyMap<number, Thread>;
  /** When the last message was made about what belongs to no incident, by watch. */
  lastMs: ReadonlyMap<string | null, number>;
  queue: readonly Queued[];
  sent: AlertThrottle;
  /** Urgent messages: their budget is apart from the hourly limits. */
  sentUrgent: AlertThrottle;
  sentOfWatch: ReadonlyMap<string, AlertThrottle>;
}

export function newRoute(name: RouteName): Route {
  return {
    name,
    waiting: [],
    unreported: [],
    threads: new Map(),
    lastMs: new Map(),
    queue: [],
    sent: FULL_THROTTLE,
    sentUrgent: FULL_THROTTLE,
    sentOfWatch: new Map(),
  };
}

/** One text for each route. */
export function routeKey({ channel, recipient }: RouteName): string {
  return `${channel} ${recipient}`;
}

/** What deciding needs of an event; `atMs` is when it happened by the monotonic clock. */
export function itemOf(event: HealdeckEvent, atMs: number): Item {
  return {
    event: event.id,
    atMs,
    severity: event.severity,
    watch: event.watch,
    incident: event.incident,
    ending: endingOf(event),
    whileDown: happenedWhileDown(event),
    restarted: event.type === 'restarted' && event.data.actor === 'engine',
    unready: event.type === 'readiness_lost',
  };
}

/** Tokens of the recipient that no message on its way has a claim to. */
export function freeTokens(route: Route, nowMs: number, perHour: number): number {
  return tokensAt(route.sent, nowMs, perHour) - queuedOf(route, 'hourly');
}

/** The same of the budget for urgent messages. */
export function freeUrgentTokens(route: Route, nowMs: number, perHour: number): number {
  return tokensAt(route.sentUrgent, nowMs, perHour) - queuedOf(route, 'urgent');
}

/** How many messages are on their way that a budget pays for. */
export function queuedOf(route: Route, budget: MessageBudget): number {
  return route.queue.filter(({ message }) => message.budget === budget).length;
}

/** Messages an hour to a recipient: those that the hourly limit pays for, and urgent ones. */
export interface HourlyBudgets {
  hourly: number;
  urgent: number;
}

/** One more message was sent; what the operator asked for costs nothing. */
export function spendBudget(route: Route, budget: MessageBudget, nowMs: number, perHour: HourlyBudgets): Route {
  switch (budget) {
    case 'hourly':
      return { ...route, sent: spendToken(route.sent, nowMs, perHour.hourly) };
    case 'urgent':
      return { ...route, sentUrgent: spendToken(route.sentUrgent, nowMs, perHour.urgent) };
    case 'operator':
      return route;
    default:
      return assertNever(budget);
  }
}

/** When a message may be sent by what it is paid from (monotonic); in the past when it may now. */
export function budgetDueMs(route: Route, budget: MessageBudget, nowMs: number, perHour: HourlyBudgets): number {
  switch (budget) {
    case 'hourly':
      return tokensAt(route.sent, nowMs, perHour.hourly) > 0 ? -Infinity : tokensDueMs(route.sent, 1, perHour.hourly);
    case 'urgent':
      return tokensAt(route.sentUrgent, nowMs, perHour.urgent) > 0
        ? -Infinity
        : tokensDueMs(route.sentUrgent, 1, perHour.urgent);
    case 'operator':
      return -Infinity;
    default:
      return assertNever(budget);
  }
}

/** One more message about a watch. */
export function countOfWatch(route: Route, watch: string, nowMs: number, perHour: number): Route {
  const before = route.sentOfWatch.get(watch) ?? FULL_THROTTLE;
  return { ...route, sentOfWatch: new Map(route.sentOfWatch).set(watch, spendToken(before, nowMs, perHour)) };
}

/** Whether the recipient was notified of the incident. */
export function isNotified(thread: Thread | null): thread is Thread & { root: string } {
  return thread !== null && thread.root !== null;
}
