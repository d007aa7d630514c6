import type { Settings } from '../../../shared/model/settings';
import { foldOf, type FoldingSettings } from './folding';
import { isNotified, type Item, type Route, type Thread } from './route';

/** Items of one incident, or of one watch without an incident, that wait together. Monotonic ms. */
export interface AlertGroup {
  watch: string | null;
  incident: number | null;
  items: readonly Item[];
  thread: Thread | null;
  dueMs: number;
  /** When its first critical message is due; null: it has had one, or nothing critical waits. */
  urgentMs: number | null;
  /** Left to the messages about its cause until then; in the past: it is not. */
  foldedUntilMs: number;
  /** Its cause was reported, and nothing of it needs a message any more. */
  isSettled: boolean;
}

/** What decides when a group is due. */
export interface GroupingSettings extends FoldingSettings {
  settings: (watch: string | null) => Pick<Settings, 'alerts.settleMs' | 'alerts.groupMs' | 'heal.verifyMs'>;
}

/** So long a critical event waits for those that come with it, such as the cooldown with the anomaly that caused it. */
const URGENT_SETTLE_MS = 500;
/** What may have a cause elsewhere waits this long for it: deaths that nobody reports are noticed at the next tick. */
const CAUSE_WAIT_MS = 2500;
/** A restart is confirmed by the events of the tick after its time, which come a little later. */
const CONFIRMATION_MARGIN_MS = 1000;
/** Where a restart takes longer than this to be confirmed, the first alert does not wait for it. */
const MAX_CONFIRMATION_WAIT_MS = 15_000;
/** What could not be reported for this long after it was due was delayed, and is reported together with everything else that was. */
const LATE_MS = 10_000;

/** What waits in a route, by what it is about, in the order in which it began. */
export function alertGroupsOf(route: Route, context: GroupingSettings): readonly AlertGroup[] {
  const groups = new Map<string, Item[]>();
  for (const item of route.waiting) {
    const key = item.incident !== null ? `incident ${item.incident}` : `watch ${item.watch ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()].map((items) => groupOf(items, route, context));
}

/**
 * When a group is due:
 *
 * | what waits                                      | due                                                     |
 * |-------------------------------------------------|---------------------------------------------------------|
 * | the first of it                                 | once it has settled                                     |
 * | the first of it, and the last is a restart      | once that is confirmed, if that takes seconds           |
 * | more of what was reported                       | at the end of its group                                 |
 * | the end of what was reported                    | at once                                                 |
 * | the first of what another incident has led to   | as `foldOf` has it                                      |
 */
function groupOf(items: readonly Item[], route: Route, context: GroupingSettings): AlertGroup {
  const incident = items[0]?.incident ?? null;
  const watch = items.findLast((item) => item.watch !== null)?.watch ?? null;
  const thread = incident === null ? null : (route.threads.get(incident) ?? null);
  const settings = context.settings(watch);
  const mayHaveCause = incident === null ? items.every(({ unready }) => unready) : !isNotified(thread);
  const causeMs = mayHaveCause && context.dependenciesOf(watch).length > 0 ? CAUSE_WAIT_MS : 0;
  const settledMs = (items[0]?.atMs ?? 0) + Math.max(settings['alerts.settleMs'], causeMs);
  const lastMs = incident === null ? route.lastMs.get(watch) : isNotified(thread) ? thread.lastMs : undefined;
  const endMs = items.find((item) => item.ending !== null)?.atMs;
  const fold = foldOf(items, thread, route, context);
  const ownMs =
    lastMs === undefined
      ? Math.max(settledMs, confirmedMs(items, settings['heal.verifyMs']))
      : (endMs ?? Math.max(settledMs, lastMs + settings['alerts.groupMs']));
  return {
    ...{ watch, incident, items, thread, dueMs: Math.max(ownMs, fold.untilMs) },
    urgentMs: urgentMs(items, thread, settings['alerts.settleMs']),
    ...{ foldedUntilMs: fold.untilMs, isSettled: fold.isSettled },
  };
}

/** When a restart that is the last that is known must have held or failed; in the past when there is none. */
function confirmedMs(items: readonly Item[], verifyMs: number): number {
  const last = items.at(-1);
  if (last === undefined || !last.restarted || verifyMs > MAX_CONFIRMATION_WAIT_MS) return -Infinity;
  return last.atMs + verifyMs + CONFIRMATION_MARGIN_MS;
}

function urgentMs(items: readonly Item[], thread: Thread | null, settleMs: number): number | null {
  if (thread?.criticalReported === true) return null;
  const critical = sinceResolved(items).find((item) => item.severity === 'critical');
  return critical === undefined ? null : critical.atMs + Math.min(settleMs, URGENT_SETTLE_MS);
}

/** What is not over: an incident that was resolved may have gone on since. */
export function sinceResolved(items: readonly Item[]): readonly Item[] {
  return items.slice(items.findLastIndex((item) => item.ending === 'resolved') + 1);
}

/** Critical ones first, then in the order in which they began. */
export function byPriority(one: AlertGroup, other: AlertGroup): number {
  return (
    Number(isCritical(other)) - Number(isCritical(one)) || (one.items[0]?.event ?? 0) - (other.items[0]?.event ?? 0)
  );
}

export function isCritical({ items }: Pick<AlertGroup, 'items'>): boolean {
  return items.some((item) => item.severity === 'critical');
}

/** Whether it was found at the start that it had happened while no engine ran. */
export function isOfDowntime({ items, thread }: AlertGroup): boolean {
  return !isNotified(thread) && items[0]?.whileDown === true;
}

export function isLate({ dueMs }: AlertGroup, nowMs: number): boolean {
  return nowMs - dueMs > LATE_MS;
}
