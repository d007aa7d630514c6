import type { AnomalyAction } from '../../../../shared/findings';
import type { Settings } from '../../../../shared/model/settings';
import { createMemoryLeak, DEFAULT_LEAK_STRICT, DEFAULT_LEAK_TREND, type MemoryLeakAnomaly } from '../detectors';
import { ofRoot, type AnomalyRuleDefinition } from './rule';

export const memoryLeakRule = {
  kind: 'memory_leak',
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

/** A limit that is farther away is no reason to end a program now. */
const FARTHEST_HEAL_MS = 24 * 3_600_000;

/** Ending a program for a limit that nobody has set would be a guess; and one that is days away is for people to see. */
function actionOn({ evidence }: MemoryLeakAnomaly, settings: Settings): AnomalyAction {
  const action = settings['memoryLeak.action'];
  if (action !== 'auto') return action;
  const isFar = evidence.rule === 'trend' && evidence.limitInMs > FARTHEST_HEAL_MS;
  return settings['memory.limitBytes'] === null || isFar ? 'notify' : 'restart';
}

/** One object for all processes with the same settings: what a detector works out of its options is kept by the object. */
const trendOptionsOf = new WeakMap<Settings, typeof DEFAULT_LEAK_TREND>();

function trendOptions(settings: Settings): typeof DEFAULT_LEAK_TREND {
  let options = trendOptionsOf.get(settings);
  if (options === undefined) {
    const horizonMs = settings['memoryLeak.horizonMs'];
    options = {
      ...DEFAULT_LEAK_TREND,
      warmUpMs: settings['memoryLeak.warmUpMs'],
      steady: { ...DEFAULT_LEAK_TREND.steady, horizonMs },
      fast: { ...DEFAULT_LEAK_TREND.fast, horizonMs: Math.min(DEFAULT_LEAK_TREND.fast.horizonMs, horizonMs) },
    };
    trendOptionsOf.set(settings, options);
  }
  return options;
}
