import { z } from 'zod';

/** Each scenario of the drill with what it shows, in the order in which they begin. */
export const DRILL_SCENARIOS = {
  surge: 'CPU far above its own past of a minute (the default rule; restart instead of notify)',
  crash: 'a program that dies is started again',
  loop: 'a program that dies at once gets 5 restarts, then a cooldown; a reset ends it',
  leak: 'memory that only rises is a leak (rule strict: 5 readings, as the default rule takes minutes)',
  spin: 'CPU above its limit in 3 of 5 readings',
  spike: 'one reading above the CPU limit is noise: nothing is done',
  hog: 'children that hold more memory together than the limit, none of them alone',
  hang: 'a program that stands still over its memory limit and is deaf to TERM is ended by KILL',
  fork: '127 processes that multiply are frozen and killed, all of them',
  zombie: 'a dead child that its parent does not reap: the parent is asked, then restarted',
} as const;

export type DrillScenario = keyof typeof DRILL_SCENARIOS;
export const DRILL_NAMES = Object.keys(DRILL_SCENARIOS) as DrillScenario[];
export const drillScenarioSchema = z.enum(DRILL_NAMES as [DrillScenario, ...DrillScenario[]]);

/** Runs beside all others, and is to be left alone. */
export const BYSTANDER_NAME = 'bystander';
export const BYSTANDER_SHOWS = 'a pool of 20 processes beside all of this is never touched';

/** The hidden command of the command line that prints a drill's steps, one JSON object a line, until its input ends. */
export const DRILL_STEPS_COMMAND = 'drill-steps';

/** In ms from the moment at which a program misbehaves; null where there is no such time. */
const afterMs = z.number().nonnegative().nullable();

const timesSchema = z.object({
  detectedAfterMs: afterMs,
  healedAfterMs: afterMs,
  /** When the last of the mails had come in that tell all of it. */
  mailedAfterMs: afterMs,
});
/** How fast it went. */
export type DrillTimes = z.infer<typeof timesSchema>;
/** Nothing was to come, or nothing came. */
export const NO_TIMES: DrillTimes = { detectedAfterMs: null, healedAfterMs: null, mailedAfterMs: null };

/** What becomes of a drill, step by step; `scenario` is also `bystander`. */
export const drillStepSchema = z.discriminatedUnion('kind', [
  /** Its engine runs. */
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('begun'), scenario: z.string() }),
  z.object({ kind: z.literal('detected'), scenario: z.string(), detectedAfterMs: afterMs }),
  /** The mail about it is waited for. */
  z.object({ kind: z.literal('healed'), scenario: z.string(), detectedAfterMs: afterMs, healedAfterMs: afterMs }),
  z.object({
    kind: z.literal('finished'),
    scenario: z.string(),
    passed: z.boolean(),
    /** Why it failed; null when it passed. */
    reason: z.string().nullable(),
    ...timesSchema.shape,
  }),
  /** Everything that was started has ended. */
  z.object({ kind: z.literal('ended'), passed: z.boolean() }),
]);
export type DrillStep = z.infer<typeof drillStepSchema>;
