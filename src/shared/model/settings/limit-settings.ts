import { ceiling, choice, integer } from './kinds';

const LIMIT_ACTIONS = ['notify', 'restart', 'kill', 'lower_priority', 'suspend'] as const;

/** What is too much, and what is done about it. */
export const LIMIT_SETTINGS = {
  'limits.scope': choice({
    default: 'tree',
    choices: ['process', 'tree'],
    perWatch: true,
    help: 'Whether limits hold for the process alone or for it and all its descendants together.',
  }),
  'limits.violations': integer({
    default: 3,
    min: 1,
    max: 100,
    unit: 'readings',
    perWatch: true,
    help: 'So many of the last readings must be above a limit before anything is done.',
  }),
  'limits.samples': integer({
    default: 5,
    min: 1,
    max: 100,
    unit: 'readings',
    perWatch: true,
    help: 'The last readings that `limits.violations` counts in.',
  }),
  'limits.clearPercent': integer({
    default: 90,
    min: 1,
    max: 100,
    unit: '%',
    perWatch: true,
    help: 'A limit that was exceeded is clear again below this share of it.',
  }),
  'cpu.warnPercent': ceiling({
    min: 1,
    max: 100_000,
    unit: '% of one core',
    perWatch: true,
    help: 'CPU above which a warning is given.',
  }),
  'cpu.limitPercent': ceiling({
    min: 1,
    max: 100_000,
    unit: '% of one core',
    perWatch: true,
    help: 'CPU above which `cpu.action` is taken.',
  }),
  'cpu.action': choice({
    default: 'restart',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too much CPU.',
  }),
  'memory.warnBytes': ceiling({
    min: 1_000_000,
    max: 1e15,
    unit: 'bytes',
    perWatch: true,
    help: 'Memory above which a warning is given: resident memory, of a tree with what its processes share counted once (PSS).',
  }),
  'memory.limitBytes': ceiling({
    min: 1_000_000,
    max: 1e15,
    unit: 'bytes',
    perWatch: true,
    help: 'Memory above which `memory.action` is taken: resident memory, of a tree with what its processes share counted once (PSS).',
  }),
  'memory.action': choice({
    default: 'restart',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too much memory.',
  }),
  'threads.limit': ceiling({
    min: 1,
    max: 1_000_000,
    unit: 'threads',
    perWatch: true,
    help: 'Threads above which `threads.action` is taken.',
  }),
  'threads.action': choice({
    default: 'notify',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too many threads.',
  }),
  'openFiles.limit': ceiling({
    min: 1,
    max: 10_000_000,
    unit: 'files',
    perWatch: true,
    help: 'Open files above which `openFiles.action` is taken; only where the OS tells (Linux).',
  }),
  'openFiles.action': choice({
    default: 'notify',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too many open files.',
  }),
  'children.limit': ceiling({
    min: 1,
    max: 1_000_000,
    unit: 'processes',
    perWatch: true,
    help: 'Descendants above which `children.action` is taken.',
  }),
  'children.action': choice({
    default: 'notify',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too many descendants.',
  }),
} as const;
