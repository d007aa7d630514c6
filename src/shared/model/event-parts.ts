import { z } from 'zod';
import type { Unit } from './unit';

export const severitySchema = z.enum(['info', 'warning', 'high', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

/** Who caused something; `schedule`: the schedule of the watch; `dependency`: another watch, which it is restarted with. */
export const ACTORS = ['engine', 'schedule', 'dependency', 'window', 'browser', 'cli'] as const;
export type Actor = (typeof ACTORS)[number];

/** An incident, and the name that its watch had. */
export interface IncidentReference {
  watch: string;
  incident: number;
}

/** How a watch is affected by an incident of one that it depends on. */
export type AffectedHow = 'incident' | 'restarted' | 'not_ready';

/** Whether an operator did, over one of the faces. */
export function isOperator(actor: Actor): boolean {
  return actor !== 'engine' && actor !== 'schedule' && actor !== 'dependency';
}

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
  /** It ended at an unknown moment within that time after its start: nobody watched. */
  uptimeIsAtMost?: true;
}

/**
 * Who wrote the lines of standard error that stand in an event: `this_run`: the process that ended, and nothing before it;
 * `several_runs`: where its lines begin is not known; `unknown`: its output is not ours.
 */
export type StderrOrigin = 'this_run' | 'several_runs' | 'unknown';

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
  unit: Unit;
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

/** Why a start, a restart or a stop has failed: one of our own reasons, or an errno of the system. */
export type FailureReason =
  | 'ambiguous'
  | 'bad_cwd'
  | 'bad_user'
  | 'gave_up'
  | 'instant_exit'
  | 'interrupted'
  | 'no_match'
  | 'no_start_command'
  | 'not_ready'
  | 'start_command_failed'
  | 'unkillable'
  | 'UNKNOWN'
  | `E${string}`;

/** How sure an explanation is; `unknown`: nothing shows the reason. */
export const CERTAINTIES = ['certain', 'very_likely', 'likely', 'unknown'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** What a line of evidence is about: how the process ended, who ended it, what was around it, or what had changed before. */
export const EVIDENCE_TOPICS = ['how', 'who', 'around', 'changed'] as const;
export type EvidenceTopic = (typeof EVIDENCE_TOPICS)[number];

/** One thing that is known of an end, and where it was found. */
export interface EvidenceLine {
  topic: EvidenceTopic;
  text: string;
  /** `exit status`, `/proc/net`, `the kernel's log`, … */
  source: string;
}
