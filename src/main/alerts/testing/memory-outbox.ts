import { outboxOver } from '../../adapters/record/record';
import type { Mute } from '../../../shared/model/alert';
import type { HealdeckEvent } from '../../../shared/model/event';
import type {
  Admission,
  AlertThread,
  MessageProgress,
  NewItem,
  NewMessage,
  Outbox,
  OutboxContents,
  OutboxStore,
  RouteName,
  StoredMessage,
  SuppressedBecause,
} from '../../engine/outbox-store';

type Item = NewItem & { message: number | null };

/** The outbox in memory, over a list of events that somebody else writes; `full` makes every call fail, as a full disk does. */
export class MemoryOutbox implements OutboxStore {
  full = false;
  readonly items: Item[] = [];
  readonly messages: (StoredMessage & { body: string | null })[] = [];
  private cursor: number | null = null;
  private readonly threads = new Map<string, AlertThread>();
  private mutes: Mute[] = [];
  private muteIds = 0;

  constructor(private readonly events: () => readonly HealdeckEvent[]) {}

  load(sinceAt: number): OutboxContents {
    this.use();
    const byId = new Map(this.events().map((event) => [event.id, event]));
    const sent = this.messages.filter(({ sentAt }) => sentAt !== null);
    return structuredClone({
      cursor: this.cursor,
      items: this.items
        .filter(({ message }) => message === null)
        .flatMap(({ route, event: id, suppressed }) => {
          const event = byId.get(id);
          return event === undefined ? [] : [{ route, event, suppressed }];
        })
        .sort((one, other) => one.event.id - other.event.id),
      threads: [...this.threads.values()].filter(({ endedAt }) => endedAt === null || endedAt > sinceAt),
      mutes: this.mutes,
      unfinished: this.messages.filter(({ state }) => state === 'queued' || state === 'sending'),
      sent: sent
        .filter(({ sentAt }) => (sentAt ?? 0) > sinceAt)
        .map(({ route, watch, budget, sentAt }) => ({ ...route, watch, budget, at: sentAt ?? 0 })),
      lastSent: sent.map(({ route, sentAt }) => ({ channel: route.channel, at: sentAt ?? 0 })),
      failed: this.messages.filter(({ state }) => state === 'failed').length,
    });
  }
  eventsAfter(id: number, limit: number): readonly HealdeckEvent[] {
    this.use();
    return this.events()
      .filter((event) => event.id > id)
      .slice(0, limit);
  }
  eventsOf(ids: readonly number[]): readonly HealdeckEvent[] {
    this.use();
    const wanted = new Set(ids);
    return this.events().filter((event) => wanted.has(event.id));
  }
  countsOf(ids: readonly number[]) {
    const counts = new Map<string, { watch: string | null; type: HealdeckEvent['type']; count: number }>();
    for (const { watch, type } of this.eventsOf(ids)) {
      const key = `${watch} ${type}`;
      counts.set(key, { watch, type, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    return [...counts.values()];
  }
  admit({ cursor, items, threads, endedMutes }: Admission): void {
    this.use();
    this.cursor = cursor;
    for (const item of items) {
      if (this.itemsOf(item.route, [item.event]).length === 0) this.items.push({ ...item, message: null });
    }
    this.keep(threads);
    this.mutes = this.mutes.filter((mute) => !endedMutes.includes(mute.id));
  }
  suppress(route: RouteName, events: readonly number[], reason: SuppressedBecause): void {
    this.use();
    for (const item of this.itemsOf(route, events)) item.suppressed = reason;
  }
  add(message: NewMessage, covers: { events: readonly number[]; threads: readonly AlertThread[] }): number {
    this.use();
    const id = (this.messages.at(-1)?.id ?? 0) + 1;
    this.messages.push({ ...message, ...UNTRIED, id });
    for (const item of this.itemsOf(message.route, covers.events)) {
      item.message = id;
      if (item.suppressed === 'acknowledged') item.suppressed = null;
    }
    this.keep(covers.threads);
    return id;
  }
  save(id: number, progress: MessageProgress): void {
    this.use();
    const message = this.messages.find((message) => message.id === id);
    if (message === undefined) return;
    const { state, attempts, nextAttemptAt, sentAt, reply, problem } = progress;
    Object.assign(message, { state, attempts, nextAttemptAt, sentAt, reply, problem });
    if (state === 'sent' || state === 'dropped') message.body = null;
  }
  body(id: number): string | null {
    this.use();
    return this.messages.find((message) => message.id === id)?.body ?? null;
  }
  message(id: number): StoredMessage | null {
    this.use();
    return structuredClone(this.messages.find((message) => message.id === id) ?? null);
  }
  list({ states, limit }: { states: readonly MessageProgress['state'][]; limit: number }): readonly StoredMessage[] {
    this.use();
    const found = this.messages.filter(({ state }) => states.includes(state));
    return structuredClone(found.reverse().slice(0, limit));
  }
  addMute(mute: Omit<Mute, 'id'>): number {
    this.use();
    this.muteIds += 1;
    this.mutes.push({ ...mute, id: this.muteIds });
    return this.muteIds;
  }
  removeMutes(ids: readonly number[]): void {
    this.use();
    this.mutes = this.mutes.filter((mute) => !ids.includes(mute.id));
  }

  private use(): void {
    if (this.full) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  }
  private itemsOf(route: RouteName, events: readonly number[]): Item[] {
    const wanted = new Set(events);
    return this.items.filter((item) => isSame(item.route, route) && wanted.has(item.event));
  }
  private keep(threads: readonly AlertThread[]): void {
    for (const thread of threads) {
      this.threads.set(`${thread.route.channel} ${thread.route.recipient} ${thread.incident}`, thread);
    }
  }
}

/** An outbox as the alerts have it, where each answer comes in a later turn. */
export function distant(store: OutboxStore): Outbox {
  return outboxOver(async (method, args) => (store[method] as (...given: readonly unknown[]) => unknown)(...args));
}

const UNTRIED: MessageProgress = {
  state: 'queued',
  attempts: 0,
  nextAttemptAt: null,
  sentAt: null,
  reply: null,
  problem: null,
};

function isSame(one: RouteName, other: RouteName): boolean {
  return one.channel === other.channel && one.recipient === other.recipient;
}
