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
  near: 'is near its limit of writing to disk',
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
      help: 'Rate of writing to storage above which a warning is given; only where the OS reports it (Linux; of another user only root may look).',
    }),
    'diskWrite.limitBytesPerSecond': ceiling({
      label: 'Disk write limit',
      group: 'disk',
      min: 1000,
      max: 1e12,
      unit: 'bytes/s',
      perWatch: true,
      help: 'Rate of writing to storage above which `diskWrite.action` is taken; only where the OS reports it (Linux; of another user only root may look).',
    }),
    'diskWrite.action': choice({
      label: 'Disk write action',
      group: 'disk',
      default: 'notify',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done about too much writing to storage.',
    }),
  },
} as const satisfies LimitDefinition;
