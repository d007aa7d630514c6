import { choice } from '../model/settings/kinds';
import type { AnomalyDefinition } from './definition';

export const descriptorLeak = {
  anomaly: 'descriptor_leak',
  label: 'File descriptor leak',
  sentence: ({ first, latest, window }) => `leaks file descriptors (${first} to ${latest} in ${window})`,
  shape: 'square',
  settings: {
    'descriptorLeak.action': choice({
      label: 'File descriptor leak action',
      group: 'anomalies',
      default: 'notify',
      choices: ['off', 'notify', 'restart', 'kill'],
      perWatch: true,
      help: 'What is done when the number of open files of one process rises in six periods of 50 s in a row, by at least 8 and 10 %.',
    }),
  },
} as const satisfies AnomalyDefinition;
