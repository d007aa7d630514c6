import { formatCount } from '../lib/format/values';
import { ceiling, choice } from '../model/settings/kinds';
import { LIMIT_ACTIONS, type LimitDefinition } from './definition';

export const openFiles = {
  metric: 'open_files',
  label: 'Open files limit',
  noun: 'open files',
  quantity: 'number of open files',
  excess: 'too many open files',
  over: 'had too many open files',
  near: 'is near its limit of open files',
  unit: 'files',
  write: formatCount,
  shape: 'circle',
  keys: { warn: null, act: 'openFiles.limit', action: 'openFiles.action' },
  settings: {
    'openFiles.limit': ceiling({
      label: 'Open files limit',
      group: 'counts',
      min: 1,
      max: 10_000_000,
      unit: 'files',
      perWatch: true,
      help: 'Open files above which `openFiles.action` is taken. Linux only.',
    }),
    'openFiles.action': choice({
      label: 'Open files action',
      group: 'counts',
      default: 'notify',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done about too many open files.',
    }),
  },
} as const satisfies LimitDefinition;
