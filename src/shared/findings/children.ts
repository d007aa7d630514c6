import { formatCount } from '../lib/format/values';
import { ceiling, choice } from '../model/settings/kinds';
import { LIMIT_ACTIONS, type LimitDefinition } from './definition';

export const children = {
  metric: 'children',
  label: 'Children limit',
  noun: 'children',
  quantity: 'number of descendants',
  excess: 'too many descendants',
  over: 'had too many descendants',
  near: 'is near its limit of descendants',
  unit: 'processes',
  write: formatCount,
  shape: 'circle',
  keys: { warn: null, act: 'children.limit', action: 'children.action' },
  settings: {
    'children.limit': ceiling({
      label: 'Children limit',
      group: 'counts',
      min: 1,
      max: 1_000_000,
      unit: 'processes',
      perWatch: true,
      help: 'Descendants above which `children.action` is taken.',
    }),
    'children.action': choice({
      label: 'Children action',
      group: 'counts',
      default: 'notify',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done about too many descendants.',
    }),
  },
} as const satisfies LimitDefinition;
