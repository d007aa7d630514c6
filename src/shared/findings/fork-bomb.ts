import { choice, integer } from '../model/settings/kinds';
import type { AnomalyDefinition } from './definition';

export const forkBomb = {
  anomaly: 'fork_bomb',
  label: 'Fork bomb',
  sentence: ({ latest }) => `is a fork bomb (${latest})`,
  shape: 'diamond',
  settings: {
    'forkBomb.rule': choice({
      label: 'Fork bomb rule',
      group: 'anomalies',
      default: 'growth',
      choices: ['off', 'growth', 'classic'],
      perWatch: true,
      help: '`growth`: descendants that keep multiplying, or very many whose number keeps growing; pools, launchers, builds and databases are not reported. `classic`: more than `forkBomb.maxDescendants`, which can also report those.',
    }),
    'forkBomb.action': choice({
      label: 'Fork bomb action',
      group: 'anomalies',
      default: 'kill',
      choices: ['notify', 'kill'],
      perWatch: true,
      help: 'What is done about a fork bomb: `kill` freezes the whole tree and kills it at once.',
    }),
    'forkBomb.maxDescendants': integer({
      label: 'Fork bomb minimum size',
      group: 'anomalies',
      default: 50,
      min: 1,
      max: 100_000,
      unit: 'processes',
      perWatch: true,
      help: 'A tree with this many descendants or fewer is never a fork bomb.',
    }),
    'forkBomb.ceiling': integer({
      label: 'Fork bomb ceiling',
      group: 'anomalies',
      default: 1000,
      min: 1,
      max: 1_000_000,
      unit: 'processes',
      perWatch: true,
      help: 'More living descendants than this are a fork bomb while their number still grows, unless each of them serves a connection (rule `growth`).',
    }),
  },
} as const satisfies AnomalyDefinition;
