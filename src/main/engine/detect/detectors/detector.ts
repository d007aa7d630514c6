import type { AnomalyKind } from '../../../../shared/findings';
import type { Unit } from '../../../../shared/model/unit';

/** One reading of a watched process or of its whole tree, as the detectors see it. */
export interface DetectorSample {
  /** Monotonic time, in ms. */
  atMs: number;
  /** CPU use since the reading before, in % of one core: of the process or of its tree, as the watch counts. */
  cpuPercent: number;
  /** What its busiest thread asks for, in % of one core; null where it is not measured: it is on a busy machine only. */
  cpuDemandPercent: number | null;
  rssBytes: number;
  /** Resident minus shared memory (proc(5), statm); the resident memory where the OS does not distinguish them. */
  privateBytes: number;
  /** Living processes below this one, at any depth: a zombie is not one. */
  descendants: number;
  /**
   * The largest number of descendants that run one and the same program, or null when nobody counted. It distinguishes a program
   * that multiplies itself from a build that starts many different ones.
   */
  sameProgramDescendants: number | null;
  /** Descendants with a grandchild that runs what they run, or null when nobody counted. */
  multiplyingDescendants: number | null;
  /** Descendants that started within the last 10 s, or null when nobody counted. */
  youngDescendants: number | null;
  /** Descendants that started within each of the last half seconds, the newest first, or null when nobody counted. */
  births: readonly number[] | null;
  /** Whether each of the newest descendants serves a connection of its own; null when that can't be asked. */
  servesConnections: (() => boolean) | null;
  /** CPU use of the whole machine, 0 to 100, or null when it is not known. */
  machineCpuPercent: number | null;
  /** The memory limit of the watch, or null when it has none. */
  limitBytes: number | null;
  /** How large the heap of the watched process may grow by its command line, or null when that says nothing. */
  heapLimitBytes: number | null;
  machineMemoryBytes: number;
  /** Time since the start of the process. */
  uptimeMs: number;
}

export type AnomalySeverity = 'medium' | 'high' | 'critical';

/** One of the readings that made a rule fire. */
export interface Reading {
  /** Monotonic time, in ms. */
  atMs: number;
  value: number;
}

/** What made a rule fire. */
export interface EvidenceBase {
  /** Name of the rule: a detector may have several. */
  rule: string;
  /** The readings that the rule looked at, oldest first, thinned to at most `MAX_EVIDENCE_SAMPLES`. */
  samples: readonly Reading[];
  /** Unit of the samples' values and of `threshold`. */
  unit: Unit;
  /** What the last value was compared with, in `unit`. */
  threshold: number;
  /** The whole rule in words, with its numbers. */
  thresholdText: string;
  /** The time that the samples span, in seconds. */
  windowSeconds: number;
}

/** More readings than this are no better proof, and every one of them is written to the history. */
export const MAX_EVIDENCE_SAMPLES = 40;

/** What a detector found. */
export interface AnomalyOf<K extends AnomalyKind, E extends EvidenceBase> {
  anomaly: K;
  severity: AnomalySeverity;
  /** One sentence: what is wrong, with the numbers that show it. Names in it are not escaped. */
  message: string;
  evidence: E;
}

/** What any detector may find; `anomaly` is the kind. */
export type Anomaly = AnomalyOf<AnomalyKind, EvidenceBase>;

/** A rule over the readings of one process. Feed it every reading, in the order of time. */
export interface Detector<S, A> {
  /** An anomaly at the reading with which it begins; null at all others. */
  observe(sample: S): A | null;
  /** Forgets everything: after a heal and after a gap every window starts empty. */
  reset(): void;
}

/** The time from the first to the last reading, in seconds. */
export function spanSeconds(readings: readonly Reading[]): number {
  const first = readings[0];
  const last = readings[readings.length - 1];
  return first === undefined || last === undefined ? 0 : (last.atMs - first.atMs) / 1000;
}
