import type { OutboxEntry, OutboxState } from '../../../shared/model/alert';
import type { AlertChannel } from '../../../shared/model/delivery';
import type { MessageProgress, Outbox, RouteName, StoredMessage, SuppressedBecause } from '../../engine/outbox-store';
import type { Clock } from '../../engine/ports';
import { Refusal } from '../../engine/refusal';
import type { AlertState } from './alert-state';
import { alertGroupsOf } from '../plan/alert-groups';
import { abandonedCauses } from '../plan/folding';
import type { PlanContext } from '../plan/plan';
import { routeKey, type Item, type Queued, type Route, type Thread } from '../plan/route';
import type { Turns } from './turns';

export interface OutboxDeskOptions {
  state: AlertState;
  store: Outbox;
  turns: Turns;
  clock: Clock;
  changed: () => void;
}

/** What the operator does with messages and with what waits. Each rejects with the error of the store; then nothing has changed. */
export class OutboxOperations {
  constructor(private readonly options: OutboxDeskOptions) {}

  /** The newest first. */
  async list({ state, limit }: { state?: OutboxState | undefined; limit: number }): Promise<readonly OutboxEntry[]> {
    const states = state === undefined ? ALL_STATES : state === 'queued' ? UNFINISHED : [state];
    return (await this.options.store.list({ states, limit })).map(entryOf);
  }

  /** Tries a message at once that waits or was given up, or (null) all of them. */
  retry(id: number | null): Promise<{ tried: number }> {
    return this.options.turns.take(() => this.retryNow(id));
  }

  private async retryNow(id: number | null): Promise<{ tried: number }> {
    const { state, store, clock, changed } = this.options;
    const failed =
      id === null ? await store.list({ states: ['failed'], limit: MAX_CONCURRENT }) : await this.failedOf(id);
    for (const message of failed) {
      const again: StoredMessage = { ...message, ...UNTRIED };
      await store.save(message.id, UNTRIED);
      state.failed -= 1;
      // Numbers rise with time: the order of a route is kept.
      state.update(message.route, (route) => ({
        ...route,
        queue: [...route.queue, { message: again, dueMs: clock.monotonicMs(), sending: false }].sort(byNumber),
      }));
    }
    const waiting = this.makeDue((queued) => id === null || queued.message.id === id);
    changed();
    return { tried: id === null ? waiting : 1 };
  }

  /** Gives up a message that waits or failed, or (null) all that failed. */
  drop(id: number | null): Promise<{ dropped: number }> {
    return this.options.turns.take(() => this.dropNow(id));
  }

  private async dropNow(id: number | null): Promise<{ dropped: number }> {
    const { state, store, changed } = this.options;
    const asked =
      id === null ? await store.list({ states: ['failed'], limit: MAX_CONCURRENT }) : [await this.unsentOf(id)];
    for (const message of asked) {
      await store.save(message.id, { ...message, state: 'dropped', nextAttemptAt: null });
      if (message.state === 'failed') state.failed -= 1;
      this.remove(message);
    }
    changed();
    return { dropped: asked.length };
  }

  tryAllNow(): void {
    this.makeDue(() => true);
    this.options.changed();
  }

  /** The incident is acknowledged: what waits of it is not reported, except how it ended. */
  acknowledge(incident: number): Promise<void> {
    return this.options.turns.take(() => this.suppressAcknowledged(incident));
  }

  private suppressAcknowledged(incident: number): Promise<void> {
    return this.suppress('acknowledged', (_, item) => item.incident === incident && item.ending === null);
  }

  /** Recipients that are not those of a channel any more get nothing any more. */
  closeRoutes(channel: AlertChannel, recipients: readonly string[]): Promise<void> {
    return this.options.turns.take(() => this.closeRoutesNow(channel, recipients));
  }

