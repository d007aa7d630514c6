import { formatCount } from '../lib/format/values';
import { ceiling, choice } from '../model/settings/kinds';
import { LIMIT_ACTIONS, type LimitDefinition } from './definition';

export const threads = {
  metric: 'threads',
  label: 'Thread limit',
  noun: 'threads',
  quantity: 'number of threads',
  excess: 'too many threads',
  over: 'had too many threads',
  near: 'is near its limit of threads',
  unit: 'threads',
  write: formatCount,
  shape: 'circle',
  keys: { warn: null, act: 'threads.limit', action: 'threads.action' },
  settings: {
    'threads.limit': ceiling({
      label: 'Threads limit',
      group: 'counts',
      min: 1,
      max: 1_000_000,
      unit: 'threads',
      perWatch: true,
      help: 'Threads above which `threads.action` is taken.',
    }),
    'threads.action': choice({
      label: 'Threads action',
      group: 'counts',
      default: 'notify',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done about too many threads.',
    }),
  },
} as const satisfies LimitDefinition;
