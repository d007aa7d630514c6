import { createCpuSpike, DEFAULT_SPIKE_CLASSIC, DEFAULT_SPIKE_ROBUST } from '../detectors';
import { ofRoot, type AnomalyRuleDefinition } from './rule';

export const cpuSpikeRule = {
  kind: 'cpu_spike',
  create(settings) {
    const rule = settings['cpuSpike.rule'];
    if (rule === 'off') return null;
    const detector = createCpuSpike(
      rule === 'classic'
        ? DEFAULT_SPIKE_CLASSIC
        : {
            ...DEFAULT_SPIKE_ROBUST,
            floorPercent: settings['cpuSpike.floorPercent'],
            minRunMs: settings['cpuSpike.minRunMs'],
            minPastMs: settings['cpuSpike.learningMs'],
          },
    );
    return { evaluate: ({ root }, sample) => ofRoot(detector.observe(sample), settings['cpuSpike.action'], root) };
  },
} as const satisfies AnomalyRuleDefinition;
