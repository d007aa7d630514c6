import { formatBytes } from '../lib/format/values';
import { ceiling, choice } from '../model/settings/kinds';
import { LIMIT_ACTIONS, type LimitDefinition } from './definition';

export const memory = {
  metric: 'memory',
  label: 'Memory limit',
  noun: 'memory',
  quantity: 'memory usage',
  excess: 'high memory usage',
  over: 'used too much memory',
  near: 'is near its memory limit',
  unit: 'bytes',
  write: formatBytes,
  shape: 'square',
  keys: { warn: 'memory.warnBytes', act: 'memory.limitBytes', action: 'memory.action' },
  settings: {
    'memory.warnBytes': ceiling({
      label: 'Memory warning',
      group: 'limits',
      min: 1_000_000,
      max: 1e15,
      unit: 'bytes',
      perWatch: true,
      help: 'Memory above which a warning is given: resident memory; in a tree, memory that its processes share counts once (PSS).',
    }),
    'memory.limitBytes': ceiling({
      label: 'Memory limit',
      group: 'limits',
      min: 1_000_000,
      max: 1e15,
      unit: 'bytes',
      perWatch: true,
      help: 'Memory above which `memory.action` is taken: resident memory; in a tree, memory that its processes share counts once (PSS).',
    }),
    'memory.action': choice({
      label: 'Memory action',
      group: 'limits',
      default: 'restart',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done about too much memory.',
    }),
  },
} as const satisfies LimitDefinition;
