import type { Mute } from '../../../shared/model/alert';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';
import type { AlertThread, NewItem, Outbox, RouteName } from '../../engine/outbox-store';
import type { AlertState } from './alert-state';
import { isAcknowledged, mutesEndedBy } from '../plan/suppressions';
import type { Channel } from '../message';
import { endingOf, isReported } from '../plan/rules';
import { itemOf, routeKey, type Item, type Thread } from '../plan/route';

/** Events taken in one go: a few ms. */
const EVENTS_AT_ONCE = 100;

export interface IntakeContext {
  channels: readonly Channel[];
  settings: (watch: string | null) => Settings;
  watchId: (name: string) => string | null;
  /** Incidents that are open now. */
  openIncidents: readonly number[];
  /** Whether somebody worked on it at that moment (wall time). */
  inMaintenance: (watch: string | null, at: number) => boolean;
}

/**
 * Turns the next events of the history into items, and keeps them together with how far it has come: whatever ends the engine,
 * each event is taken once. Resolves to whether there may be more. Rejects with the error of the store, and then nothing has changed.
 */
export async function takeEvents(state: AlertState, store: Outbox, context: () => IntakeContext): Promise<boolean> {
  const events = await store.eventsAfter(state.cursor ?? 0, EVENTS_AT_ONCE);
  const last = events.at(-1);
  if (last === undefined) return false;
  const batch = new Batch(state, context());
  for (const event of events) batch.take(event);
  await store.admit({ cursor: last.id, ...batch.admission() });
  batch.apply();
  state.cursor = last.id;
  return events.length === EVENTS_AT_ONCE;
}

interface Change {
  name: RouteName;
  waiting: Item[];
  unreported: number[];
  threads: Map<number, Thread>;
}

/** What is over is forgotten some day; a late word about it would begin a thread of its own. */
const THREADS_KEPT = 1000;

function rememberedOf(threads: readonly (readonly [number, Thread])[]): ReadonlyMap<number, Thread> {
  const all = new Map(threads);
  for (const [incident, thread] of all) {
    if (all.size <= THREADS_KEPT) break;
    if (thread.ended) all.delete(incident);
  }
  return all;
}

/** What comes of some events, before it is kept. */
class Batch {
  private readonly items: NewItem[] = [];
  private readonly changes = new Map<string, Change>();
  private mutes: readonly Mute[];

  constructor(
    private readonly state: AlertState,
    private readonly context: IntakeContext,
  ) {
    this.mutes = state.mutes;
  }

  take(event: HealdeckEvent): void {
    for (const channel of this.context.channels) {
      for (const recipient of channel.recipients()) {
        if (event.type === 'incident_attributed') this.attribute({ channel: channel.name, recipient }, event);
        else this.takeFor(channel, recipient, event);
      }
    }
    this.endMutes(event);
  }

  admission(): { items: readonly NewItem[]; threads: readonly AlertThread[]; endedMutes: readonly number[] } {
    const threads = [...this.changes.values()].flatMap(({ name, threads }) =>
      [...threads.values()].map((thread) => this.state.stored(name, thread)),
    );
    const endedMutes = this.state.mutes.filter((mute) => !this.mutes.includes(mute)).map((mute) => mute.id);
    return { items: this.items, threads, endedMutes };
  }

  apply(): void {
    this.state.mutes = this.mutes;
    for (const { name, waiting, unreported, threads } of this.changes.values()) {
      this.state.update(name, (route) => ({
        ...route,
        waiting: [...route.waiting, ...waiting],
        unreported: [...route.unreported, ...unreported],
        threads: rememberedOf([...route.threads, ...threads]),
      }));
    }
  }

  private takeFor(channel: Channel, recipient: string, event: HealdeckEvent): void {
    const name = { channel: channel.name, recipient };
    const change = this.changeOf(name);
    const begun = event.incident !== null && this.isBegun(change, event.incident);
    const route = { begun, takes: channel.takes.bind(channel) };
    if (!isReported(event, this.context.settings(event.watch), route)) return;
    this.changes.set(routeKey(name), change);
    const item = itemOf(event, this.state.monotonicOf(Date.parse(event.at)));
    const suppressed = this.suppressedBecause(event, begun);
    this.items.push({ route: name, event: event.id, suppressed });
    if (suppressed === null) change.waiting.push(item);
    if (suppressed === 'maintenance') change.unreported.push(event.id);
    if (item.incident !== null) this.continueThread(change, item, item.incident);
  }

  /** What is known of the incident where it is to be reported. */
  private attribute(
    name: RouteName,
    { incident, data }: Extract<HealdeckEvent, { type: 'incident_attributed' }>,
  ): void {
    const change = this.changeOf(name);
    const thread = incident === null ? undefined : this.threadIn(change, incident);
    if (thread === undefined) return;
    change.threads.set(thread.incident, { ...thread, cause: data.cause.incident });
    this.changes.set(routeKey(name), change);
  }

  private changeOf(name: RouteName): Change {
    return this.changes.get(routeKey(name)) ?? { name, waiting: [], unreported: [], threads: new Map() };
  }

  private threadIn(change: Change, incident: number): Thread | undefined {
    return change.threads.get(incident) ?? this.state.route(change.name).threads.get(incident);
  }

  /** The end of an incident is reported to those who know of it, even in maintenance: it waits until that is over. */
  private suppressedBecause(event: HealdeckEvent, begun: boolean): NewItem['suppressed'] {
    const ends = begun && endingOf(event) !== null;
    if (ends) return null;
    if (this.context.inMaintenance(event.watch, Date.parse(event.at))) return 'maintenance';
    if (event.incident !== null && isAcknowledged(event.incident, this.mutes)) return 'acknowledged';
    return null;
  }

  /** Whether the recipient knows, or is about to learn, that the incident began. */
  private isBegun(change: Change, incident: number): boolean {
    const route = this.state.route(change.name);
    const thread = this.threadIn(change, incident);
    if (thread === undefined) return false;
    const isOf = (item: Item): boolean => item.incident === incident;
    return thread.root !== null || change.waiting.some(isOf) || route.waiting.some(isOf);
  }

  private continueThread(change: Change, item: Item, incident: number): void {
    const known = this.state.route(change.name).threads;
    const before = this.threadIn(change, incident);
    if (before === undefined && item.watch !== null) {
      // A watch has one incident at a time: an older one of it that nobody ended is over.
      for (const thread of [...known.values(), ...change.threads.values()]) {
        if (thread.watch === item.watch && !thread.ended)
          change.threads.set(thread.incident, { ...thread, ended: true, overMs: thread.overMs ?? item.atMs });
      }
    }
    const thread = before ?? {
      incident,
      watch: item.watch,
      root: null,
      lastMs: item.atMs,
      ended: false,
      overMs: null,
      cause: null,
      criticalReported: false,
    };
    const ended = item.ending === 'resolved';
    // What is critical after that is news again.
    const overMs = item.ending === null ? null : item.atMs;
    change.threads.set(incident, { ...thread, ended, overMs, criticalReported: thread.criticalReported && !ended });
  }

  private endMutes(event: HealdeckEvent): void {
    const ending = endingOf(event);
    if (ending === null || event.incident === null || this.mutes.length === 0) return;
    const { incident, watch } = event;
    const ended = mutesEndedBy(
      {
        incident,
        resolved: ending === 'resolved',
        watchId: watch === null ? null : this.context.watchId(watch),
        allWell: this.context.openIncidents.every((open) => open === incident),
      },
      this.mutes,
    );
    this.mutes = this.mutes.filter((mute) => !ended.includes(mute));
  }
}
