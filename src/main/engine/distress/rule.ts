import type { Severity } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';
import type { MachineSample } from '../../../shared/model/snapshot';
import type { DiskSpace } from '../ports';

/** What one check of the machine has read. */
export interface MachineReading {
  /** null: the OS does not show it, or not in time. */
  disks: readonly DiskSpace[] | null;
  /** null: not read yet. */
  totals: MachineSample | null;
  /** null: not known. */
  swappedBytesPerSecond: number | null;
  isClockSynchronised: boolean | null;
}

/**
 * Where a value lies: beyond its limit, well within it, or between the two. What is between changes nothing, so that a value
 * that moves about its limit does not begin and end a distress each time.
 */
export type Standing = 'beyond' | 'between' | 'within';

/** What a rule makes of a reading, for one disk or for the machine. */
export interface Judgement {
  /** The mount point of a disk; null: the whole machine. */
  subject: string | null;
  standing: Standing;
  /** How severe it is if it is beyond. */
  severity: Severity;
  /** How it is, as a sentence without an end mark that is right before and after the limit. */
  detail: string;
}

/** Judges readings by one kind. null: it is switched off; empty: the reading shows nothing of it, which is no evidence for or against. */
export type DistressRule = (reading: MachineReading, settings: Settings) => readonly Judgement[] | null;

/** Where a value lies that is too high above `limit`, and well within at `calm` and below. */
export function standingOf(value: number, limit: number, calm: number): Standing {
  if (value > limit) return 'beyond';
  return value <= calm ? 'within' : 'between';
}
