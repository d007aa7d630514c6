import type { HealdeckEvent } from '../../shared/model/event';
import type { LiveMessage } from '../../shared/model/snapshot';
import type { EngineConnection } from '../client';

/** Everything the scratch engine reports, kept by watch. */
export interface Follower {
  /** Events of a watch so far, oldest first. */
  events(watch: string): readonly HealdeckEvent[];
  /** When a watch was first seen above this CPU, in % of one core; wall time, or null. */
  firstAbove(watch: string, cpuPercent: number): number | null;
  /** Resolves at the next news, at the latest after `ms`; rejects when the stream has ended. */
  news(ms: number): Promise<void>;
}

/** Follows an engine's live stream until the connection is closed. */
export function follow(client: EngineConnection['client']): Follower {
  const events = new Map<string, HealdeckEvent[]>();
  const readings = new Map<string, { at: number; cpuPercent: number }[]>();
  const waiters = new Set<() => void>();
  let lastId = 0;
  let ended: Error | null = null;

  const take = (message: LiveMessage): void => {
    for (const event of message.events) {
      if (event.id <= lastId) continue;
      lastId = event.id;
      if (event.watch !== null) append(events, event.watch, event);
    }
    for (const { watch, processes } of message.watches) {
      const cpuPercent = processes.reduce((sum, process) => sum + process.cpuPercent, 0);
      append(readings, watch.name, { at: Date.now(), cpuPercent });
    }
    for (const wake of [...waiters]) wake();
  };

  const run = async (): Promise<void> => {
    for await (const message of await client.live()) take(message);
    throw new Error('the scratch engine has ended');
  };
  run().catch((error: unknown) => {
    ended = error instanceof Error ? error : new Error(String(error));
    for (const wake of [...waiters]) wake();
  });

  return {
    events: (watch) => [...(events.get(watch) ?? [])],
    firstAbove: (watch, limit) => readings.get(watch)?.find(({ cpuPercent }) => cpuPercent > limit)?.at ?? null,
    news: async (ms) => {
      if (ended === null) {
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            clearTimeout(timer);
            waiters.delete(wake);
            resolve();
          };
          const timer = setTimeout(wake, ms);
          waiters.add(wake);
        });
      }
      if (ended !== null) throw ended;
    },
  };
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
