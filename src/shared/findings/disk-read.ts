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
  near: 'is near its limit of reading from disk',
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
      help: 'Rate of reading from storage above which a warning is given; only where the OS reports it (Linux; of another user only root may look).',
    }),
    'diskRead.limitBytesPerSecond': ceiling({
      label: 'Disk read limit',
      group: 'disk',
      min: 1000,
      max: 1e12,
      unit: 'bytes/s',
      perWatch: true,
      help: 'Rate of reading from storage above which `diskRead.action` is taken; only where the OS reports it (Linux; of another user only root may look).',
    }),
    'diskRead.action': choice({
      label: 'Disk read action',
      group: 'disk',
      default: 'notify',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done about too much reading from storage.',
    }),
  },
} as const satisfies LimitDefinition;
