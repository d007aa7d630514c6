import { formatCount } from '../lib/format/values';
import { ceiling, choice } from '../model/settings/kinds';
import { LIMIT_ACTIONS, type LimitDefinition } from './definition';

export const sockets = {
  metric: 'sockets',
  label: 'Socket limit',
  noun: 'open sockets',
  quantity: 'number of open sockets',
  excess: 'too many open sockets',
  over: 'had too many open sockets',
  near: 'is near its limit of open sockets',
  unit: 'sockets',
  chart: { title: 'Sockets' },
  write: formatCount,
  shape: 'circle',
  keys: { warn: 'sockets.warn', act: 'sockets.limit', action: 'sockets.action' },
  settings: {
    'sockets.warn': ceiling({
      label: 'Sockets warning',
      group: 'counts',
      min: 1,
      max: 10_000,
      unit: 'sockets',
      perWatch: true,
      help: 'Open sockets above which a warning is given. Linux only; for processes of other users only if Healdeck runs as root.',
    }),
    'sockets.limit': ceiling({
      label: 'Sockets limit',
      group: 'counts',
      min: 1,
      max: 10_000,
      unit: 'sockets',
      perWatch: true,
      help: 'Open sockets above which `sockets.action` is taken. Linux only; for processes of other users only if Healdeck runs as root.',
    }),
    'sockets.action': choice({
      label: 'Sockets action',
      group: 'counts',
      default: 'notify',
      choices: LIMIT_ACTIONS,
      perWatch: true,
      help: 'What is done about too many open sockets.',
    }),
  },
} as const satisfies LimitDefinition;
