import type { Mute } from '../../../shared/model/alert';
import type { AlertChannel, DeliveryProblem } from '../../../shared/model/delivery';
import type { AlertThread, OutboxContents, RouteName, StoredMessage } from '../../engine/outbox-store';
import type { Clock } from '../../engine/ports';
import {
  countOfWatch,
  itemOf,
  newRoute,
  routeKey,
  spendBudget,
  type Queued,
  type Route,
  type Thread,
} from '../plan/route';

/** Messages of the last hour are what the limits count. */
export const LIMIT_WINDOW_MS = 3_600_000;
/** However a clock was set, nothing waits longer than this for its next try. */
const MAX_DELAY_MS = 1.2 * LIMIT_WINDOW_MS;

/** How many messages an hour are allowed. */
export interface HourlyLimits {
  of: (route: RouteName) => number;
  ofWatch: (watch: string) => number | null;
  ofUrgent: () => number;
}

/** All that the alerts know, as the outbox has it: what is kept there is changed there first. */
export class AlertState {
  readonly routes = new Map<string, Route>();
  readonly lastSentAt = new Map<AlertChannel, number>();
  /** What was wrong at the last try or check of a channel. */
  readonly problems = new Map<AlertChannel, DeliveryProblem>();
  mutes: readonly Mute[] = [];
  cursor: number | null = null;
  failed = 0;

  constructor(private readonly clock: Clock) {}

  /** Takes over what an earlier engine left. */
  restore(contents: OutboxContents, limits: HourlyLimits): void {
    this.cursor = contents.cursor;
    this.mutes = contents.mutes;
    this.failed = contents.failed;
    for (const { channel, at } of contents.lastSent) this.lastSentAt.set(channel, at);
    for (const { channel, recipient, at, watch, budget } of contents.sent) {
      this.update({ channel, recipient }, (route) => {
        const atMs = this.monotonicOf(at);
        const spent = spendBudget(route, budget, atMs, { hourly: limits.of(route.name), urgent: limits.ofUrgent() });
        if (budget !== 'hourly') return spent;
        const perWatch = watch === null ? null : limits.ofWatch(watch);
        return watch === null || perWatch === null ? spent : countOfWatch(spent, watch, atMs, perWatch);
      });
    }
    for (const { route, ...thread } of contents.threads) {
      this.update(route, (before) => ({
        ...before,
        threads: new Map(before.threads).set(thread.incident, this.threadOf(thread)),
      }));
    }
    for (const message of contents.unfinished) {
      this.update(message.route, (route) => ({ ...route, queue: [...route.queue, this.queuedOf(message)] }));
    }
    const found = new Map<string, { name: RouteName; items: OutboxContents['items'][number][] }>();
    for (const item of contents.items) {
      const key = routeKey(item.route);
      const entry = found.get(key);
      if (entry === undefined) found.set(key, { name: item.route, items: [item] });
      else entry.items.push(item);
    }
    for (const { name, items } of found.values()) {
      this.update(name, (route) => ({
        ...route,
        waiting: items
          .filter(({ suppressed }) => suppressed === null)
          .map(({ event }) => itemOf(event, this.monotonicOf(Date.parse(event.at)))),
        unreported: items.filter(({ suppressed }) => suppressed === 'maintenance').map(({ event }) => event.id),
      }));
    }
  }

  route(name: RouteName): Route {
    return this.routes.get(routeKey(name)) ?? newRoute(name);
  }

  update(name: RouteName, change: (route: Route) => Route): Route {
    const route = change(this.route(name));
    this.routes.set(routeKey(name), route);
    return route;
  }

  /** When something happened by the monotonic clock; never in the future, whatever the wall clock shows. */
  monotonicOf(at: number): number {
    return this.clock.monotonicMs() - Math.max(0, this.clock.wallMs() - at);
  }

  wallOf(atMs: number): number {
    return this.clock.wallMs() + Math.round(atMs - this.clock.monotonicMs());
  }

  /** A thread as it is kept. */
  stored(
    name: RouteName,
    { incident, watch, root, lastMs, ended, overMs, cause, criticalReported }: Thread,
  ): AlertThread {
    return {
      route: name,
      incident,
      watch,
      root,
      lastAt: this.wallOf(lastMs),
      endedAt: ended ? this.wallOf(lastMs) : null,
      overAt: overMs === null ? null : this.wallOf(overMs),
      cause,
      criticalReported,
    };
  }

  private threadOf({ lastAt, endedAt, overAt, ...thread }: Omit<AlertThread, 'route'>): Thread {
    const overMs = overAt === null ? null : this.monotonicOf(overAt);
    return { ...thread, lastMs: this.monotonicOf(lastAt), ended: endedAt !== null, overMs };
  }

  /** A try that was begun and whose end nobody saw is made again, at once: the other side knows a mail by its Message-ID. */
  private queuedOf(message: StoredMessage): Queued {
    const waitMs =
      message.state === 'sending' || message.nextAttemptAt === null ? 0 : message.nextAttemptAt - this.clock.wallMs();
    const dueMs = this.clock.monotonicMs() + Math.min(Math.max(0, waitMs), MAX_DELAY_MS);
    return { message: { ...message, state: 'queued' }, dueMs, sending: false };
  }
}
