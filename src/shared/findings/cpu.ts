import { formatPercent } from '../lib/format/values';
import { ceiling, choice } from '../model/settings/kinds';
import { LIMIT_ACTIONS, type LimitDefinition } from './definition';

export const cpu = {
  metric: 'cpu',
  label: 'CPU limit',
  noun: 'CPU',
  quantity: 'CPU usage',
  excess: 'high CPU usage',
  over: 'used too much CPU',
  near: 'is near its CPU limit',
  unit: '% of one core',
  write: formatPercent,
  shape: 'triangle',
  keys: { warn: 'cpu.warnPercent', act: 'cpu.limitPercent', action: 'cpu.action' },
  settings: {
    'cpu.warnPercent': ceiling({
      label: 'CPU warning',
      group: 'limits',
      min: 1,
      max: 100_000,
      unit: '% of one core',
      perWatch: true,
      help: 'CPU above which a warning is given.',
    }),
    'cpu.limitPercent': ceiling({
      label: 'CPU limit',
      group: 'limits',
      min: 1,
      max: 100_000,
      unit: '% of one core',
      perWatch: true,
      help: 'CPU above which `cpu.action` is taken.',
    }),
    'cpu.action': choice({
      label: 'CPU action',
      group: 'limits',
      default: 'restart',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done about too much CPU.',
    }),
  },
} as const satisfies LimitDefinition;
