import { limitOf, type LimitMetric } from '../../../shared/findings';
import type { Settings } from '../../../shared/model/settings';
import type { LimitRule, Tolerance } from './limits';

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

/** How much of a violation is a violation, as it is set. */
export function toleranceOf(settings: Settings): Tolerance {
  return {
    violations: settings['limits.violations'],
    samples: settings['limits.samples'],
    clearPercent: settings['limits.clearPercent'],
  };
}
