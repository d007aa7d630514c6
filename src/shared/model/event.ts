import { z } from 'zod';
import type { AlertChannel, DeliveryProblem } from './delivery';

export const severitySchema = z.enum(['info', 'warning', 'high', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

/** Who caused something. */
export const ACTORS = ['engine', 'window', 'browser', 'cli'] as const;
export type Actor = (typeof ACTORS)[number];

/** What a program wrote to standard error before its end. */
export interface LastWords {
  /** Oldest first; empty when its output is not ours. */
  stderrTail: readonly string[];
  /** Who wrote them; events of earlier versions do not have it. */
  stderrOf?: StderrOrigin;
}

/** What a death looked like, as far as it is known. */
export interface ExitFacts extends LastWords {
  /** 0 to 255; null when a signal ended it or the code can't be known. */
  exitCode: number | null;
  /** `SIGSEGV` and the like; null when it exited by itself or that can't be known. */
  signal: string | null;
  uptimeSeconds: number | null;
  /** It ended at an unknown moment up to so long after its start: nobody watched. */
  uptimeIsAtMost?: true;
}

/**
 * Who wrote the lines of standard error that stand in an event: `this_run`: the process that ended, and nothing before it;
 * `several_runs`: where its lines begin is not known; `unknown`: its output is not ours.
 */
export type StderrOrigin = 'this_run' | 'several_runs' | 'unknown';

/** What a detector can find. */
export const ANOMALIES = ['zombie', 'fork_bomb', 'memory_leak', 'cpu_spike', 'rapid_crashes'] as const;
export type AnomalyKind = (typeof ANOMALIES)[number];

/** Why a detector fired, with numbers: what it saw, what it compared with, over which time. */
export interface AnomalyEvidence {
  /** The rule that fired, such as `trend` or `classic`. */
  rule: string;
  /** The comparison in words, with units. */
  threshold: string;
  windowSeconds: number;
  /** The readings that made it fire, oldest first, thinned to a few dozen. */
  samples: readonly { at: number; value: number }[];
  /** Unit of the readings. */
  unit: string;
  /** Further numbers of the rule, by name. */
  numbers: Readonly<Record<string, number | string>>;
}

/** The process that an operator chose to end by itself; absent where a watch was stopped or healed. */
export interface EndedProcess {
  name: string;
  argv: readonly string[];
  user: string;
  startTime: number;
}

/** What an operator has changed, as it is written for people, without secrets; null: not set. */
export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

/** What each type of event carries. */
export interface EventData {
  engine_started: { version: string; shell: 'desktop' | 'headless'; enginePid: number };
  engine_stopped: { reason: string };
  watch_added: { actor: Actor; watchId: string };
  /** `changes`: of earlier versions absent. */
  watch_edited: { actor: Actor; watchId: string; changed: readonly string[]; changes?: readonly Change[] };
  watch_removed: { actor: Actor; watchId: string; leftRunning: readonly number[] };
  /** `engine`: by an edited config.json. */
  settings_changed: { actor: Actor; changes: readonly Change[] };
  started: { actor: Actor; argv: readonly string[]; cwd: string };
  /** `heir`: the program goes on in it after the end of the process that was watched; of earlier versions `child`. */
  adopted: { how: 'child' | 'match' | 'heir'; uptimeSeconds: number };
  stopped: { actor: Actor; pids: readonly number[]; forced: readonly number[]; process?: EndedProcess };
  /** An end that is no crash. */
  exited: ExitFacts & { because: 'clean_exit' | 'operator' | 'shutdown' };
  crash_detected: ExitFacts & { policy: string; remaining: number; whileEngineWasDown: boolean };
  restarted: {
    actor: Actor;
    /** Automatic restarts in a row without a healthy minute, this one included; 0 for a manual one. */
    attempt: number;
    oldPid: number | null;
    /** From the noticed death, or the begin of a manual restart, to the replacement, in ms. */
    afterMs: number | null;
    /** Of a manual restart: every process that it ended, strays in other sessions included. */
    ended?: readonly number[];
  };
  restart_failed: {
    actor: Actor;
    operation: 'start' | 'restart' | 'stop';
    /** `ENOENT`, `EACCES`, `bad_cwd`, `instant_exit`, `interrupted`, `no_match`, `unkillable`, `gave_up` or another errno. */
    reason: string;
    tried: { argv: readonly string[]; cwd: string } | null;
    nextAttemptInMs: number | null;
    /** Where a program ran before it failed, and nothing else reports its end. */
    lastWords?: LastWords;
    /** Of a restart by the operator: every process that it has ended already. */
    ended?: readonly number[];
  };
  limit_exceeded: {
    metric: string;
    level: 'warn' | 'act';
    value: number;
    limit: number;
    unit: string;
    scope: 'process' | 'tree';
    /** What is done about it. */
    action: string;
    /** True: only would have been done, the watch is observed. */
    observed: boolean;
    violations: number;
    /** The readings that counted, oldest first. */
    values: readonly number[];
    /** Of memory only: resident memory, PSS, or private memory and the largest shared part. */
    memoryBasis?: 'rss' | 'pss' | 'private';
  };
  anomaly_detected: { anomaly: AnomalyKind; action: string; observed: boolean; evidence: AnomalyEvidence };
  /** `until` is ISO 8601. */
  cooldown_started: {
    restarts: number;
    windowSeconds: number;
    durationSeconds: number;
    until: string;
    /** What the last ends had in common, in words. */
    commonExit: string | null;
  };
  cooldown_ended: { durationSeconds: number };
  cooldown_reset: { actor: Actor; remainingSeconds: number };
  cooldown_extended: { actor: Actor; bySeconds: number; until: string };
  /** SIGSTOP, until the operator decides. */
  suspended: { because: string; pids: readonly number[] };
  priority_lowered: { because: string; pids: readonly number[] };
  /** The storm brake. */
  healing_paused: {
    restarts: number;
    windowSeconds: number;
    until: string;
    /** Names of the watches that are held if they end again. */
    watches?: readonly string[];
  };
  healing_resumed: { actor: Actor };
  /** Time in which nobody watched: sleep, a starved machine, a clock that jumped. */
  gap: { seconds: number; clockJumpSeconds: number };
  /** A healed watch has stayed alive long enough to believe it. */
  recovered: { attempts: number; durationMs: number };
  killed: {
    actor: Actor;
    because: string;
    /** Every process that was signalled. */
    pids: readonly number[];
    /** Those that ignored TERM and got KILL. */
    forced: readonly number[];
    survivors: readonly number[];
    process?: EndedProcess;
  };
  /** A signal that was not sent, because it would have hit another process or a protected one. */
  signal_refused: { because: 'pid_reused' | 'protected' | 'not_permitted'; signal: string; detail: string };
  /** A message has reached its recipient. */
  alert_sent: { channel: AlertChannel; recipient: string; subject: string; outboxId: number; events: number };
  /** A message was given up: it waits for the operator. */
  alert_failed: {
    channel: AlertChannel;
    recipient: string;
    subject: string;
    outboxId: number;
    events: number;
    problem: DeliveryProblem;
  };
  /** Something about Healdeck itself that the operator should know: a file set aside, a disk that is full. */
  notice: { topic: string; detail: string };
}

export type EventType = keyof EventData;

/** All types, in the order in which help and filters list them. */
export const EVENT_TYPES = [
  'engine_started',
  'engine_stopped',
  'watch_added',
  'watch_edited',
  'watch_removed',
  'settings_changed',
  'started',
  'adopted',
  'stopped',
  'exited',
  'crash_detected',
  'restarted',
  'restart_failed',
  'limit_exceeded',
  'anomaly_detected',
  'cooldown_started',
  'cooldown_ended',
  'cooldown_reset',
  'cooldown_extended',
  'suspended',
  'priority_lowered',
  'healing_paused',
  'healing_resumed',
  'gap',
  'recovered',
  'killed',
  'signal_refused',
  'alert_sent',
  'alert_failed',
  'notice',
] as const satisfies readonly EventType[];

export const eventTypeSchema = z.enum(EVENT_TYPES);

interface EventBase<T extends EventType> {
  /** Rises by one; never used twice. */
  id: number;
  /** ISO 8601, UTC, with milliseconds. */
  at: string;
  type: T;
  severity: Severity;
  /** Name of the watch at that time. */
  watch: string | null;
  pid: number | null;
  /** Id of the event that opened this story, or null when it belongs to none. */
  incident: number | null;
  /** One sentence for people, in plain text: names in it are not escaped. */
  message: string;
  data: EventData[T];
}

/** One immutable fact. */
export type HealdeckEvent = { [T in EventType]: EventBase<T> }[EventType];

/**
 * An event before the log has given it a number and a time. `incident: 'opens'` makes it the first of a story: the log
 * then puts the event's own number there.
 */
export type EventDraft = {
  [T in EventType]: Omit<EventBase<T>, 'id' | 'at' | 'incident'> & { incident: number | 'opens' | null };
}[EventType];

export const eventQuerySchema = z.strictObject({
  types: z.array(eventTypeSchema).optional(),
  /** Name of a watch. */
  watch: z.string().optional(),
  /** Only events after this moment, in ms since the epoch. */
  sinceAt: z.number().optional(),
  /** Only events at this moment or before. */
  untilAt: z.number().optional(),
  /** Only events with a higher number. */
  afterId: z.number().int().nonnegative().optional(),
  /** Only events with a lower number: those before a page that is known. */
  beforeId: z.number().int().positive().optional(),
  /** Words that the message must contain, any case. */
  text: z.string().max(200).optional(),
  /** The newest so many, oldest first. */
  limit: z.number().int().min(1).max(10_000).default(200),
});
export type EventQuery = z.infer<typeof eventQuerySchema>;
