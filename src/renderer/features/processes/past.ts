import type { EventType } from '../../../shared/model/event';
import type { PastMark, RecordedTime } from '../../../shared/model/past';

/** How far back one can look. */
export const LOOKBACK_MS = 24 * 3_600_000;
/** Of the recording, outside of incidents. */
export const STEP_MS = 10_000;

/** The time that the slider spans; null when nothing is recorded in it. */
export interface PastSpan {
  fromAt: number;
  toAt: number;
}

/** What the slider spans at a moment: whole steps, so that it does not move at every look. */
export function pastSpan({ from }: Pick<RecordedTime, 'from'>, now: number): PastSpan | null {
  const toAt = Math.floor(now / STEP_MS) * STEP_MS;
  if (from === null || from >= toAt) return null;
  return { fromAt: Math.max(from, toAt - LOOKBACK_MS), toAt };
}

/** Marks that lie so near to each other that they would be one line. */
export interface MarkGroup {
  /** Where on the slider, 0 to 1. */
  share: number;
  /** Of the first of them. */
  at: number;
  /** Something was found, or what was found was healed. */
  kind: 'found' | 'healed';
  count: number;
}

const FOUND: ReadonlySet<EventType> = new Set([
  'crash_detected',
  'limit_exceeded',
  'anomaly_detected',
  'restart_failed',
  'cooldown_started',
]);

/** At most this many lines of each kind: about as many as can be distinguished. */
const MAX_LINES = 250;

/** Where the slider is marked. What was found and what was healed stand apart from each other, however near they are. */
export function placeMarks(marks: readonly PastMark[], { fromAt, toAt }: PastSpan): MarkGroup[] {
  const groups = new Map<string, MarkGroup>();
  for (const mark of marks) {
    if (mark.at < fromAt || mark.at > toAt) continue;
    const kind = FOUND.has(mark.kind) ? 'found' : 'healed';
    const share = (mark.at - fromAt) / (toAt - fromAt);
    const key = `${kind}/${Math.round(share * MAX_LINES)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { share, at: mark.at, kind, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()];
}

/** How far around a moment its events are reported: marks nearer than this are seen at once. */
const NEAR_MS = 10_000;

/** The mark before or after a moment that is not shown there already; null when there is none. */
export function nextMark(
  marks: readonly PastMark[],
  at: number,
  direction: 'earlier' | 'later',
  { fromAt, toAt }: PastSpan,
): number | null {
  const inSpan = marks.filter((mark) => mark.at >= fromAt && mark.at <= toAt);
  const found =
    direction === 'earlier'
      ? inSpan.findLast((mark) => mark.at < at - NEAR_MS)
      : inSpan.find((mark) => mark.at > at + NEAR_MS);
  return found?.at ?? null;
}
