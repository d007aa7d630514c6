import type { AnomalyAction } from '../../../../shared/findings';
import type { Settings } from '../../../../shared/model/settings';
import { createMemoryLeak, DEFAULT_LEAK_STRICT, DEFAULT_LEAK_TREND, type MemoryLeakAnomaly } from '../detectors';
import { ofRoot, type AnomalyRuleDefinition } from './rule';

export const memoryLeakRule = {
  kind: 'memory_leak',
  survivesPauses: true,
  create(settings) {
    const rule = settings['memoryLeak.rule'];
    if (rule === 'off') return null;
    const detector = createMemoryLeak(rule === 'strict' ? DEFAULT_LEAK_STRICT : trendOptions(settings));
    return {
      evaluate: ({ root }, sample) => {
        const leak = detector.observe(sample);
        return leak === null ? [] : ofRoot(leak, actionOn(leak, settings), root);
      },
    };
  },
} as const satisfies AnomalyRuleDefinition;

/** Ending a program for a limit that nobody has set would be a guess; and one that is days away, or growth that the limit of the heap
 * allows, is for people to see. */
function actionOn({ severity }: MemoryLeakAnomaly, settings: Settings): AnomalyAction {
  const action = settings['memoryLeak.action'];
  if (severity === 'medium') return 'notify';
  if (action !== 'auto') return action;
  return settings['memory.limitBytes'] === null ? 'notify' : 'restart';
}

/** One object for all processes with the same settings: what a detector works out of its options is kept by the object. */
const trendOptionsOf = new WeakMap<Settings, typeof DEFAULT_LEAK_TREND>();

function trendOptions(settings: Settings): typeof DEFAULT_LEAK_TREND {
  let options = trendOptionsOf.get(settings);
  if (options === undefined) {
    const within = <L extends { horizonMs: number }>(lane: L): L => ({
      ...lane,
      horizonMs: Math.min(lane.horizonMs, settings['memoryLeak.horizonMs']),
    });
    options = {
      ...DEFAULT_LEAK_TREND,
      warmUpMs: settings['memoryLeak.warmUpMs'],
      steady: within(DEFAULT_LEAK_TREND.steady),
      fast: within(DEFAULT_LEAK_TREND.fast),
      kinks: DEFAULT_LEAK_TREND.kinks.map(within),
      envelopes: DEFAULT_LEAK_TREND.envelopes.map(within),
    };
    trendOptionsOf.set(settings, options);
  }
  return options;
}
