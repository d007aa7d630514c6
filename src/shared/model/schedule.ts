import { z } from 'zod';
import { cronProblem, timeZoneProblem } from '../lib/format/cron';

export const SCHEDULE_LIMITS = {
  minUptimeMs: 60_000,
  /** A year. */
  maxUptimeMs: 31_536_000_000,
  /** How far a maximum uptime varies at random, up and down. */
  uptimeJitter: 0.1,
  maxPaths: 32,
} as const;

/** A text that a rule accepts, or refuses in its own words. */
function checkedText(problemOf: (text: string) => string | null) {
  return z
    .string()
    .max(200)
    .superRefine((text, context) => {
      const problem = problemOf(text);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    });
}

/** Moments by a cron expression. */
export const cronSchema = z.strictObject({
  /** Five fields, or six with the second first. */
  cron: checkedText(cronProblem),
  /** IANA name; null: the time zone of the machine. */
  timeZone: checkedText(timeZoneProblem).nullable().default(null),
});
export type CronSpec = z.infer<typeof cronSchema>;

/** When a program is started or restarted by the clock, or because of a change. */
export const scheduleSchema = z.strictObject({
  /** It is started at these moments and is expected to end; null: it is to run all the time. */
  start: cronSchema.nullable().default(null),
  /** It is restarted at these moments. */
  restart: cronSchema.nullable().default(null),
  /** It is restarted once it has run for so long, give or take 10 %; null: it may run for ever. */
  maxUptimeMs: z
    .number()
    .int()
    .min(SCHEDULE_LIMITS.minUptimeMs, 'expected at least 1 minute')
    .max(SCHEDULE_LIMITS.maxUptimeMs, 'expected at most 365 days')
    .nullable()
    .default(null),
  /** Absolute paths of files and directories: it is restarted when one of them changes. */
  restartOnChange: z
    .array(
      z
        .string()
        .max(4096)
        .regex(/^\/[^\0]*$/, 'expected an absolute path'),
    )
    .max(SCHEDULE_LIMITS.maxPaths, `expected at most ${SCHEDULE_LIMITS.maxPaths} paths`)
    .default([]),
});
export type Schedule = z.infer<typeof scheduleSchema>;

/** What is due at a moment. */
export type RunKind = 'start' | 'restart';

/** Whether a watch is a job: it is started by its schedule, and its end is expected. */
export function isJob({ schedule }: { schedule: Schedule | null }): boolean {
  return schedule !== null && schedule.start !== null;
}
