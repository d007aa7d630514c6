import { ceiling } from '../model/settings/kinds';
import type { DistressDefinition } from './definition';

export const load = {
  kind: 'load',
  label: 'Load high',
  advice: 'healdeck ps shows what runs; processes that wait for a disk count as well',
  needed: 2,
  of: 3,
  settings: {
    'machine.loadPerCore': ceiling(
      {
        label: 'Load limit for each core',
        group: 'machine',
        min: 0.1,
        max: 1000,
        unit: '',
        help: 'Load average over 5 minutes for each core above which the machine is in distress; none: not checked.',
      },
      4,
    ),
  },
} as const satisfies DistressDefinition;
