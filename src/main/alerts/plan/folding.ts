import type { Settings } from '../../../shared/model/settings';
import { isNotified, type Item, type Route, type Thread } from './route';

/** What is known of a watch when the opening of one of its incidents is folded. */
export interface FoldingSettings {
  settings: (watch: string | null) => Pick<Settings, 'heal.verifyMs'>;
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

/**
 * Only the opening of an incident is folded, and only under a cause that the same recipient knows of or is about to:
 *
 * | the incident, of which nothing was reported | its cause                       | so it is                          |
 * |---------------------------------------------|---------------------------------|-----------------------------------|
 * | is critical, or was given up                | any                             | reported                          |
 * | any                                         | neither reported nor waiting    | reported                          |
 * | goes on                                     | goes on                         | kept back                         |
 * | goes on                                     | is over, or was given up        | kept back for a while, then reported |
 * | is over                                     | waits to be reported            | kept back                         |
 * | is over                                     | was reported                    | settled: not reported             |
 */
export function foldOf(items: readonly Item[], thread: Thread | null, route: Route, context: FoldingSettings): Fold {
  if (thread === null || isNotified(thread) || thread.cause === null) return UNFOLDED;
  if (items.some(({ severity, ending }) => severity === 'critical' || ending === 'given_up')) return UNFOLDED;
  const cause = route.threads.get(thread.cause);
  if (cause === undefined) return UNFOLDED;
  const isReported = isNotified(cause);
  if (!isReported && !route.waiting.some(({ incident }) => incident === cause.incident)) return UNFOLDED;
  if (thread.ended) return { untilMs: Infinity, isSettled: isReported };
  const settleMs = SETTLE_MS + context.settings(thread.watch)['heal.verifyMs'];
  return { untilMs: cause.overMs === null ? Infinity : cause.overMs + settleMs, isSettled: false };
}

/** The causes of what is kept back until they are over, as far as nobody goes on with them. */
export function abandonedCauses(
  route: Route,
  isOngoing: (incident: number, watch: string | null) => boolean,
): readonly Thread[] {
  const causes = new Set(
    route.waiting.map(({ incident }) => (incident === null ? null : route.threads.get(incident)?.cause)),
  );
  return [...route.threads.values()].filter(
    (thread) => causes.has(thread.incident) && thread.overMs === null && !isOngoing(thread.incident, thread.watch),
  );
}
