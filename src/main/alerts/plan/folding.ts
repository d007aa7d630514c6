import type { Settings } from '../../../shared/model/settings';
import { isNotified, type Item, type Route, type Thread } from './route';

/** What is known of watches when something of one is folded. */
export interface FoldingSettings {
  settings: (watch: string | null) => Pick<Settings, 'heal.verifyMs'>;
  /** The names of those that a watch depends on, also through others. */
  dependenciesOf: (watch: string | null) => readonly string[];
  /** Whether the program of a watch is not ready any more. */
  isUnready: (watch: string) => boolean;
}

/** Whether what waits of an incident is left to the messages about its cause. Monotonic ms. */
export interface Fold {
  /** Kept back until then; in the past: it is not; infinite: until the cause is over. */
  untilMs: number;
  /** The cause was reported and this one is well again: nothing of it needs a message. */
  isSettled: boolean;
}

const UNFOLDED: Fold = { untilMs: -Infinity, isSettled: false };

/**
 * So long after its cause what it has led to may take until it is well again, beside the time in which a heal is confirmed: a restart with a
 * grace of 10 s, a start, and some attempts of a probe. What is open after that is a problem of its own.
 */
const SETTLE_MS = 30_000;

/** What is noticed so long after the end of a cause is still due to it. */
const SAME_CAUSE_MS = 10_000;

/**
 * Only the opening of an incident, or that a program is not ready, is folded, and only under a cause that the same recipient knows of or is about to:
 *
 * | the incident, of which nothing was reported | its cause                       | so it is                          |
 * |---------------------------------------------|---------------------------------|-----------------------------------|
 * | is critical, or was given up                | any                             | reported                          |
 * | any                                         | neither reported nor waiting    | reported                          |
 * | goes on                                     | goes on                         | kept back                         |
 * | goes on                                     | is over, or was given up        | kept back for a while, then reported |
 * | is over                                     | waits to be reported            | kept back                         |
 * | is over                                     | was reported                    | settled: not reported             |
 *
 * A program that is not ready goes on to be so until it is ready again, or does not run.
 */
export function foldOf(items: readonly Item[], thread: Thread | null, route: Route, context: FoldingSettings): Fold {
  if (items.every(({ unready, incident }) => unready && incident === null)) return foldOfUnready(items, route, context);
  if (thread === null || isNotified(thread) || thread.cause === null) return UNFOLDED;
  if (items.some(({ severity, ending }) => severity === 'critical' || ending === 'given_up')) return UNFOLDED;
  const cause = route.threads.get(thread.cause);
  if (cause === undefined) return UNFOLDED;
  if (!isBegun(cause, route)) return UNFOLDED;
  if (thread.ended) return { untilMs: Infinity, isSettled: isNotified(cause) };
  return { untilMs: settledMs(cause, thread.watch, context), isSettled: false };
}

/** That a program is not ready belongs to no incident: its cause is any of a watch that it depends on, at about that time. */
function foldOfUnready(items: readonly Item[], route: Route, context: FoldingSettings): Fold {
  const { watch = null, atMs = 0 } = items[0] ?? {};
  const causes = causesOfUnready(items, route, context).filter(
    (thread) => isBegun(thread, route) && (thread.overMs === null || thread.overMs >= atMs - SAME_CAUSE_MS),
  );
  if (watch === null || causes.length === 0) return UNFOLDED;
  if (!context.isUnready(watch)) return { untilMs: Infinity, isSettled: causes.some(isNotified) };
  return { untilMs: Math.max(...causes.map((cause) => settledMs(cause, watch, context))), isSettled: false };
}

function causesOfUnready([first]: readonly Item[], route: Route, context: FoldingSettings): readonly Thread[] {
  const names = context.dependenciesOf(first?.watch ?? null);
  return names.length === 0
    ? []
    : [...route.threads.values()].filter(({ watch }) => watch !== null && names.includes(watch));
}

/** Whether its recipient knows of an incident, or is about to. */
function isBegun(thread: Thread, route: Route): boolean {
  return isNotified(thread) || route.waiting.some(({ incident }) => incident === thread.incident);
}

/** Until when what an incident has led to is given time; infinite while that goes on. */
function settledMs({ overMs }: Thread, watch: string | null, { settings }: FoldingSettings): number {
  return overMs === null ? Infinity : overMs + SETTLE_MS + settings(watch)['heal.verifyMs'];
}

/** The causes of what is kept back until they are over, as far as nobody goes on with them. */
export function abandonedCauses(
  route: Route,
  context: FoldingSettings & { isOngoing: (incident: number, watch: string | null) => boolean },
): readonly Thread[] {
  const causes = new Set(
    route.waiting.flatMap((item) => {
      if (item.unready && item.incident === null)
        return causesOfUnready([item], route, context).map(({ incident }) => incident);
      return item.incident === null ? [] : (route.threads.get(item.incident)?.cause ?? []);
    }),
  );
  return [...route.threads.values()].filter(
    ({ incident, watch, overMs }) => causes.has(incident) && overMs === null && !context.isOngoing(incident, watch),
  );
}
