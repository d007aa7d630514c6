import type { ProbeAttempt, ProbeRole } from './probe';

/** What the attempts of a probe within a time came to. A time in which nobody asked has no bucket. */
export interface ProbeBucket {
  /** Where it begins; ms since the epoch, a multiple of its span. */
  at: number;
  passed: number;
  /** With those on a starved machine. */
  failed: number;
  /** Of those that failed. */
  starved: number;
  /** They say nothing about the program, and are in none of the above. */
  uncounted: number;
  /** Of those that counted; null: none did. */
  latencyMs: { mean: number; lowest: number; highest: number } | null;
}

/** A recorded attempt. */
export interface RecordedAttempt extends Omit<ProbeAttempt, 'words'> {
  /** The answer, for people; null for one that passed, whose words are not kept. */
  words: string | null;
}

/** What is recorded of a probe. */
export interface ProbeHistory {
  spanMs: number;
  /** Oldest first. */
  buckets: readonly ProbeBucket[];
  /** The newest attempts, oldest first. */
  attempts: readonly RecordedAttempt[];
  /** The newest of them that failed, oldest first. */
  failures: readonly RecordedAttempt[];
}

/** A time in which a probe would have been failing. */
export interface ProbeBacktestHit {
  /** When it would have begun to fail. */
  at: number;
  /** When it would have passed again, or the program was started anew; null: neither is recorded. */
  until: number | null;
  /** Failures that would have counted at that moment; one on a starved machine is half of one. */
  failures: number;
}

/** What a probe with other numbers would have decided in the past. */
export interface ProbeBacktest {
  role: ProbeRole;
  /** The first and the last attempt that was judged; nulls for none. */
  from: number | null;
  to: number | null;
  /** Attempts that counted. */
  attempts: number;
  hits: readonly ProbeBacktestHit[];
}
