import type { Outbox, RouteName } from '../../engine/outbox-store';
import type { Clock } from '../../engine/ports';
import { LIMIT_WINDOW_MS, type AlertState } from '../outbox/alert-state';
import type { DecisionContext } from './decision-context';
import type { Dispatcher } from '../outbox/dispatcher';
import { takeEvents } from '../outbox/intake';
import type { MessageBuilder } from '../outbox/message-builder';
import type { Channel } from '../message';
import type { MuteOperations } from './mute-operations';
import type { OutboxOperations } from '../outbox/outbox-operations';
import type { AlertStatusPublisher } from './alert-status-publisher';
import type { Turns } from '../outbox/turns';

export interface AlertWorkOptions {
  context: DecisionContext;
  channels: readonly Channel[];
  state: AlertState;
  store: Outbox;
  turns: Turns;
  clock: Clock;
  mutes: MuteOperations;
  maker: MessageBuilder;
  desk: OutboxOperations;
  dispatcher: Dispatcher;
  board: AlertStatusPublisher;
  /** The last event before this engine: where a history without alerts begins to be reported. */
  lastEventId: number;
}

/** How often an event that waits for the disk is looked for. */
const UNWRITTEN_MS = 1000;

/** One turn of the alerts after the other: takes events, makes messages of what is due, and has them sent. */
export class AlertWork {
  private restored: Promise<void> | null = null;
  /** The newest event that was announced: until the history has it on disk, it is looked for again. */
  private announced = 0;
  /** The operator wants all that waits to be sent now. */
  private sendsHeld = false;
  private disposed = false;

  constructor(private readonly options: AlertWorkOptions) {}

  /** What an earlier engine left, read once; after a failure it is tried again. */
  restore(): Promise<void> {
    this.restored ??= this.options.turns
      .take(() => this.restoreNow())
      .catch((error: unknown) => {
        this.restored = null;
        throw error;
      });
    return this.restored;
  }

  /** There is an event of this number, on disk or soon. */
  onEvent(id: number): void {
    this.announced = Math.max(this.announced, id);
  }

  /** The next turn makes messages of all that waits: two that make messages at a time would report the same events twice. */
  sendHeld(): void {
    this.sendsHeld = true;
  }

  /** Everything there is to do now. Returns when there may be more (monotonic). Rejects when the store can't be used. */
  async turn(): Promise<number> {
    const { context, channels, state, store, turns, clock, mutes, dispatcher, board } = this.options;
    await this.restore();
    if (await turns.take(() => takeEvents(state, store, () => context.intake()))) return clock.monotonicMs();
    await mutes.forgetPast();
    await this.makeHeld();
    if (this.disposed) return Infinity;
    let wakeMs = this.announced > (state.cursor ?? 0) ? clock.monotonicMs() + UNWRITTEN_MS : Infinity;
    for (const channel of channels) {
      wakeMs = Math.min(wakeMs, await this.makeDue(channel));
      if (this.disposed) return Infinity;
    }
    wakeMs = Math.min(wakeMs, await dispatcher.pump());
    board.changed();
    return wakeMs;
  }

  dispose(): void {
    this.disposed = true;
  }

  private async restoreNow(): Promise<void> {
    const { context, state, store, clock, lastEventId } = this.options;
    const limits = context.limits();
    const contents = await store.load(clock.wallMs() - LIMIT_WINDOW_MS);
    if (contents.cursor === null) {
      await store.admit({ cursor: lastEventId, items: [], threads: [], endedMutes: [] });
    }
    state.restore(contents.cursor === null ? { ...contents, cursor: lastEventId } : contents, limits);
  }

  private async makeHeld(): Promise<void> {
    if (!this.sendsHeld) return;
    const { context, maker } = this.options;
    for (const { channel, name } of context.recipients()) await maker.makeHeld(name, () => context.plan(channel));
    this.sendsHeld = false;
  }

  /** The messages of a channel that are due. Returns when to look again (monotonic). */
  private async makeDue(channel: Channel): Promise<number> {
    const { context, maker, desk } = this.options;
    const recipients = channel.recipients();
    if (recipients.length > 0) await desk.closeRoutes(channel.name, recipients);
    let wakeMs = Infinity;
    for (const recipient of recipients) {
      const name: RouteName = { channel: channel.name, recipient };
      const plan = () => context.plan(channel);
      await desk.settleFolded(name, plan);
      wakeMs = Math.min(wakeMs, await maker.makeDue(name, plan));
      // What was led to by what has just been reported.
      await desk.settleFolded(name, plan);
      if (this.disposed) return Infinity;
    }
    return wakeMs;
  }
}
