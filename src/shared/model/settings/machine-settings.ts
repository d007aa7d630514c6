import { DISTRESSES } from '../../distress/list';
import { integer } from './kinds';
import { mergedSettings } from './merged-settings';

/** When the machine itself is in distress. */
export const MACHINE_SETTINGS = {
  'machine.intervalMs': integer({
    label: 'Machine check interval',
    group: 'machine',
    default: 60_000,
    min: 1000,
    max: 3_600_000,
    unit: 'ms',
    help: 'Time between two checks of disks, memory, swap, load and clock of the machine.',
  }),
  ...mergedSettings(DISTRESSES),
} as const;
