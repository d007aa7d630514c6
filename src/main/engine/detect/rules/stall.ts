import { createStall } from '../detectors';
import { ofRoot, type AnomalyRuleDefinition } from './rule';

export const stallRule = {
  kind: 'stall',
  create(settings) {
    const action = settings['stall.action'];
    if (action === 'off') return null;
    const detector = createStall();
    return {
      evaluate: ({ root, isDeadlocked }, { atMs, cpuPercent }) =>
        ofRoot(detector.observe({ atMs, cpuPercent, isDeadlocked }), action, root),
    };
  },
} as const satisfies AnomalyRuleDefinition;
