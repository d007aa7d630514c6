import { ceiling } from '../model/settings/kinds';
import type { DistressDefinition } from './definition';

export const diskInodes = {
  kind: 'disk_inodes',
  label: 'Inodes nearly used up',
  advice: 'remove what is not needed: du --inodes -x DISK | sort -n shows where the most files are',
  needed: 2,
  of: 3,
  settings: {
    'machine.inodePercent': ceiling(
      {
        label: 'Inode usage limit',
        group: 'machine',
        min: 1,
        max: 100,
        unit: '%',
        help: 'Share of the inodes of a disk in use above which the machine is in distress: without one no file can be created, however much space there is; none: not checked. Linux only.',
      },
      90,
    ),
  },
} as const satisfies DistressDefinition;