  private async closeRoutesNow(channel: AlertChannel, recipients: readonly string[]): Promise<void> {
    const { state, store } = this.options;
    const isGone = ({ name }: Route): boolean => name.channel === channel && !recipients.includes(name.recipient);
    await this.suppress('recipient_removed', isGone);
    for (const route of [...state.routes.values()].filter(isGone)) {
      for (const { message, sending } of route.queue) {
        if (sending) continue;
        await store.save(message.id, { ...message, state: 'dropped', nextAttemptAt: null });
        this.remove(message);
      }
    }
  }

  /** What is left to the messages about its cause: nothing of it waits once that was reported and it is well again. */
  settleFolded(name: RouteName, context: () => PlanContext): Promise<void> {
    return this.options.turns.take(() => this.settleFoldedNow(name, context()));
  }

  private settleFoldedNow(name: RouteName, context: PlanContext): Promise<void> {
    const { state, clock } = this.options;
    const key = routeKey(name);
    if (!state.routes.has(key)) return Promise.resolve();
    const overMs = clock.monotonicMs();
    const over = abandonedCauses(state.route(name), context).map((thread): [number, Thread] => [
      thread.incident,
      { ...thread, overMs },
    ]);
    const route =
      over.length === 0
        ? state.route(name)
        : state.update(name, (now) => ({ ...now, threads: new Map([...now.threads, ...over]) }));
    const settled = alertGroupsOf(route, context).filter(({ isSettled }) => isSettled);
    if (settled.length === 0) return Promise.resolve();
    const items = new Set(settled.flatMap((group) => group.items));
    return this.suppress('folded', (one, item) => routeKey(one.name) === key && items.has(item));
  }

  private async suppress(
    reason: Exclude<SuppressedBecause, 'maintenance'>,
    isMeant: (route: Route, item: Item) => boolean,
  ): Promise<void> {
    const { state, store } = this.options;
    for (const route of [...state.routes.values()]) {
      const meant = route.waiting.filter((item) => isMeant(route, item));
      if (meant.length === 0) continue;
      await store.suppress(
        route.name,
        meant.map((item) => item.event),
        reason,
      );
      state.update(route.name, (now) => ({ ...now, waiting: now.waiting.filter((item) => !meant.includes(item)) }));
    }
  }

  private makeDue(isMeant: (queued: Queued) => boolean): number {
    const { state, clock } = this.options;
    let count = 0;
    for (const { name } of [...state.routes.values()]) {
      state.update(name, (route) => ({
        ...route,
        queue: route.queue.map((queued) => {
          if (!isMeant(queued)) return queued;
          count += 1;
          return queued.sending ? queued : { ...queued, dueMs: clock.monotonicMs() };
        }),
      }));
    }
    return count;
  }

  private remove({ id, route }: StoredMessage): void {
    this.options.state.update(route, (now) => ({
      ...now,
      queue: now.queue.filter((queued) => queued.message.id !== id),
    }));
  }

  private async failedOf(id: number): Promise<readonly StoredMessage[]> {
    const message = await this.unsentOf(id);
    return message.state === 'failed' ? [message] : [];
  }

  private async unsentOf(id: number): Promise<StoredMessage> {
    const message = await this.options.store.message(id);
    if (message === null) throw new Refusal('not_found', `No message has the number ${id}`);
    if (message.state === 'sending') throw new Refusal('conflict', `Message ${id} is being sent`);
    if (message.state !== 'queued' && message.state !== 'failed') {
      throw new Refusal('conflict', `Expected a message that waits or failed; ${id} was ${message.state} already`);
    }
    return message;
  }
}

const UNFINISHED = ['queued', 'sending'] as const;
const ALL_STATES = ['queued', 'sending', 'sent', 'failed', 'dropped'] as const;
/** Of those that failed, in one request. */
const MAX_CONCURRENT = 1000;

const UNTRIED: MessageProgress = {
  state: 'queued',
  attempts: 0,
  nextAttemptAt: null,
  sentAt: null,
  reply: null,
  problem: null,
};

function byNumber(one: Queued, other: Queued): number {
  return one.message.id - other.message.id;
}

function entryOf({ route, messageId: _, inReplyTo: __, state, ...message }: StoredMessage): OutboxEntry {
  return { ...message, ...route, state: state === 'sending' ? 'queued' : state };
}
