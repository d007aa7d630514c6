// The rules that are compared. Bundled by load-rules.mjs, so that plain Node can run the TypeScript of the engine.
import {
  createCountLeak,
  DEFAULT_DESCRIPTOR_LEAK,
  DEFAULT_THREAD_LEAK,
} from '../../src/main/engine/detect/detectors/count-leak';
import { createCpuSpike, DEFAULT_SPIKE_CLASSIC } from '../../src/main/engine/detect/detectors/cpu-spike';
import { createForkBomb } from '../../src/main/engine/detect/detectors/fork-bomb';
import { createMemoryLeak, DEFAULT_LEAK_STRICT } from '../../src/main/engine/detect/detectors/memory-leak';
import { DEFAULT_LEAK_TREND } from '../../src/main/engine/detect/detectors/leak-trend/options';
import { createStall } from '../../src/main/engine/detect/detectors/stall';

/** The leak rule before it had lanes of steps, waits from birth and margins over old highs. */
const PREVIOUS_LEAK = {
  ...DEFAULT_LEAK_TREND,
  steady: { ...DEFAULT_LEAK_TREND.steady, highMargin: null, settledAfterMs: 0 },
  kinks: [],
  envelopes: [],
};

/** A detector of counts over readings of traces. */
function counting(options, countOf) {
  const detector = createCountLeak(options);
  return {
    observe: (reading) =>
      detector.observe({ atMs: reading.atMs, uptimeMs: reading.uptimeMs, limit: null, count: countOf(reading) }),
    reset: () => detector.reset(),
  };
}

/** By the kind of fault that they find. */
export const RULES = {
  leak: {
    classic: { create: () => createMemoryLeak(DEFAULT_LEAK_STRICT) },
    previous: { create: () => createMemoryLeak(PREVIOUS_LEAK) },
    default: { create: () => createMemoryLeak(), survivesGaps: true },
  },
  cpu: {
    classic: { create: () => createCpuSpike(DEFAULT_SPIKE_CLASSIC) },
    default: { create: () => createCpuSpike() },
  },
  fd: {
    default: { create: () => counting(DEFAULT_DESCRIPTOR_LEAK, ({ openFiles }) => openFiles), survivesGaps: true },
  },
  thread: { default: { create: () => counting(DEFAULT_THREAD_LEAK, ({ threads }) => threads), survivesGaps: true } },
};

/** All default detectors of one process; one for zombies is made only for a parent that has some. */
export const createAll = () => [
  createForkBomb(),
  createMemoryLeak(),
  createCountLeak(DEFAULT_DESCRIPTOR_LEAK),
  createCountLeak(DEFAULT_THREAD_LEAK),
  createCpuSpike(),
  createStall(),
];
