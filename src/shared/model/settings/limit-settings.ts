import { LIMITS } from '../../findings/list';
import { mergedSettings } from './merged-settings';
import { choice, integer } from './kinds';

/** What is too much of each metric, what is done about it, and what counts as a violation. */
export const LIMIT_SETTINGS = {
  ...mergedSettings(LIMITS),
  'limits.scope': choice({
    label: 'Limits apply to',
    group: 'limits',
    default: 'tree',
    choices: ['process', 'tree'],
    perWatch: true,
    help: 'Whether limits apply to the process alone, or to the process and all its descendants together.',
  }),
  'limits.violations': integer({
    label: 'Readings above a limit',
    group: 'limits',
    default: 3,
    min: 1,
    max: 100,
    unit: 'readings',
    perWatch: true,
    help: 'How many of the last readings must be above a limit before the action is taken.',
  }),
  'limits.samples': integer({
    label: 'Readings considered',
    group: 'limits',
    default: 5,
    min: 1,
    max: 100,
    unit: 'readings',
    perWatch: true,
    help: 'The number of last readings in which `limits.violations` are counted.',
  }),
  'limits.clearPercent': integer({
    label: 'Clear threshold',
    group: 'limits',
    default: 90,
    min: 1,
    max: 100,
    unit: '%',
    perWatch: true,
    help: 'A limit that was exceeded is cleared when the value falls below this percentage of it.',
  }),
} as const;
