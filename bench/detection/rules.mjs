// The rules that are compared. Bundled by run.mjs, so that plain Node can run the TypeScript of the engine.
export {
  createCpuSpike,
  DEFAULT_CPU_SPIKE,
  DEFAULT_SPIKE_CLASSIC,
} from '../../src/main/engine/detect/detectors/cpu-spike';
export { createForkBomb, DEFAULT_FORK_BOMB } from '../../src/main/engine/detect/detectors/fork-bomb';
export {
  createMemoryLeak,
  DEFAULT_LEAK_STRICT,
  DEFAULT_MEMORY_LEAK,
} from '../../src/main/engine/detect/detectors/memory-leak';
export { createZombie, DEFAULT_ZOMBIE } from '../../src/main/engine/detect/detectors/zombie';
