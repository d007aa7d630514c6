import { ceiling } from '../model/settings/kinds';
import type { DistressDefinition } from './definition';

export const swap = {
  kind: 'swap',
  label: 'Swap nearly full',
  advice: 'ps aux --sort -rss shows what uses the memory',
  needed: 3,
  of: 4,
  settings: {
    'machine.swapPercent': ceiling(
      {
        label: 'Swap usage limit',
        group: 'machine',
        min: 1,
        max: 100,
        unit: '%',
        help: 'Share of the swap space in use above which the machine is in distress, while more than 100 kB/s are swapped in or out; none: not checked. Linux only.',
      },
      90,
    ),
  },
} as const satisfies DistressDefinition;
