import { formatDuration } from '../../../../shared/lib/format/duration';
import {
  spanSeconds,
  type AnomalyOf,
  type Detector,
  type DetectorSample,
  type EvidenceBase,
  type Reading,
} from './detector';
import { EPOCHS, FloorWindow, STORED_NUMBERS } from './floor-window';
import { HOUR_MS, REFERENCE_WINDOW_MS, type LeakLane, type LeakTrendOptions } from './leak-trend-options';
import { kendallTau, theilSenSlope } from './order-statistics';
import { formatBytes, formatRate, formatRatio } from '../../../../shared/lib/format/values';

export type MemoryLeakSample = Pick<
  DetectorSample,
  'atMs' | 'rssBytes' | 'privateBytes' | 'limitBytes' | 'machineMemoryBytes' | 'uptimeMs'
>;

export interface LeakTrendEvidence extends EvidenceBase {
  rule: 'trend';
  bytesPerSecond: number;
  grownBytes: number;
  tau: number;
  limitBytes: number;
  limitInMs: number;
}

export type LeakTrendAnomaly = AnomalyOf<'memory_leak', LeakTrendEvidence>;

/** Growth that is too slow for an alarm and still worth showing. */
export interface SlowGrowth {
  bytesPerHour: number;
  /** When the memory would reach the limit if it went on like this, from the last reading. */
  limitInMs: number;
}

export interface LeakTrendDetector extends Detector<MemoryLeakSample, LeakTrendAnomaly> {
  /** For a badge, never for an action: healthy Java heaps creep for hours. */
  readonly slowGrowth: SlowGrowth | null;
}

/** The newest floors whose slope shows whether a growth goes on. */
const RECENT = 8;

// Shared by all detectors: used within one call only, and a process's state stays small.
const floorsInOrder = new Float64Array(EPOCHS);

/** What is the same for all processes with the same options. */
interface WindowPlan {
  lane: LeakLane;
  epochMs: number;
  minGrowthBytes: number;
  minGrowthShare: number;
}

/**
 * Noise grows with the root of time, a leak with time: a window of four times the length needs twice the growth in all,
 * half per time. Expressed for the growth over the window itself: shorter windows must show more.
 */
const windowScale = (windowMs: number): number => Math.sqrt(REFERENCE_WINDOW_MS / windowMs);

const plans = new WeakMap<LeakTrendOptions, readonly WindowPlan[]>();

/** The windows of both lanes. Kept by options: hundreds of processes share one set of them. */
function plansOf(options: LeakTrendOptions): readonly WindowPlan[] {
  const known = plans.get(options);
  if (known !== undefined) return known;
  const plan = (lane: LeakLane, windowMs: number, scale: number): WindowPlan => ({
    lane,
    epochMs: windowMs / EPOCHS,
    minGrowthBytes: lane.minGrowthBytes * scale,
    minGrowthShare: (lane.minGrowthPercent / 100) * scale,
  });
  const made = [
    ...options.fast.windowsMs.map((windowMs) => plan(options.fast, windowMs, 1)),
    ...options.steady.windowsMs.map((windowMs) => plan(options.steady, windowMs, windowScale(windowMs))),
  ];
  plans.set(options, made);
  return made;
}

interface Trend {
  /** Bytes per epoch. */
  slope: number;
  tau: number;
  limitBytes: number;
  limitInMs: number;
}

/*
 * Truth table of `trend`, at the end of each epoch of each window; the first line that fits decides:
 *
 *   younger than the warm-up                              no
 *   an epoch without a reading, or fewer than 20 floors   no (a hole empties the window)
 *   the last floor is no new high of the window           no (a saw-tooth, a cache that is full)
 *   last minus first floor below the wanted growth        no (noise)
 *   Kendall's tau below 0.7                               no (no steady rise)
 *   Theil-Sen growth below the wanted growth, or last
 *     minus first below 0.7 of that growth                no (one step, an outlier)
 *   slope of the last 8 floors below 0.8 of the slope     no (a warm-up that levels off)
 *   window of 3 min, younger than 10 min, and the first
 *     quarter of the window rises as well                 no (it loads its data; it is looked at again later)
 *   the limit is more than 24 h away                      no (a badge, if less than 7 days)
 *   below 0.95 of the highest floor of the longest window no (work in shifts)
 *   the same held not at the end of the epoch before      no
 *   reported, and no 30 min without a leak since          no
 *   else                                                  yes
 */
