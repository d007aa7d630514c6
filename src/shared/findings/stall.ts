import { choice } from '../model/settings/kinds';
import type { AnomalyDefinition } from './definition';

export const stall = {
  anomaly: 'stall',
  label: 'Stall',
  sentence: ({ latest }) => `has stalled (no CPU use for ${latest})`,
  shape: 'circle',
  settings: {
    'stall.action': choice({
      label: 'Stall action',
      group: 'anomalies',
      default: 'notify',
      choices: ['off', 'notify', 'restart', 'kill'],
      perWatch: true,
      help: 'What is done when a program that was active for at least 10 minutes uses no CPU for a minute, and for three times its longest pause, while all of its threads wait for one another (Linux).',
    }),
  },
} as const satisfies AnomalyDefinition;
