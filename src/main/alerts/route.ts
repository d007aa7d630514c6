import type { HealdeckEvent, Severity } from '../../shared/model/event';
import { FULL_THROTTLE, spendToken, tokensAt, type AlertThrottle } from '../engine/policy/alert-throttle';
import type { RouteName, StoredMessage } from '../engine/outbox-store';
import { endingOf, happenedWhileDown, type StoryEnding } from './rules';

/** An event that a route is to tell: as much of it as deciding needs. Monotonic ms. */
export interface Item {
  event: number;
  /** When it happened. */
  atMs: number;
  severity: Severity;
  /** Name of the watch, as the event has it. */
  watch: string | null;
  incident: number | null;
  ending: StoryEnding;
  whileDown: boolean;
}

/** What a route has told of an incident. Monotonic ms. */
export interface Thread {
  incident: number;
  watch: string | null;
  /** Message-ID of its first message. */
  root: string | null;
  /** When the last message about it was made, or it began. */
  lastMs: number;
  /** It is resolved; what was given up goes on to be broken. */
  ended: boolean;
}

/** A message on its way. */
export interface Queued {
  message: StoredMessage;
  /** Not tried before; monotonic. */
  dueMs: number;
  sending: boolean;
}

/** All that is known of a way to one recipient: what waits, what was told, what is on its way, what was sent. */
export interface Route {
  readonly name: RouteName;
  /** In the order of their events. */
  waiting: readonly Item[];
  /** Events that were not told because of maintenance, and that no message has counted yet. */
  untold: readonly number[];
  threads: ReadonlyMap<number, Thread>;
  /** When the last message was made about what belongs to no incident, by watch. */
  lastMs: ReadonlyMap<string | null, number>;
  queue: readonly Queued[];
  sent: AlertThrottle;
  sentOfWatch: ReadonlyMap<string, AlertThrottle>;
}

export function newRoute(name: RouteName): Route {
  return {
    name,
    waiting: [],
    untold: [],
    threads: new Map(),
    lastMs: new Map(),
    queue: [],
    sent: FULL_THROTTLE,
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
  };
}

/** Tokens of the recipient that no message on its way has a claim to. */
export function freeTokens(route: Route, nowMs: number, perHour: number): number {
  return tokensAt(route.sent, nowMs, perHour) - route.queue.length;
}

/** One more message about a watch. */
export function countOfWatch(route: Route, watch: string, nowMs: number, perHour: number): Route {
  const before = route.sentOfWatch.get(watch) ?? FULL_THROTTLE;
  return { ...route, sentOfWatch: new Map(route.sentOfWatch).set(watch, spendToken(before, nowMs, perHour)) };
}
