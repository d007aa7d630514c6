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
    help: 'Whether limits hold for the process alone or for it and all its descendants together.',
  }),
  'limits.violations': integer({
    label: 'Readings above a limit',
    group: 'limits',
    default: 3,
    min: 1,
    max: 100,
    unit: 'readings',
    perWatch: true,
    help: 'So many of the last readings must be above a limit before anything is done.',
  }),
  'limits.samples': integer({
    label: 'Of the last readings',
    group: 'limits',
    default: 5,
    min: 1,
    max: 100,
    unit: 'readings',
    perWatch: true,
    help: 'The last readings that `limits.violations` counts in.',
  }),
  'limits.clearPercent': integer({
    label: 'Clear again below',
    group: 'limits',
    default: 90,
    min: 1,
    max: 100,
    unit: '%',
    perWatch: true,
    help: 'A limit that was exceeded is clear again below this share of it.',
  }),
} as const;
