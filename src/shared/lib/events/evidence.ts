import { THRESHOLD } from '../../events/anomaly-evidence';
import type { HealdeckEvent } from '../../model/event';

/** The readings behind an event and the line they were held against, for a drawing; null when it carries none. */
export interface Evidence {
  /** `at` in ms; null when only the order of the readings is known. */
  readings: readonly { at: number | null; value: number }[];
  unit: string;
  threshold: number | null;
  /** What the line is: "limit", "warning" or "threshold". */
  thresholdName: string;
}

/** The readings that an event carries. */
export function evidenceOf(event: HealdeckEvent): Evidence | null {
  if (event.type === 'limit_exceeded') {
    const { values, unit, limit, level } = event.data;
    const readings = values.map((value) => ({ at: null, value }));
    return { readings, unit, threshold: limit, thresholdName: level === 'act' ? 'limit' : 'warning' };
  }
  if (event.type !== 'anomaly_detected' || event.data.evidence.samples.length === 0) return null;
  const { samples, unit, numbers } = event.data.evidence;
  const threshold = numbers[THRESHOLD];
  return {
    readings: samples,
    unit,
    threshold: typeof threshold === 'number' ? threshold : null,
    thresholdName: 'threshold',
  };
}
