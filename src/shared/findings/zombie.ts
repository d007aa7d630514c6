import { choice, integer } from '../model/settings/kinds';
import type { AnomalyDefinition } from './definition';

export const zombie = {
  anomaly: 'zombie',
  label: 'Zombie',
  sentence: ({ latest }) => `left a zombie (for ${latest})`,
  shape: 'cross',
  settings: {
    'zombie.action': choice({
      label: 'Zombie action',
      group: 'anomalies',
      default: 'reap',
      choices: ['off', 'notify', 'reap', 'restart'],
      perWatch: true,
      help: 'What is done about zombies among the descendants of a watch, once for each parent: `reap` asks the parent to reap them (SIGCHLD), `restart` also restarts the watch if that did not help.',
    }),
    'zombie.afterMs': integer({
      label: 'Zombie minimum age',
      group: 'anomalies',
      default: 30_000,
      min: 1000,
      max: 86_400_000,
      unit: 'ms',
      perWatch: true,
      help: 'How long a process must have been a zombie before it is reported.',
    }),
  },
} as const satisfies AnomalyDefinition;
