import { ceiling } from '../model/settings/kinds';
import type { DistressDefinition } from './definition';

export const memory = {
  kind: 'memory',
  label: 'Memory nearly used up',
  advice: 'ps aux --sort -rss shows what uses it',
  needed: 3,
  of: 4,
  settings: {
    'machine.memoryPercent': ceiling(
      {
        label: 'Machine memory limit',
        group: 'machine',
        min: 1,
        max: 100,
        unit: '%',
        help: 'Share of the memory that is not available to programs above which the machine is in distress; none: not checked.',
      },
      90,
    ),
  },
} as const satisfies DistressDefinition;
