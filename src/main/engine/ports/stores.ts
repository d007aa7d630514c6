import type { EventDraft, HealdeckEvent } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';
import type { ProbeAttempt } from '../../../shared/model/probe';
import type { DiskRates, MetricCounts } from '../../../shared/model/snapshot';
import type { Watch } from '../../../shared/model/watch';
import type { PersistedState, PersistedWatch } from './persisted-state';

/** Where events stay. Appending never throws and never waits: what can't be written now is kept and written later. */
export interface EventLog {
  /** Gives the draft its number and time, and keeps it. */
  append(draft: EventDraft): HealdeckEvent;
  /** Events that are not on disk yet. */
  readonly unwritten: number;
  /** Wall time since when the oldest of them waits; null when none does. */
  readonly unwrittenSince: number | null;
  /** Why earlier events could not be read the last time they were asked for; null: they could. */
  readonly readProblem: string | null;
}

/** What is kept for charts of one watch (the sum over its processes), or of the machine (null), at one moment. */
export interface SampleReading extends DiskRates, MetricCounts {
  watchId: string | null;
  cpuPercent: number;
  memoryBytes: number;
  /** Load average over a minute; of the machine only. */
  load?: number;
}

/** One attempt of a probe of a watch. */
export interface AttemptReading extends ProbeAttempt {
  watchId: string;
  /** Its name. */
  probe: string;
}

/** Keeps readings for charts; may drop them when the disk won't have them. */
export interface SampleStore {
  /** `attempts`: those of probes since the last readings, in one write with these. */
  recordSamples(at: number, readings: readonly SampleReading[], attempts?: readonly AttemptReading[]): void;
}

/** `state.json`. */
export interface StateStore {
  /** The state of the last engine, or null. */
  load(): PersistedState | null;
  /**
   * Never throws and never waits. It is kept together with the events that were appended in the same turn: the next engine finds
   * all of them, or none.
   */
  save(state: PersistedState): void;
  /** The same of one watch, once the whole state was saved: with a thousand watches that is a thousandth of the work. */
  saveWatch(id: string, memory: PersistedWatch): void;
  /** Whether all that was saved of a watch would outlive this engine. */
  isSaved(id: string): boolean;
  /** Resolves once what was saved in this turn would outlive this engine; after `limitMs` in any case, as healing continues without it. */
  saved(limitMs: number): Promise<void>;
}

/** `config.json`. Saving throws when the file can't be written, and then nothing has changed. */
export interface ConfigStore {
  watches(): readonly Watch[];
  saveWatches(watches: readonly Watch[]): void;
  /** The settings that somebody has set; the others follow the profile. */
  overrides(): Partial<Settings>;
  saveOverrides(overrides: Partial<Settings>): void;
  /** Both at once, in one write. */
  saveAll(config: { watches: readonly Watch[]; overrides: Partial<Settings> }): void;
}
