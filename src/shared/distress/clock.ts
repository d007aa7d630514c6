import { flag } from '../model/settings/kinds';
import type { DistressDefinition } from './definition';

export const clock = {
  kind: 'clock',
  label: 'Clock not synchronised',
  advice: 'timedatectl timesync-status shows the time server and what it answers',
  // A machine that has just booted takes some minutes to find a time server.
  needed: 10,
  of: 10,
  settings: {
    'machine.clockSync': flag({
      label: 'Clock synchronisation check',
      group: 'machine',
      default: true,
      help: 'Reports a clock that is not synchronised, where a service that should do so is running and shows whether it does (systemd-timesyncd).',
    }),
  },
} as const satisfies DistressDefinition;