export function createTrendRule(options: LeakTrendOptions): LeakTrendDetector {
  return new TrendRule(options);
}

/** A class and one array: hundreds of processes are watched, and closures would cost more than the numbers. */
class TrendRule implements LeakTrendDetector {
  slowGrowth: SlowGrowth | null = null;
  private readonly plans: readonly WindowPlan[];
  private readonly windows: readonly FloorWindow[];
  /** The highest floors in each epoch of the longest window: floors of the negated floors of the window before it. */
  private readonly peaks: FloorWindow;
  /** Per window: ends of epochs in a row at which it looked like a leak. */
  private readonly confirmed: number[];
  private slowWindow = -1;
  private reportedUntilMs = -Infinity;

  constructor(private readonly options: LeakTrendOptions) {
    this.plans = plansOf(options);
    const count = this.plans.length;
    const store = new Float64Array(STORED_NUMBERS * (count + 1));
    this.windows = this.plans.map(({ epochMs }, index) => new FloorWindow(epochMs, store, STORED_NUMBERS * index));
    this.peaks = new FloorWindow(this.plans[count - 1]?.epochMs ?? HOUR_MS, store, STORED_NUMBERS * count);
    this.confirmed = this.plans.map(() => 0);
  }

  observe(sample: MemoryLeakSample): LeakTrendAnomaly | null {
    const bytes = sample.privateBytes;
    if (sample.uptimeMs < this.options.warmUpMs || !Number.isFinite(bytes)) return null;
    let anomaly: LeakTrendAnomaly | null = null;
    for (let index = 0; index < this.windows.length; index++) {
      const window = this.windows[index] as FloorWindow;
      if (!window.push(sample.atMs, bytes)) continue;
      if (index === Math.max(0, this.windows.length - 2)) this.peaks.push(sample.atMs, -window.newest);
      const plan = this.plans[index] as WindowPlan;
      const trend = this.evaluate(index, window, plan, sample);
      if (trend === null) continue;
      if (sample.atMs > this.reportedUntilMs) anomaly = trendAnomaly(window, plan, trend);
      this.reportedUntilMs = sample.atMs + this.options.rearmMs;
    }
    return anomaly;
  }

  reset(): void {
    for (const window of this.windows) window.clear();
    this.peaks.clear();
    this.confirmed.fill(0);
    this.slowGrowth = null;
    this.slowWindow = -1;
    this.reportedUntilMs = -Infinity;
  }

  /** Whether the memory is about as high as ever within the longest window, as `floorsInOrder` ends. */
  private isNewHigh(): boolean {
    // Without peaks the product may be no number: that hinders nothing.
    return !((floorsInOrder[EPOCHS - 1] as number) < -this.peaks.lowest * this.options.minShareOfPeak);
  }

  /** At the end of an epoch: the trend, when it is a leak and is confirmed. */
  private evaluate(index: number, window: FloorWindow, plan: WindowPlan, sample: MemoryLeakSample): Trend | null {
    const { options } = this;
    const trend = trendOf(window, plan, options, sample);
    if (trend !== null && trend.limitInMs <= options.badgeHorizonMs) {
      this.slowGrowth = { bytesPerHour: (trend.slope / plan.epochMs) * HOUR_MS, limitInMs: trend.limitInMs };
      this.slowWindow = index;
    } else if (this.slowWindow === index) {
      this.slowGrowth = null;
      this.slowWindow = -1;
    }
    const leaking = trend !== null && trend.limitInMs <= plan.lane.horizonMs && this.isNewHigh();
    const confirmed = leaking ? (this.confirmed[index] ?? 0) + 1 : 0;
    this.confirmed[index] = confirmed;
    return leaking && confirmed >= options.confirmations ? trend : null;
  }
}

type Limits = Pick<MemoryLeakSample, 'limitBytes' | 'machineMemoryBytes' | 'uptimeMs'>;

const FIRST_QUARTER = EPOCHS / 4;
const FLAT_SHARE = 0.35;

