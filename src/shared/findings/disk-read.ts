import { formatRate } from '../lib/format/values';
import { ceiling, choice } from '../model/settings/kinds';
import { LIMIT_ACTIONS, type LimitDefinition } from './definition';

export const diskRead = {
  metric: 'disk_read',
  label: 'Disk read limit',
  noun: 'disk read rate',
  quantity: 'disk read rate',
  excess: 'high disk read rate',
  over: 'read too much from disk',
  near: 'is near its disk read limit',
  unit: 'bytes/s',
  write: formatRate,
  shape: 'circle',
  keys: { warn: 'diskRead.warnBytesPerSecond', act: 'diskRead.limitBytesPerSecond', action: 'diskRead.action' },
  settings: {
    'diskRead.warnBytesPerSecond': ceiling({
      label: 'Disk read warning',
      group: 'disk',
      min: 1000,
      max: 1e12,
      unit: 'bytes/s',
      perWatch: true,
      help: 'Disk read rate above which a warning is given. Linux only; for processes of other users only if Healdeck runs as root.',
    }),
    'diskRead.limitBytesPerSecond': ceiling({
      label: 'Disk read limit',
      group: 'disk',
      min: 1000,
      max: 1e12,
      unit: 'bytes/s',
      perWatch: true,
      help: 'Disk read rate above which `diskRead.action` is taken. Linux only; for processes of other users only if Healdeck runs as root.',
    }),
    'diskRead.action': choice({
      label: 'Disk read action',
      group: 'disk',
      default: 'notify',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done when the disk read limit is exceeded.',
    }),
  },
} as const satisfies LimitDefinition;
