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
export { DEFAULT_LEAK_TREND, type LeakTrendOptions, type MemoryLeakSample, type SlowGrowth } from './leak-trend';
export { DEFAULT_SPIKE_ROBUST, type CpuSpikeSample, type SpikeRobustOptions } from './spike-robust';
