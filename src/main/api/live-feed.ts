import type { AlertsStatus } from '../../shared/model/alert';
import type { HealdeckEvent } from '../../shared/model/event';
import type { EngineInfo, LiveMessage, MachineSample, WatchStatus } from '../../shared/model/snapshot';
import type { Engine, EngineChange } from '../engine/engine';
import type { Clock } from '../engine/ports';
import type { AlertsControl } from './alerts-control';
import { throttled } from './throttled';

/** At most four messages a second for each client. */
export const FEED_INTERVAL_MS = 250;

/** Events that wait for one slow client; with more, it gets a whole new snapshot instead. */
export const MAX_PENDING_EVENTS = 2000;

/** The changes since the last message, merged: the newest of everything, and every event once. */
class PendingDelta {
  private engine: EngineInfo | undefined;
  private machine: MachineSample | undefined;
  private alerts: AlertsStatus | undefined;
  private readonly watches = new Map<string, WatchStatus>();
  private readonly removed = new Set<string>();
  private events: HealdeckEvent[] = [];
  /** More events than are kept: what is here is not all of them. */
  overflowed = false;

  setAlerts(status: AlertsStatus): void {
    this.alerts = status;
  }

  /** `afterEventId`: events up to that one were sent already. */
  merge(change: EngineChange, afterEventId: number): void {
    if (change.engine) this.engine = change.engine;
    if (change.machine) this.machine = change.machine;
    for (const status of change.watches ?? []) {
      this.watches.set(status.watch.id, status);
      this.removed.delete(status.watch.id);
    }
    for (const id of change.removedWatchIds ?? []) {
      this.watches.delete(id);
      this.removed.add(id);
    }
    for (const event of change.events ?? []) {
      if (event.id > Math.max(afterEventId, this.events.at(-1)?.id ?? 0)) this.events.push(event);
    }
    if (this.events.length > MAX_PENDING_EVENTS) {
      this.overflowed = true;
      this.events = [];
    }
  }

  get empty(): boolean {
    return (
      this.engine === undefined &&
      this.machine === undefined &&
      this.alerts === undefined &&
      this.watches.size + this.removed.size + this.events.length === 0
    );
  }

  get lastEventId(): number {
    return this.events.at(-1)?.id ?? 0;
  }

  toMessage(seq: number): LiveMessage {
    return {
      kind: 'delta',
      seq,
      ...(this.engine && { engine: this.engine }),
      ...(this.machine && { machine: this.machine }),
      ...(this.alerts && { alerts: this.alerts }),
      watches: [...this.watches.values()],
      removedWatchIds: [...this.removed],
      events: this.events,
    };
  }
}

/**
 * The live state for one client: a snapshot, then merged deltas, numbered from 0 without gaps. A client too slow for its events gets
 * another snapshot in the same numbering. Ends when `signal` is aborted or the client stops asking.
 */
export function liveFeed(
  { engine, alerts, clock }: { engine: Engine; alerts: Pick<AlertsControl, 'status' | 'subscribe'>; clock: Clock },
  signal?: AbortSignal,
): AsyncGenerator<LiveMessage, void> {
  let seq = -1;
  let pending = new PendingDelta();
  let sentEventId = 0;

  function wholeState(): LiveMessage {
    pending = new PendingDelta();
    const snapshot = engine.snapshot();
    sentEventId = snapshot.events.at(-1)?.id ?? sentEventId;
    return { kind: 'snapshot', ...snapshot, alerts: alerts.status(), seq: ++seq };
  }

  return throttled<LiveMessage>({
    clock,
    intervalMs: FEED_INTERVAL_MS,
    signal,
    collect: (changed) => {
      const notifyIfPending = (): void => {
        if (!pending.empty || pending.overflowed) changed();
      };
      const undo = [
        engine.subscribe((change) => {
          pending.merge(change, sentEventId);
          notifyIfPending();
        }),
        alerts.subscribe((status) => {
          pending.setAlerts(status);
          notifyIfPending();
        }),
      ];
      return () => undo.forEach((dispose) => dispose());
    },
    first: wholeState,
    take: () => {
      if (pending.overflowed) return wholeState();
      if (pending.empty) return null;
      const message = pending.toMessage(++seq);
      sentEventId = Math.max(sentEventId, pending.lastEventId);
      pending = new PendingDelta();
      return message;
    },
  });
}
