import { ceiling, integer } from '../model/settings/kinds';
import type { DistressDefinition } from './definition';

export const diskSpace = {
  kind: 'disk_space',
  label: 'Disk nearly full',
  advice: 'remove what is not needed: du -xh DISK | sort -h shows what is large; or raise machine.diskPercent',
  needed: 2,
  of: 3,
  settings: {
    'machine.diskPercent': ceiling(
      {
        label: 'Disk usage limit',
        group: 'machine',
        min: 1,
        max: 100,
        unit: '%',
        help: 'Share of a disk in use above which the machine is in distress, if less than `machine.diskFreeBytes` is available; none: not checked. Local disks that can be written to; Linux only.',
      },
      90,
    ),
    'machine.diskFreeBytes': integer({
      label: 'Sufficient disk space',
      group: 'machine',
      default: 20_000_000_000,
      min: 1,
      max: 1_000_000_000_000_000,
      unit: 'bytes',
      help: 'A disk with at least this much available is not nearly full, whatever share of it is in use.',
    }),
  },
} as const satisfies DistressDefinition;
