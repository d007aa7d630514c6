import type { EarlyReason } from '../../../shared/model/crash-group';
import type { EventType, HealdeckEvent } from '../../../shared/model/event';
import type { WatchStatus } from '../../../shared/model/snapshot';

/** Types of events that the history of cooldowns is made of. */
export const TRIP_TYPES = [
  'cooldown_started',
  'cooldown_ended',
  'cooldown_reset',
  'cooldown_extended',
] as const satisfies readonly EventType[];

/** One cooldown that was, or is. */
export interface Trip {
  /** Number of the event that began it. */
  id: number;
  watch: string;
  startedAt: number;
  restarts: number;
  windowSeconds: number;
  commonExit: string | null;
  /** Why it began before the budget was spent; empty: it was spent. */
  early: EarlyReason;
  incident: number | null;
  /** `over`: it ended by itself; `reset`: by the operator; `open`: nothing reports its end. */
  end: 'over' | 'reset' | 'open';
  /** Null while nothing reports its end. */
  endedAt: number | null;
  extensions: number;
}

/** The cooldowns that events report, newest first. Events are oldest first, in any mixture of types and watches. */
export function tripsOf(events: readonly HealdeckEvent[]): Trip[] {
  const trips: Trip[] = [];
  const open = new Map<string, Trip>();
  for (const event of events) {
    const watch = event.watch ?? '';
    const current = open.get(watch);
    if (event.type === 'cooldown_started') {
      const { restarts, windowSeconds, commonExit, sameCrash, obstacle } = event.data;
      const trip: Trip = {
        ...{ id: event.id, watch, startedAt: Date.parse(event.at), restarts, windowSeconds, commonExit },
        early: { sameCrash, obstacle },
        ...{ incident: event.incident, end: 'open', endedAt: null, extensions: 0 },
      };
      trips.push(trip);
      open.set(watch, trip);
    } else if (current !== undefined && event.type === 'cooldown_extended') {
      current.extensions += 1;
    } else if (current !== undefined && (event.type === 'cooldown_ended' || event.type === 'cooldown_reset')) {
      current.end = event.type === 'cooldown_ended' ? 'over' : 'reset';
      current.endedAt = Date.parse(event.at);
      open.delete(watch);
    }
  }
  return trips.reverse();
}

/** Watches in cooldown first, then those whose budget is used most. */
export function byUse(watches: Iterable<WatchStatus>): WatchStatus[] {
  const use = ({ budget }: WatchStatus): number =>
    (budget.cooldown === null ? 0 : 10) + Math.max(0, ...budget.windows.map((window) => window.used / window.restarts));
  return [...watches].sort((one, other) => use(other) - use(one) || one.watch.name.localeCompare(other.watch.name));
}
