import type { Settings } from '../../../shared/model/settings';
import type { LimitMetric, LimitRule, Tolerance } from './limits';

/** The ceilings of a metric, as they are set. */
export function limitRule(metric: LimitMetric, settings: Settings): LimitRule {
  switch (metric) {
    case 'cpu':
      return {
        warn: settings['cpu.warnPercent'],
        act: settings['cpu.limitPercent'],
        action: settings['cpu.action'],
      };
    case 'memory':
      return {
        warn: settings['memory.warnBytes'],
        act: settings['memory.limitBytes'],
        action: settings['memory.action'],
      };
    case 'disk_read':
      return {
        warn: settings['diskRead.warnBytesPerSecond'],
        act: settings['diskRead.limitBytesPerSecond'],
        action: settings['diskRead.action'],
      };
    case 'disk_write':
      return {
        warn: settings['diskWrite.warnBytesPerSecond'],
        act: settings['diskWrite.limitBytesPerSecond'],
        action: settings['diskWrite.action'],
      };
    case 'threads':
      return { warn: null, act: settings['threads.limit'], action: settings['threads.action'] };
    case 'open_files':
      return { warn: null, act: settings['openFiles.limit'], action: settings['openFiles.action'] };
    case 'children':
      return { warn: null, act: settings['children.limit'], action: settings['children.action'] };
  }
}

/** How much of a violation is a violation, as it is set. */
export function toleranceOf(settings: Settings): Tolerance {
  return {
    violations: settings['limits.violations'],
    samples: settings['limits.samples'],
    clearPercent: settings['limits.clearPercent'],
  };
}
