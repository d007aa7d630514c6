import type { EventDraft, HealdeckEvent } from '../../../shared/model/event';
import type { EngineChange } from '../engine';
import type { HiddenValues } from './hidden-values';
import type { Dispose, EnginePorts } from '../ports';

/** How many events a new client is shown. */
const RECENT_EVENTS = 200;

/** Publishes changes to all listeners, in one order. */
export class ChangeBus {
  private readonly listeners = new Set<(change: EngineChange) => void>();
  private reported = 0;
  private newest: readonly HealdeckEvent[];
  private disposed = false;

  /** `earlier` are the newest events of earlier engines, oldest first. */
  constructor(
    private readonly ports: Pick<EnginePorts, 'events' | 'report'> & { hidden: Pick<HiddenValues, 'event'> },
    earlier: readonly HealdeckEvent[],
  ) {
    this.newest = earlier;
  }

  /** How many changes were reported. */
  get seq(): number {
    return this.reported;
  }

  /** The newest events, oldest first. */
  get recent(): readonly HealdeckEvent[] {
    return this.newest;
  }

  subscribe(listener: (change: EngineChange) => void): Dispose {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Numbers and keeps an event, also when nobody is notified any more; returns its id. */
  record(draft: EventDraft): number {
    const event = this.ports.events.append(this.ports.hidden.event(draft));
    this.newest = [...this.newest, event].slice(-RECENT_EVENTS);
    this.publish({ events: [event] });
    return event.id;
  }

  publish(change: EngineChange): void {
    if (this.disposed) return;
    this.reported += 1;
    for (const listener of this.listeners) {
      try {
        listener(change);
      } catch (error) {
        this.ports.report('telling a client', error);
      }
    }
  }

  /** From now on nobody is notified of anything. */
  dispose(): void {
    this.disposed = true;
    this.listeners.clear();
  }
}
