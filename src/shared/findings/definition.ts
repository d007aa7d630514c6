import type { AnomalyEvidence } from '../model/event-parts';
import type { SettingTable } from '../model/settings/merged-settings';
import type { Unit } from '../model/unit';

/** What can be done about a limit that is exceeded. */
export const LIMIT_ACTIONS = ['notify', 'restart', 'kill', 'lower_priority', 'suspend'] as const;
export type LimitAction = (typeof LIMIT_ACTIONS)[number];

/** What can be done about an anomaly. */
export type AnomalyAction = 'notify' | 'reap' | 'restart' | 'kill' | 'freeze_and_kill';

/** What events report as done about any finding; `cooldown`: about rapid crashes. */
export type FindingAction = LimitAction | AnomalyAction | 'cooldown';

/** The shape of a mark: kinds differ by shape, severities by colour. */
export type FindingShape = 'diamond' | 'circle' | 'triangle' | 'square' | 'cross';

/** A metric that can be limited: how it is called, what it is measured in, and its settings. `engine/detect/metrics.ts` reads it. */
export interface LimitDefinition {
  /** As events name it. */
  metric: string;
  /** Its limit as the kind of a finding: `CPU limit`. */
  label: string;
  /** What is measured: `CPU`, `open files`. */
  noun: string;
  /** The same as something that is too high: `CPU usage`, `number of open files`. */
  quantity: string;
  /** A value above the limit, as a cause: `high CPU usage`. */
  excess: string;
  /** What a watch did, or is, that is above its limit, or its warning. */
  over: string;
  near: string;
  unit: Unit;
  /**
   * It is recorded, drawn over time and a column of the watches while a limit asks for it: its title there. Left out: it has
   * a place of its own, or none.
   */
  chart?: { title: string };
  /** A value in a sentence of an event. */
  write: (value: number) => string;
  shape: FindingShape;
  /** Keys in `settings`; `warn` is null where nothing warns. */
  keys: { warn: string | null; act: string; action: string };
  settings: SettingTable;
}

/** What a detector finds: how it is called, and its settings. `engine/detect/rules.ts` finds it. */
export interface AnomalyDefinition {
  /** As events name it. */
  anomaly: string;
  label: string;
  /** What is wrong with the watch, after its name. */
  sentence: (found: AnomalyWords) => string;
  shape: FindingShape;
  /** It stands beside an incident and is never its outcome or a cause. */
  isAside?: true;
  settings: SettingTable;
}

/** The evidence of an anomaly as a sentence needs it; `first` and `latest` reading and the time between in words. */
export interface AnomalyWords {
  evidence: AnomalyEvidence;
  first: string;
  latest: string;
  window: string;
}
