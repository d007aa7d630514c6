import { formatDuration } from '../../../../shared/lib/format/duration';
import { spanSeconds, type AnomalyOf, type Detector, type DetectorSample, type EvidenceBase } from './detector';
import { PercentHistogram } from './percent-histogram';
import { ReadingRing } from './reading-ring';
import { select } from './order-statistics';
import { formatPercent } from '../../../../shared/lib/format/values';

export type CpuSpikeSample = Pick<DetectorSample, 'atMs' | 'cpuPercent' | 'cpuDemandPercent' | 'machineCpuPercent'>;

/** CPU use far above the process's own past, for longer than its bursts use to last. */
export interface SpikeRobustOptions {
  rule: 'robust';
  /** Below this no use of CPU is a spike, in % of one core. */
  floorPercent: number;
  /**
   * Enough while the machine is busy and the demand is not measured, or its load is not known, if it is less: a runaway may get
   * only a part of a core then.
   */
  busyFloorPercent: number;
  /** The machine is busy from here on, in % of the whole machine. */
  busyMachinePercent: number;
  /** A reading exceeds when it is above the floor, above the smaller of median x factor and median + margin … */
  medianFactor: number;
  medianMarginPercent: number;
  /** … and so far above the 95th percentile of the past, in % of one core. */
  usualMarginPercent: number;
  /** How much of its own past must be known: a process that is busy from its start is a job, not a spike. */
  minPastMs: number;
  /** How long a run of exceeding readings must last at least. */
  minRunMs: number;
  /** A run goes on over a dip that is not longer. */
  maxDipMs: number;
  /** A run that was reported continues above this share of its threshold, so that one fault is reported once. */
  clearShare: number;
  /** A run must be longer than the process's bursts: than their 95th percentile times this. */
  burstFactor: number;
  /** Fewer bursts than this are no habit. */
  minBursts: number;
  /** A level that is kept this long is the new normal. */
  relearnMs: number;
  /** Half of the past is forgotten after about this time. */
  pastHorizonMs: number;
}

export const DEFAULT_SPIKE_ROBUST: SpikeRobustOptions = {
  rule: 'robust',
  floorPercent: 75,
  busyFloorPercent: 40,
  busyMachinePercent: 90,
  medianFactor: 2,
  medianMarginPercent: 30,
  usualMarginPercent: 10,
  minPastMs: 60_000,
  minRunMs: 30_000,
  maxDipMs: 3000,
  clearShare: 0.8,
  burstFactor: 1.5,
  minBursts: 5,
  relearnMs: 3_600_000,
  pastHorizonMs: 6 * 3_600_000,
};

export interface SpikeRobustEvidence extends EvidenceBase {
  rule: 'robust';
  medianPercent: number;
  /** How long the use has been above the threshold. */
  runSeconds: number;
  /** How long that is allowed to last for this process. */
  allowedSeconds: number;
}

export type SpikeRobustAnomaly = AnomalyOf<'cpu_spike', SpikeRobustEvidence>;

/** Bursts that are remembered; the oldest go first. */
const KEPT_BURSTS = 32;
/** Readings kept as evidence: enough to show the shortest run and a little of what was before. */
const KEPT_READINGS = 24;
/** Readings that come faster than this share of the shortest run are not all kept. */
const READINGS_PER_RUN = 20;

// Shared by all detectors: used within one call only.
const sorted = new Float64Array(KEPT_BURSTS);

/** The 95th percentile of the newest bursts, in ms. */
function usualBurstMs(burstsMs: Float32Array, count: number): number {
  for (let index = 0; index < count; index++) sorted[index] = burstsMs[index] as number;
  return select(sorted, count, Math.ceil(0.95 * count) - 1);
}

/*
 * Truth table of `robust`. A reading stands for the time since the one before it. It exceeds when it is above the floor
 * and far above the median of the process's past; readings that exceed are no part of that past.
 *
 *   past of at least minPastMs  reading       in a run      run long enough   anomaly
 *   no                          any           -             -                 no: it becomes part of the past (+)
 *   yes                         below         no            -                 no: it becomes part of the past (+)
 *   yes                         below         yes           -                 no; the run ends if the dip is over 3 s
 *   yes                         exceeds (*)   reported      any               no; after an hour it is the new normal
 *   yes                         exceeds       yes or new    no                no
 *   yes                         exceeds       yes or new    yes               yes
 *
 * (*) in a run that was reported, 0.8 of the threshold is enough.
 * Use is what it gets, or what its busiest thread asks for where that is measured and more (`wantedPercent`).
 * (+) unless the machine is busy and the demand not measured: what it leaves to a process is no measure of what that uses by itself.
 * Long enough is 30 s, or 1.5 times the 95th percentile of the bursts that ended by themselves, if that is more.
 */
export function createRobustRule(options: SpikeRobustOptions): Detector<CpuSpikeSample, SpikeRobustAnomaly> {
  return new RobustRule(options);
}

/** A class: hundreds of processes are watched, and closures would cost more than the numbers. */
class RobustRule implements Detector<CpuSpikeSample, SpikeRobustAnomaly> {
  private readonly past: PercentHistogram;
  private readonly readings = new ReadingRing(KEPT_READINGS);
  /** Most processes have none. */
  private burstsMs: Float32Array | null = null;
  private bursts = 0;
  private lastAtMs = Number.NaN;
  /** NaN outside of a run. */
  private runStartMs = Number.NaN;
  private runEndMs = Number.NaN;
  private reported = false;

