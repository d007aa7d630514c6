import { limitOf, LIMITS, type LimitMetric } from '../../../shared/findings';
import type { Settings } from '../../../shared/model/settings';
import type { LimitRule, Tolerance } from './limits';
import { METRIC_READERS } from './metrics';
import type { TreeReading } from './tree-reading';

/** The ceilings of a metric, as they are set. */
export function limitRule(metric: LimitMetric, settings: Settings): LimitRule {
  const { warn, act, action } = limitOf(metric).keys;
  return { warn: warn === null ? null : settings[warn], act: settings[act], action: settings[action] };
}

/** Whether a limit or a warning is set for a metric. */
export function isLimited(metric: LimitMetric, settings: Settings): boolean {
  const { warn, act } = limitRule(metric, settings);
  return warn !== null || act !== null;
}

/** What is compared with limits, in the order of the metrics. */
export type MetricValues = ReadonlyMap<LimitMetric, number>;

/** The values of one reading for which a limit or a warning is set, as far as they are known. Nothing else is asked for. */
export function limitedValues(reading: TreeReading, settings: Settings): MetricValues {
  const values = new Map<LimitMetric, number>();
  for (const { metric } of LIMITS) {
    const value = isLimited(metric, settings) ? METRIC_READERS[metric](reading) : null;
    if (value !== null) values.set(metric, value);
  }
  return values;
}

/** How much of a violation is a violation, as it is set. */
export function toleranceOf(settings: Settings): Tolerance {
  return {
    violations: settings['limits.violations'],
    samples: settings['limits.samples'],
    clearPercent: settings['limits.clearPercent'],
  };
}
