import { z } from 'zod';

/** Each scenario of the drill with what it shows, in the order in which they begin. */
export const DRILL_SCENARIOS = {
  surge: 'CPU far above its usual level (the default rule, but with 10 s of past, and restart instead of notify)',
  flapping: 'a server that fails again soon after its recovery: the same incident goes on',
  crash: 'a program that dies is started again',
  loop: 'a program that dies at once gets 5 restarts, then a cooldown; a reset ends it',
  leak: 'memory that keeps rising is a leak (rule strict: 5 readings, since the default rule takes minutes)',
  spin: 'CPU above its limit in 3 of 5 readings',
  spike: 'one reading above the CPU limit is noise: nothing is done',
  hog: 'children that together use more memory than the limit, though none of them does alone',
  hang: 'a program that hangs above its memory limit and ignores TERM is ended by KILL',
  unanswered: 'a server that accepts requests and never answers fails 3 of 5 attempts of its probe, and is restarted',
  unhealthy: 'a server that fails every other request is restarted, although it answers in between',
  dependency: 'a program that ends because what it needs has ended is started again only once that is ready',
  port: 'a port that a stranger has taken: it is named, a cooldown begins at once, and ends when the port is free',
  fork: '127 processes that keep multiplying are all frozen and killed',
  zombie: 'a dead child that its parent does not reap: the parent is asked to reap it, then restarted',
} as const;

export type DrillScenario = keyof typeof DRILL_SCENARIOS;
export const DRILL_NAMES = Object.keys(DRILL_SCENARIOS) as DrillScenario[];
export const drillScenarioSchema = z.enum(DRILL_NAMES as [DrillScenario, ...DrillScenario[]]);

/** Runs beside all others, and is to be left alone. */
export const BYSTANDER_NAME = 'bystander';
export const BYSTANDER_SHOWS = 'a pool of 20 processes that runs alongside is never touched';

/** The hidden command of the command line that prints a drill's steps, one JSON object a line, until its input ends. */
export const DRILL_STEPS_COMMAND = 'drill-steps';

/** In ms from the moment at which a program misbehaves; null where there is no such time. */
const afterMs = z.number().nonnegative().nullable();

const timesSchema = z.object({
  detectedAfterMs: afterMs,
  healedAfterMs: afterMs,
  /** When the last of the mails had arrived that together report all of it. */
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
