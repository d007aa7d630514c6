import type { AnomalyDefinition } from './definition';

export const rapidCrashes = {
  anomaly: 'rapid_crashes',
  label: 'Rapid crashes',
  sentence: ({ evidence }) => `crashes again and again (${evidence.threshold})`,
  shape: 'diamond',
  /** That the budget is spent is reported by the cooldown. */
  isAside: true,
  settings: {},
} as const satisfies AnomalyDefinition;
