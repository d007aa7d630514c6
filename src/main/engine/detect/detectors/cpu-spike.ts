import {
  createRobustRule,
  DEFAULT_SPIKE_ROBUST,
  type CpuSpikeSample,
  type SpikeRobustEvidence,
  type SpikeRobustOptions,
} from './spike-robust';
import { ReadingRing } from './reading-ring';
import { spanSeconds, type AnomalyOf, type Detector, type EvidenceBase } from './detector';
import { formatPercent } from '../../../../shared/lib/format/values';

/** The older rule. Kept as it was, for those who want it: it alarms on every burst of a program that mostly idles. */
export interface SpikeClassicOptions {
  rule: 'classic';
  /** Readings kept before the newest one. */
  keptReadings: number;
  /** Readings that must be there before the rule judges. */
  minReadings: number;
  /** The newest reading must be above the mean of the others times this. */
  factor: number;
  /** The newest reading must be above this, in % of one core. */
  floorPercent: number;
}

export const DEFAULT_SPIKE_CLASSIC: SpikeClassicOptions = {
  rule: 'classic',
  keptReadings: 5,
  minReadings: 3,
  factor: 3,
  floorPercent: 80,
};

export type CpuSpikeOptions = SpikeClassicOptions | SpikeRobustOptions;

export const DEFAULT_CPU_SPIKE: CpuSpikeOptions = DEFAULT_SPIKE_ROBUST;

export interface SpikeClassicEvidence extends EvidenceBase {
  rule: 'classic';
  meanPercent: number;
}

export type CpuSpikeAnomaly = AnomalyOf<'cpu_spike', SpikeClassicEvidence | SpikeRobustEvidence>;

export type CpuSpikeDetector = Detector<CpuSpikeSample, CpuSpikeAnomaly>;

/** Watches the CPU use of one process or tree. Options are taken as valid. */
export function createCpuSpike(options: CpuSpikeOptions = DEFAULT_CPU_SPIKE): CpuSpikeDetector {
  return options.rule === 'classic' ? createClassicRule(options) : createRobustRule(options);
}

/*
 * Truth table of `classic`; the mean is that of the readings before the newest one:
 *
 *   readings kept   newest above 80 %   newest above 3 x mean   before   anomaly
 *   fewer than 3    any                 any                     any      no
 *   3 to 5          no                  any                     any      no
 *   3 to 5          yes                 no                      any      no
 *   3 to 5          yes                 yes                     yes      no, it was reported
 *   3 to 5          yes                 yes                     no       yes
 */
function createClassicRule(options: SpikeClassicOptions): CpuSpikeDetector {
  const readings = new ReadingRing(options.keptReadings);
  let active = false;

  return {
    observe(sample) {
      if (!Number.isFinite(sample.cpuPercent)) return null;
      readings.push(sample.atMs, sample.cpuPercent);
      const before = active;
      const previous = readings.length - 1;
      active = false;
      if (readings.length < options.minReadings || sample.cpuPercent <= options.floorPercent) return null;
      let sum = 0;
      for (let back = 1; back <= previous; back++) sum += readings.value(back);
      const meanPercent = sum / previous;
      active = sample.cpuPercent > options.factor * meanPercent;
      return active && !before ? classicAnomaly(readings, meanPercent, options) : null;
    },
    reset() {
      readings.clear();
      active = false;
    },
  };
}

function classicAnomaly(readings: ReadingRing, meanPercent: number, options: SpikeClassicOptions): CpuSpikeAnomaly {
  const samples = readings.newest();
  const now = samples[samples.length - 1]?.value ?? 0;
  return {
    anomaly: 'cpu_spike',
    severity: 'medium',
    message:
      `CPU use is ${formatPercent(now)} of a core, more than ${options.factor} times the mean of ` +
      `${formatPercent(meanPercent)} of the previous ${samples.length - 1} readings.`,
    evidence: {
      rule: 'classic',
      samples,
      unit: '% of one core',
      threshold: Math.max(options.floorPercent, options.factor * meanPercent),
      thresholdText: `above ${options.factor} times the mean of the previous readings and above ${options.floorPercent} %`,
      windowSeconds: spanSeconds(samples),
      meanPercent,
    },
  };
}
