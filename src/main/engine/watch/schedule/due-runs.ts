import { runsAfter, runsWithin, type CronTime, type PastRuns } from '../../../../shared/lib/format/cron';
import type { CronProgress } from '../../ports';

/** A clock that was set back by more was wrong before: the schedule goes on by the right time, as with cron(8). */
export const CLOCK_CORRECTED_MS = 3 * 3_600_000;

/** Of what was missed in a long time nobody needs the exact number, and counting takes 0.2 ms each. */
export const MAX_COUNTED_RUNS = 200;

/** What has become due of an expression. */
export interface DueRuns {
  progress: CronProgress;
  /** The run of now; null: none. */
  dueAt: number | null;
  /** Those that nobody can make any more; null: none. */
  missed: PastRuns | null;
}

export function cronKey({ cron, timeZone }: CronTime): string {
  return `${cron} ${timeZone}`;
}

/** The progress to go on with: that of an earlier engine, or of the same expression before an edit; else nothing is due before now. */
export function progressOf(time: CronTime, before: CronProgress | null, nowAt: number): CronProgress {
  const of = cronKey(time);
  return before?.of === of ? before : { of, doneUntilAt: nowAt };
}

/**
 * What is due now and what was missed since the last time. At most one run is due, however many moments have passed: a clock that
 * jumps makes no burst, and one that is set back makes no run twice.
 *
 * | moments that have passed | the last of them      | run      | missed        |
 * |--------------------------|-----------------------|----------|---------------|
 * | none                     |                       | none     | none          |
 * | one or more              | within `maxLateMs`    | the last | all before it |
 * | one or more              | longer ago            | none     | all           |
 */
export function dueRuns(time: CronTime, before: CronProgress, nowAt: number, maxLateMs: number): DueRuns {
  const progress = before.doneUntilAt - nowAt > CLOCK_CORRECTED_MS ? { ...before, doneUntilAt: nowAt } : before;
  const passed = runsWithin(time, progress.doneUntilAt, nowAt, MAX_COUNTED_RUNS);
  if (passed === null) return { progress, dueAt: null, missed: null };
  const done = { ...progress, doneUntilAt: passed.lastAt };
  if (nowAt - passed.lastAt > maxLateMs) return { progress: done, dueAt: null, missed: passed };
  const missed = runsWithin(time, progress.doneUntilAt, passed.lastAt - 1, MAX_COUNTED_RUNS);
  return { progress: done, dueAt: passed.lastAt, missed };
}

/** The next moment that is not dealt with yet. */
export function nextRunAt(time: CronTime, { doneUntilAt }: CronProgress): number | null {
  return runsAfter(time, doneUntilAt, 1)[0] ?? null;
}
