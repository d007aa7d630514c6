import type { CpuSpikeAnomaly } from './cpu-spike';
import type { ForkBombAnomaly } from './fork-bomb';
import type { MemoryLeakAnomaly } from './memory-leak';
import type { RapidCrashesAnomaly } from './rapid-crashes';
import type { ZombieAnomaly } from './zombie';

/** What any detector may find; `anomaly` tells which. */
export type Anomaly = ZombieAnomaly | ForkBombAnomaly | MemoryLeakAnomaly | CpuSpikeAnomaly | RapidCrashesAnomaly;

export * from './cpu-spike';
export * from './detector';
export * from './fork-bomb';
export * from './memory-leak';
export * from './rapid-crashes';
export * from './zombie';
export type { LeakTrendEvidence, MemoryLeakSample, SlowGrowth } from './leak-trend';
export { DEFAULT_LEAK_TREND, type LeakLane, type LeakTrendOptions } from './leak-trend-options';
export {
  DEFAULT_SPIKE_ROBUST,
  type CpuSpikeSample,
  type SpikeRobustEvidence,
  type SpikeRobustOptions,
} from './spike-robust';
