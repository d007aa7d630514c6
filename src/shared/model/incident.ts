import type { AffectedHow, HealdeckEvent, IncidentReference } from './event';

/** A watch that an incident of another one has led to trouble. */
export interface AffectedWatch {
  watch: string;
  /** Its incident; null: it has none. */
  incident: number | null;
  how: AffectedHow;
}

/** The events of one incident: what was noticed, what was done, how it ended. */
export interface Incident {
  /** Number of the event that opened it. */
  id: number;
  watch: string;
  /** ISO 8601. */
  startedAt: string;
  /** ISO 8601; null while it is open. */
  endedAt: string | null;
  durationMs: number | null;
  /**
   * `recovered`: the heal held; `stopped`: the operator, a clean exit or the end of the machine ended it; `failed`: it was
   * given up or killed for good; `open`: it goes on.
   */
  outcome: 'recovered' | 'stopped' | 'failed' | 'open';
  /** Automatic restarts in it. */
  restarts: number;
  /** The incident of another watch that led to it; null: none did, as far as is known. */
  cause: IncidentReference | null;
  /** Other watches that it has led to trouble, in the order in which that was found. */
  affects: readonly AffectedWatch[];
  cooldowns: number;
  /** What most of its ends had in common, in words; null when there is no such thing. */
  commonExit: string | null;
  /** The sentence of the first event. */
  summary: string;
  events: readonly HealdeckEvent[];
}
