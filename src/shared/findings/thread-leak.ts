import { choice } from '../model/settings/kinds';
import type { AnomalyDefinition } from './definition';

export const threadLeak = {
  anomaly: 'thread_leak',
  label: 'Thread leak',
  sentence: ({ first, latest, window }) => `leaks threads (${first} to ${latest} in ${window})`,
  shape: 'square',
  settings: {
    'threadLeak.action': choice({
      label: 'Thread leak action',
      group: 'anomalies',
      default: 'notify',
      choices: ['off', 'notify', 'restart', 'kill'],
      perWatch: true,
      help: 'What is done when the number of threads of one process rises in six periods of 50 s in a row, by at least 8 and 10 %.',
    }),
  },
} as const satisfies AnomalyDefinition;
