import { Cron } from 'croner';

/** When something is due: a cron expression, in the time of a zone by its IANA name. */
export interface CronTime {
  cron: string;
  timeZone: string;
}

/** An expression is searched for its first moment from here: all that occur do so within a leap cycle. Any fixed moment would do. */
const SEARCH_FROM = Date.UTC(2023, 0, 1);

const FIELDS =
  'expected five fields (minute, hour, day, month, weekday), as in 30 2 * * *, or six with the second first';

/** Why this is no cron expression that can be waited for, or null. */
export function cronProblem(text: string): string | null {
  if (!/^[\w*,/#-]+(?: [\w*,/#-]+){4,5}$/.test(text)) return FIELDS;
  try {
    const first = cronOf({ cron: text, timeZone: 'UTC' }).nextRun(new Date(SEARCH_FROM));
    return first === null ? `expected a cron expression that occurs; ${text} never does` : null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return `expected a cron expression such as 30 2 * * *: ${reason}`;
  }
}

/** Why this is no time zone, or null. */
export function timeZoneProblem(name: string): string | null {
  const expected = `expected a time zone such as Europe/Berlin, America/New_York or UTC, got "${name}"`;
  // Some versions of Intl also accept offsets, which others refuse.
  if (!/^[A-Za-z]/.test(name)) return expected;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return null;
  } catch {
    return expected;
  }
}

/** The next moments that are due after `afterAt` (ms since the epoch), in order. */
export function runsAfter(time: CronTime, afterAt: number, count: number): readonly number[] {
  return cronOf(time)
    .nextRuns(count, new Date(afterAt))
    .map((run) => run.getTime());
}

/** Moments that were due in a time. */
export interface PastRuns {
  /** At most as many as were to be counted; `isMore`: there were others. */
  count: number;
  isMore: boolean;
  firstAt: number;
  lastAt: number;
}

/** What was due after `afterAt` and up to `untilAt` (ms since the epoch); null: nothing. Counts at most `max`. */
export function runsWithin(time: CronTime, afterAt: number, untilAt: number, max: number): PastRuns | null {
  const runs: number[] = [];
  const job = cronOf(time);
  for (let at = nextOf(job, afterAt); at !== null && at <= untilAt && runs.length <= max; at = nextOf(job, at))
    runs.push(at);
  const [firstAt] = runs;
  const lastAt = runs.length > max ? lastOf(job, untilAt) : runs.at(-1);
  if (firstAt === undefined || lastAt === undefined) return null;
  return { count: Math.min(runs.length, max), isMore: runs.length > max, firstAt, lastAt };
}

function nextOf(job: Cron, afterAt: number): number | null {
  return job.nextRun(new Date(afterAt))?.getTime() ?? null;
}

/** The last moment that was due up to `untilAt`; undefined: none was. */
function lastOf(job: Cron, untilAt: number): number | undefined {
  return job.previousRuns(1, new Date(untilAt + 1))[0]?.getTime();
}

/**
 * A time that the clock skips (daylight saving begins) is due at the first moment after it; one that it repeats is due at its first
 * occurrence only. Where minutes or hours have a wildcard or a step, as in `*` + `/15 * * * *`, what is skipped is left out, and what is repeated is
 * due both times. These are the rules of Vixie cron.
 */
function cronOf({ cron, timeZone }: CronTime): Cron {
  return new Cron(cron, { timezone: timeZone, mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard' });
}
