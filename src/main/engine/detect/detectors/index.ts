export * from './count-leak';
export * from './cpu-spike';
export * from './detector';
export * from './fork-bomb';
export * from './memory-leak';
export * from './rapid-crashes';
export * from './stall';
export * from './zombie';
export type { LeakTrendEvidence } from './leak-trend/evidence';
export type { MemoryLeakSample, SlowGrowth } from './leak-trend/rule';
export { DEFAULT_LEAK_TREND, type LeakTrendOptions } from './leak-trend/options';
export {
  DEFAULT_SPIKE_ROBUST,
  type CpuSpikeSample,
  type SpikeRobustEvidence,
  type SpikeRobustOptions,
} from './spike-robust';
