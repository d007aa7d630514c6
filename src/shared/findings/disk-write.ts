import { formatRate } from '../lib/format/values';
import { ceiling, choice } from '../model/settings/kinds';
import { LIMIT_ACTIONS, type LimitDefinition } from './definition';

export const diskWrite = {
  metric: 'disk_write',
  label: 'Disk write limit',
  noun: 'disk write rate',
  quantity: 'disk write rate',
  excess: 'high disk write rate',
  over: 'wrote too much to disk',
  near: 'is near its disk write limit',
  unit: 'bytes/s',
  write: formatRate,
  shape: 'circle',
  keys: { warn: 'diskWrite.warnBytesPerSecond', act: 'diskWrite.limitBytesPerSecond', action: 'diskWrite.action' },
  settings: {
    'diskWrite.warnBytesPerSecond': ceiling({
      label: 'Disk write warning',
      group: 'disk',
      min: 1000,
      max: 1e12,
      unit: 'bytes/s',
      perWatch: true,
      help: 'Disk write rate above which a warning is given. Linux only; for processes of other users only if Healdeck runs as root.',
    }),
    'diskWrite.limitBytesPerSecond': ceiling({
      label: 'Disk write limit',
      group: 'disk',
      min: 1000,
      max: 1e12,
      unit: 'bytes/s',
      perWatch: true,
      help: 'Disk write rate above which `diskWrite.action` is taken. Linux only; for processes of other users only if Healdeck runs as root.',
    }),
    'diskWrite.action': choice({
      label: 'Disk write action',
      group: 'disk',
      default: 'notify',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done when the disk write limit is exceeded.',
    }),
  },
} as const satisfies LimitDefinition;
