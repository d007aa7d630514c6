import { formatPercent } from '../lib/format/values';
import { choice, integer } from '../model/settings/kinds';
import type { AnomalyDefinition } from './definition';

export const cpuSpike = {
  anomaly: 'cpu_spike',
  label: 'CPU spike',
  sentence: ({ latest, evidence: { numbers } }) => {
    const usual = numbers['medianPercent'] ?? numbers['meanPercent'];
    return `has a CPU spike (${latest}${typeof usual === 'number' ? `, usually ${formatPercent(usual)}` : ''})`;
  },
  shape: 'triangle',
  settings: {
    'cpuSpike.rule': choice({
      label: 'CPU spike rule',
      group: 'anomalies',
      default: 'robust',
      choices: ['off', 'robust', 'classic'],
      perWatch: true,
      help: '`robust`: CPU far above its usual level for longer than its usual bursts last; `classic`: above 3 times the mean of the last readings and above 80 % of one core.',
    }),
    'cpuSpike.action': choice({
      label: 'CPU spike action',
      group: 'anomalies',
      default: 'notify',
      choices: ['notify', 'restart', 'kill'],
      perWatch: true,
      help: 'What is done about a CPU spike.',
    }),
    'cpuSpike.floorPercent': integer({
      label: 'CPU spike floor',
      group: 'anomalies',
      default: 75,
      min: 1,
      max: 100_000,
      unit: '% of one core',
      perWatch: true,
      help: 'CPU below this is never a spike (rule `robust`). While the machine is more than 90 % busy, 40 % is enough, since a runaway process then gets only part of a core.',
    }),
    'cpuSpike.minRunMs': integer({
      label: 'CPU spike minimum duration',
      group: 'anomalies',
      default: 30_000,
      min: 1000,
      max: 86_400_000,
      unit: 'ms',
      perWatch: true,
      help: 'How long a spike must last to be reported (rule `robust`).',
    }),
    'cpuSpike.learningMs': integer({
      label: 'CPU spike learning period',
      group: 'anomalies',
      default: 60_000,
      min: 5000,
      max: 86_400_000,
      unit: 'ms',
      perWatch: true,
      help: 'How long the usual CPU of a process is measured before anything is a spike, without the time in which the machine is more than 90 % busy (rule `robust`).',
    }),
  },
} as const satisfies AnomalyDefinition;