/** Whether the first quarter of the window, as `floorsInOrder` has it, already rises: the growth did not begin within it. */
function growsSinceBirth(slope: number): boolean {
  const grown = (floorsInOrder[FIRST_QUARTER] as number) - (floorsInOrder[0] as number);
  return grown > FLAT_SHARE * FIRST_QUARTER * slope;
}

/** The trend of a full window that rises as a leak does, whatever its speed; the cheap checks come first. */
function trendOf(floors: FloorWindow, plan: WindowPlan, options: LeakTrendOptions, limits: Limits): Trend | null {
  if (!floors.full) return null;
  const { grown } = floors;
  if (grown < options.minSteadiness * plan.minGrowthBytes) return null;
  floors.copyTo(floorsInOrder);
  const last = floorsInOrder[EPOCHS - 1] as number;
  let lowest = last;
  for (let index = 0; index < EPOCHS - 1; index++) {
    const floor = floorsInOrder[index] as number;
    if (floor >= last) return null;
    if (floor < lowest) lowest = floor;
  }
  const wanted = Math.max(plan.minGrowthBytes, plan.minGrowthShare * lowest);
  if (grown < options.minSteadiness * wanted) return null;
  const tau = kendallTau(floorsInOrder);
  if (tau < plan.lane.minTau) return null;
  const slope = theilSenSlope(floorsInOrder, 0);
  const projected = slope * (EPOCHS - 1);
  if (projected < wanted || grown < options.minSteadiness * projected) return null;
  if (theilSenSlope(floorsInOrder, EPOCHS - RECENT) < options.minRecentShare * slope) return null;
  if (limits.uptimeMs < plan.lane.settledAfterMs && growsSinceBirth(slope)) return null;
  const limitBytes = limitAbove(last, limits, plan.lane, options);
  return { slope, tau, limitBytes, limitInMs: (Math.max(0, limitBytes - last) / slope) * plan.epochMs };
}

/** The limit that counts: the watch's own, else the first of the customary ones that is not passed yet. */
function limitAbove(bytes: number, limits: Limits, lane: LeakLane, options: LeakTrendOptions): number {
  if (limits.limitBytes !== null) return limits.limitBytes;
  // 0: nobody knows yet how large the machine is.
  const machine = limits.machineMemoryBytes > 0 ? limits.machineMemoryBytes : Infinity;
  const share = (machine * options.fallbackMachinePercent) / 100;
  const smaller = Math.min(share, lane.fallbackLimitBytes);
  return bytes < smaller ? smaller : bytes < share ? share : machine;
}

function trendAnomaly(floors: FloorWindow, { lane, epochMs, ...plan }: WindowPlan, trend: Trend): LeakTrendAnomaly {
  const samples: Reading[] = Array.from(floorsInOrder, (value, index) => ({
    atMs: floors.closedAtMs - (EPOCHS - 1 - index) * epochMs,
    value,
  }));
  const first = floorsInOrder[0] as number;
  const last = floorsInOrder[EPOCHS - 1] as number;
  const windowSeconds = spanSeconds(samples);
  const bytesPerSecond = (trend.slope / epochMs) * 1000;
  const threshold = Math.max(plan.minGrowthBytes, plan.minGrowthShare * Math.min(...floorsInOrder));
  return {
    anomaly: 'memory_leak',
    severity: 'high',
    message:
      `Memory grows by ${formatRate(bytesPerSecond)}: its lowest readings rose from ${formatBytes(first)} to ${formatBytes(last)} in ` +
      `${formatDuration(windowSeconds * 1000)} and would reach ${formatBytes(trend.limitBytes)} ` +
      `${trend.limitInMs > 0 ? `in ${formatDuration(trend.limitInMs)}` : 'now'}.`,
    evidence: {
      rule: 'trend',
      samples,
      unit: 'bytes',
      threshold: first + threshold,
      thresholdText:
        `the lowest readings of ${EPOCHS} epochs of ${formatDuration(epochMs)}: growth of at least ${formatBytes(threshold)}, ` +
        `tau at least ${lane.minTau} (is ${formatRatio(trend.tau)}), the limit within ${formatDuration(lane.horizonMs)}`,
      windowSeconds,
      bytesPerSecond,
      grownBytes: last - first,
      tau: trend.tau,
      limitBytes: trend.limitBytes,
      limitInMs: trend.limitInMs,
    },
  };
}
