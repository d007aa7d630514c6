import type { AnomalyAction, AnomalyKind } from '../../../../shared/findings';
import type { ProcessSample } from '../../../../shared/model/process';
import type { Settings } from '../../../../shared/model/settings';
import type { Anomaly, DetectorSample } from '../detectors';
import type { TreeReading } from '../tree-reading';

/** An anomaly of a watched process, and what is done about it. */
export interface AnomalyFinding {
  kind: 'anomaly';
  anomaly: Anomaly;
  action: AnomalyAction;
  pid: number;
  /** The process that it is about: the watched one, or one below it. */
  subject: ProcessSample;
}

/** Looks for one kind of anomaly in the readings of one watched process. */
export interface AnomalyRule {
  /** True while another reading soon would decide. */
  readonly suspicious?: boolean;
  /** What this reading shows. `sample` is the reading as detectors take it. */
  evaluate(reading: TreeReading, sample: DetectorSample): readonly AnomalyFinding[];
}

/** A kind of anomaly and what finds it. What it is called and its settings are in shared/findings. */
export interface AnomalyRuleDefinition {
  kind: AnomalyKind;
  /** It reckons with pauses between readings itself, so what it knows outlives a stall of the engine. */
  survivesPauses?: true;
  /** For one process; null where the settings switch it off. */
  create(settings: Settings): AnomalyRule | null;
}

/** An anomaly of the watched process itself as a finding; none for none. */
export function ofRoot(anomaly: Anomaly | null, action: AnomalyAction, root: ProcessSample): readonly AnomalyFinding[] {
  return anomaly === null ? [] : [{ kind: 'anomaly', anomaly, action, pid: root.pid, subject: root }];
}
