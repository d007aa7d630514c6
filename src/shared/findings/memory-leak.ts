import { choice, integer } from '../model/settings/kinds';
import type { AnomalyDefinition } from './definition';

export const memoryLeak = {
  anomaly: 'memory_leak',
  label: 'Memory leak',
  sentence: ({ first, latest, window }) => `leaks memory (${first} to ${latest} in ${window})`,
  shape: 'square',
  settings: {
    'memoryLeak.rule': choice({
      label: 'Memory leak rule',
      group: 'anomalies',
      default: 'trend',
      choices: ['off', 'trend', 'strict'],
      perWatch: true,
      help: '`trend`: the lowest readings of private memory rise steadily towards the limit, or step after step after they were flat; `strict`: the last 5 of 10 readings rise, which also happens in many healthy programs.',
    }),
    'memoryLeak.action': choice({
      label: 'Memory leak action',
      group: 'anomalies',
      default: 'auto',
      choices: ['auto', 'notify', 'restart', 'kill'],
      perWatch: true,
      help: 'What is done about a memory leak that reaches the limit within 24 hours: `auto` restarts the watch if `memory.limitBytes` is set. A slower leak is only reported.',
    }),
    'memoryLeak.warmUpMs': integer({
      label: 'Memory leak warm-up',
      group: 'anomalies',
      default: 60_000,
      min: 0,
      max: 86_400_000,
      unit: 'ms',
      perWatch: true,
      help: 'Processes younger than this are not evaluated, since every program grows while it starts (rule `trend`).',
    }),
    'memoryLeak.horizonMs': integer({
      label: 'Memory leak horizon',
      group: 'anomalies',
      default: 604_800_000,
      min: 60_000,
      max: 2_592_000_000,
      unit: 'ms',
      perWatch: true,
      help: 'Growth that would take longer than this to reach the limit is not a leak (rule `trend`).',
    }),
  },
} as const satisfies AnomalyDefinition;