  constructor(private readonly options: SpikeRobustOptions) {
    this.past = new PercentHistogram(options.pastHorizonMs);
  }

  observe(sample: CpuSpikeSample): SpikeRobustAnomaly | null {
    const { options, past, readings } = this;
    const { atMs } = sample;
    const percent = wantedPercent(sample);
    if (!Number.isFinite(percent)) return null;
    const stepMs = Number.isNaN(this.lastAtMs) ? 0 : atMs - this.lastAtMs;
    this.lastAtMs = atMs;
    if (readings.length === 0 || atMs - readings.atMs(0) >= options.minRunMs / READINGS_PER_RUN) {
      readings.push(atMs, percent);
    }
    // Most readings end here, before the median is asked for. The share lets a reported run continue.
    if (
      percent <= options.clearShare * Math.min(options.busyFloorPercent, options.floorPercent) ||
      past.totalMs < options.minPastMs
    ) {
      this.learn(sample, stepMs);
      return null;
    }
    const threshold = this.thresholdOf(sample);
    if (percent <= (this.reported ? options.clearShare * threshold : threshold)) {
      this.learn(sample, stepMs);
      return null;
    }
    if (Number.isNaN(this.runStartMs)) this.runStartMs = atMs - stepMs;
    this.runEndMs = atMs;
    const runMs = atMs - this.runStartMs;
    if (this.reported) {
      if (runMs >= options.relearnMs) past.clear();
      return null;
    }
    const allowedMs = this.allowedMs();
    if (runMs < allowedMs) return null;
    this.reported = true;
    return robustAnomaly(readings, sample, { threshold, medianPercent: past.median(), runMs, allowedMs }, options);
  }

  reset(): void {
    this.past.clear();
    this.readings.clear();
    this.bursts = 0;
    this.lastAtMs = Number.NaN;
    this.runStartMs = Number.NaN;
    this.reported = false;
  }

  private learn(sample: CpuSpikeSample, stepMs: number): void {
    const { atMs, cpuDemandPercent, machineCpuPercent } = sample;
    if (!Number.isNaN(this.runStartMs) && atMs - this.runEndMs > this.options.maxDipMs) this.endRun();
    // What a busy machine leaves to a process is no measure of what it uses by itself.
    if (
      machineCpuPercent === null ||
      machineCpuPercent <= this.options.busyMachinePercent ||
      cpuDemandPercent !== null
    ) {
      this.past.add(wantedPercent(sample), stepMs);
    }
  }

  private endRun(): void {
    this.burstsMs ??= new Float32Array(KEPT_BURSTS);
    this.burstsMs[this.bursts % KEPT_BURSTS] = this.runEndMs - this.runStartMs;
    this.bursts++;
    this.runStartMs = Number.NaN;
    this.reported = false;
  }

  /** How long a run may last. */
  private allowedMs(): number {
    const { minBursts, minRunMs, burstFactor } = this.options;
    if (this.burstsMs === null || this.bursts < minBursts) return minRunMs;
    return Math.max(minRunMs, burstFactor * usualBurstMs(this.burstsMs, Math.min(this.bursts, KEPT_BURSTS)));
  }

  private thresholdOf({ cpuDemandPercent, machineCpuPercent }: CpuSpikeSample): number {
    const { options, past } = this;
    const busy =
      machineCpuPercent === null || (machineCpuPercent > options.busyMachinePercent && cpuDemandPercent === null);
    const median = past.median();
    return Math.max(
      busy ? Math.min(options.busyFloorPercent, options.floorPercent) : options.floorPercent,
      Math.min(options.medianFactor * median, median + options.medianMarginPercent),
      past.percentile95() + options.usualMarginPercent,
    );
  }
}

/** Of one core: use, or the demand of its busiest thread where that is more. */
function wantedPercent({ cpuPercent, cpuDemandPercent }: CpuSpikeSample): number {
  return cpuDemandPercent === null ? cpuPercent : Math.max(cpuPercent, cpuDemandPercent);
}

interface Run {
  threshold: number;
  medianPercent: number;
  runMs: number;
  allowedMs: number;
}

function robustAnomaly(
  readings: ReadingRing,
  sample: CpuSpikeSample,
  run: Run,
  options: SpikeRobustOptions,
): SpikeRobustAnomaly {
  const { atMs, cpuPercent } = sample;
  const wanted = wantedPercent(sample);
  const isDemand = wanted > cpuPercent;
  const samples = readings.newest();
  if (samples[samples.length - 1]?.atMs !== atMs) samples.push({ atMs, value: wanted });
  return {
    anomaly: 'cpu_spike',
    severity: 'medium',
    message:
      `CPU ${isDemand ? 'demand' : 'use'} has been above ${formatPercent(run.threshold)} of a core for ${formatDuration(run.runMs)} ` +
      `(now ${formatPercent(wanted)}${isDemand ? `, of which it gets ${formatPercent(cpuPercent)} on a busy machine` : ''}); ` +
      `its own usual use is ${formatPercent(run.medianPercent)}.`,
    evidence: {
      rule: 'robust',
      samples,
      unit: '% of one core',
      threshold: run.threshold,
      thresholdText:
        `above ${formatPercent(run.threshold)} for ${formatDuration(run.allowedMs)}, with dips of at most ` +
        `${formatDuration(options.maxDipMs)}; the median of the past is ${formatPercent(run.medianPercent)}`,
      windowSeconds: spanSeconds(samples),
      medianPercent: run.medianPercent,
      runSeconds: run.runMs / 1000,
      allowedSeconds: run.allowedMs / 1000,
    },
  };
}
