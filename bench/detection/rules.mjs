// The rules that are compared. Bundled by load-rules.mjs, so that plain Node can run the TypeScript of the engine.
import { createCpuSpike, DEFAULT_SPIKE_CLASSIC } from '../../src/main/engine/detect/detectors/cpu-spike';
import { createForkBomb } from '../../src/main/engine/detect/detectors/fork-bomb';
import { createMemoryLeak, DEFAULT_LEAK_STRICT } from '../../src/main/engine/detect/detectors/memory-leak';
import { createZombie } from '../../src/main/engine/detect/detectors/zombie';

/** By the kind of fault that they find. */
export const RULES = {
  leak: {
    classic: { create: () => createMemoryLeak(DEFAULT_LEAK_STRICT) },
    default: { create: () => createMemoryLeak() },
  },
  cpu: {
    classic: { create: () => createCpuSpike(DEFAULT_SPIKE_CLASSIC) },
    default: { create: () => createCpuSpike() },
  },
};

/** All default detectors of one process. */
export const createAll = () => [createZombie(), createForkBomb(), createMemoryLeak(), createCpuSpike()];
