import type { HoldReason, Mute } from '../../../shared/model/alert';
import type { Item } from './route';

/** What keeps alerts back at a moment. */
export interface Suppressions {
  mutes: readonly Mute[];
  /** Quiet hours go on until then; wall time, or null. */
  quietUntil: number | null;
  criticalBreaksThrough: boolean;
  /** Somebody works on the watch of this name (null: on the machine) until then; wall time, or null. */
  maintenanceUntil: (watch: string | null) => number | null;
  watchId: (name: string) => string | null;
}

/** Items that belong together: of an incident, or of a watch without one. */
export type Subject = Pick<Item, 'watch' | 'incident'>;

/** Its end is not known: somebody, or the end of an incident, ends it. */
export const UNTIL_RESOLVED = Infinity;

/**
 * Until when a group is kept back, wall time; null when it is not. Critical ones break through what is for all (quiet hours,
 * all alerts snoozed), never through a snooze of this watch or incident.
 */
export function heldUntil(subject: Subject, items: readonly Item[], holds: Suppressions, now: number): number | null {
  return holdOf(subject, items, holds, now)?.until ?? null;
}

/** The same with its reason: of several, what lasts longest. */
export function holdOf(
  subject: Subject,
  items: readonly Item[],
  holds: Suppressions,
  now: number,
): { reason: Extract<HoldReason, 'snoozed' | 'quiet_hours' | 'maintenance'>; until: number } | null {
  const critical = holds.criticalBreaksThrough && items.some((item) => item.severity === 'critical');
  const ends = holds.mutes
    .filter((mute) => mute.kind === 'snoozed' && !isOver(mute, now) && covers(mute, subject, holds.watchId))
    .filter((mute) => !(critical && isForAll(mute)))
    .map((mute) => ({ reason: 'snoozed' as const, until: mute.until ?? UNTIL_RESOLVED }));
  const quiet = critical ? null : holds.quietUntil;
  const maintenance = holds.maintenanceUntil(subject.watch);
  const all = [
    ...ends,
    ...(quiet === null ? [] : [{ reason: 'quiet_hours' as const, until: quiet }]),
    ...(maintenance === null ? [] : [{ reason: 'maintenance' as const, until: maintenance }]),
  ];
  return all.sort((one, other) => other.until - one.until)[0] ?? null;
}

/** Whether the incident is acknowledged. */
export function isAcknowledged(incident: number, mutes: readonly Mute[]): boolean {
  return mutes.some((mute) => mute.kind === 'acknowledged' && mute.incident === incident);
}

/** Whether its time has come. */
export function isOver({ until }: Mute, now: number): boolean {
  return until !== null && until <= now;
}

/**
 * Mutes that end because an incident did: those of it, and those until it, its watch or everything is well again. An incident
 * that was given up stays acknowledged.
 */
export function mutesEndedBy(
  ended: { incident: number; resolved: boolean; watchId: string | null; allWell: boolean },
  mutes: readonly Mute[],
): readonly Mute[] {
  return mutes.filter((mute) => {
    if (mute.kind === 'acknowledged') return mute.incident === ended.incident && ended.resolved;
    if (mute.incident !== null) return mute.incident === ended.incident;
    if (mute.until !== null) return false;
    return mute.watchId === null ? ended.allWell : mute.watchId === ended.watchId;
  });
}

function isForAll(mute: Mute): boolean {
  return mute.watchId === null && mute.incident === null;
}

function covers(mute: Mute, subject: Subject, watchId: Suppressions['watchId']): boolean {
  if (mute.incident !== null) return mute.incident === subject.incident;
  if (mute.watchId !== null) return subject.watch !== null && watchId(subject.watch) === mute.watchId;
  return true;
}
