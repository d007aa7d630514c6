import { eventTypesWith } from '../events';
import type { EventType, HealdeckEvent } from './event';
import type { ProcessRow } from './process';

/** A process that has ended; the row is its last reading. */
export interface EndedRow extends ProcessRow {
  /** When the first scan without it was made, in ms since the epoch. */
  endedAt: number;
}

/** The process table as it was recorded. What is not recorded is null (`protectedBecause`); CPU is exact to 1 %, memory to 0.5 %. */
export interface PastTable {
  /** The moment that was recorded: the one that was asked for, or the last one before it. */
  at: number;
  rows: readonly ProcessRow[];
  /** Those that ended since the recorded moment before this one. */
  ended: readonly EndedRow[];
  /** What was noticed and healed within 10 s of the moment that was asked for, oldest first. */
  events: readonly HealdeckEvent[];
}

/** Something that makes the table of that moment worth reading. */
export interface PastMark {
  at: number;
  kind: EventType;
  watch: string | null;
  incident: number | null;
}

/** The time over which the process table is recorded; nulls when nothing is. */
export interface RecordedTime {
  from: number | null;
  to: number | null;
  /** Oldest first. */
  marks: readonly PastMark[];
}

/** Events that mark the past: what was found, and what was done about it. */
export const MARKING_EVENTS = eventTypesWith(({ marksPast }) => marksPast === true);
