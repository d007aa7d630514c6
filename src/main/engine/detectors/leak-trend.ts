import { formatDuration } from '../../../shared/lib/duration';
import {
  spanSeconds,
  type AnomalyOf,
  type Detector,
  type DetectorSample,
  type EvidenceBase,
  type Reading,
} from './detector';
import { EPOCHS, FloorWindow } from './floor-window';
import { bytesText } from './numbers';
import { kendallTau, theilSenSlope } from './order-statistics';

export type MemoryLeakSample = Pick<
  DetectorSample,
  'atMs' | 'rssBytes' | 'privateBytes' | 'limitBytes' | 'machineMemoryBytes' | 'uptimeMs'
>;

/** How strict a window is. */
export interface LeakLane {
  windowsMs: readonly number[];
  /** Kendall's tau of the floors over time: 1 is a strict rise, 0 is no trend. */
  minTau: number;
  /** Growth over a window of `REFERENCE_WINDOW_MS`; a longer one asks for less per time, see `windowScale`. */
  minGrowthBytes: number;
  /** The same, in percent of the lowest floor. */
  minGrowthPercent: number;
  /** The limit must be reached within this time if the growth goes on. */
  horizonMs: number;
}

/** Growth of the heap's floor: of the lowest reading in each twentieth of a window. */
export interface LeakTrendOptions {
  rule: 'trend';
  /** A process is not judged while it is younger: every program grows while it starts. */
  warmUpMs: number;
  steady: LeakLane;
  /** A short window with stricter numbers, for leaks that can't wait. */
  fast: LeakLane;
  /** Share of the projected growth that must lie between the first and the last floor. */
  minSteadiness: number;
  /** Slope of the newest floors, as a share of the slope of all: a warm-up levels off. */
  minRecentShare: number;
  /** Ends of epochs in a row at which all must hold. */
  confirmations: number;
  /** A leak that was told is told again only after so long a time without one in any window. */
  rearmMs: number;
  /** Without a limit of the watch: the limit is the smaller of these two, or the next larger one that is not passed. */
  fallbackLimitBytes: number;
  fallbackMachinePercent: number;
  /** Growth that reaches the limit within this time is `slowGrowth`. */
  badgeHorizonMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const DEFAULT_LEAK_TREND: LeakTrendOptions = {
  rule: 'trend',
  warmUpMs: MINUTE_MS,
  steady: {
    windowsMs: [10 * MINUTE_MS, 30 * MINUTE_MS, 3 * HOUR_MS],
    minTau: 0.7,
    minGrowthBytes: 7_300_000,
    minGrowthPercent: 3.7,
    horizonMs: 24 * HOUR_MS,
  },
  fast: {
    windowsMs: [3 * MINUTE_MS],
    minTau: 0.8,
    minGrowthBytes: 60_000_000,
    minGrowthPercent: 40,
    horizonMs: 3 * HOUR_MS,
  },
  minSteadiness: 0.7,
  minRecentShare: 0.8,
  confirmations: 2,
  rearmMs: 30 * MINUTE_MS,
  fallbackLimitBytes: 2_000_000_000,
  fallbackMachinePercent: 50,
  badgeHorizonMs: 7 * 24 * HOUR_MS,
};

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
const REFERENCE_WINDOW_MS = 10 * MINUTE_MS;

// Shared by all detectors: used within one call only, and a process's state stays small.
const floorsInOrder = new Float64Array(EPOCHS);

interface Window {
  lane: LeakLane;
  floors: FloorWindow;
  minGrowthBytes: number;
  minGrowthShare: number;
  /** Ends of epochs in a row at which it looked like a leak. */
  confirmed: number;
}

/**
 * Noise grows with the root of time, a leak with time: a window of four times the length needs twice the growth in all,
 * half per time. Expressed for the growth over the window itself: shorter windows must show more.
 */
const windowScale = (windowMs: number): number => Math.sqrt(REFERENCE_WINDOW_MS / windowMs);

/** The windows of both lanes over one store: a process may have hundreds of neighbours. */
function createWindows({ fast, steady }: LeakTrendOptions): readonly Window[] {
  const wanted = [
    ...fast.windowsMs.map((windowMs) => ({ lane: fast, windowMs, scale: 1 })),
    ...steady.windowsMs.map((windowMs) => ({ lane: steady, windowMs, scale: windowScale(windowMs) })),
  ];
  const store = new Float64Array(EPOCHS * wanted.length);
  return wanted.map(({ lane, windowMs, scale }, index) => ({
    lane,
    floors: new FloorWindow(windowMs, store, EPOCHS * index),
    minGrowthBytes: lane.minGrowthBytes * scale,
    minGrowthShare: (lane.minGrowthPercent / 100) * scale,
    confirmed: 0,
  }));
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
 *   the last floor is no new high                         no (a saw-tooth, a cache that is full)
 *   last minus first floor below the wanted growth        no (noise)
 *   Kendall's tau below 0.7                               no (no steady rise)
 *   Theil-Sen growth below the wanted growth, or last
 *     minus first below 0.7 of that growth                no (one step, an outlier)
 *   slope of the last 8 floors below 0.8 of the slope     no (a warm-up that levels off)
 *   the limit is more than 24 h away                      no (a badge, if less than 7 days)
 *   the same held not at the end of the epoch before      no
 *   told, and no 30 min without a leak since              no
 *   else                                                  yes
 */
export function createTrendRule(options: LeakTrendOptions): LeakTrendDetector {
  const windows = createWindows(options);
  let toldUntilMs = -Infinity;
  let slowGrowth: SlowGrowth | null = null;
  let slowWindow: Window | null = null;

  const judge = (window: Window, sample: Limits): Trend | null => {
    const trend = trendOf(window, options, sample);
    const leaking = trend !== null && trend.limitInMs <= window.lane.horizonMs;
    if (trend !== null && trend.limitInMs <= options.badgeHorizonMs) {
      slowGrowth = { bytesPerHour: (trend.slope / window.floors.epochMs) * HOUR_MS, limitInMs: trend.limitInMs };
      slowWindow = window;
    } else if (slowWindow === window) {
      slowGrowth = null;
      slowWindow = null;
    }
    window.confirmed = leaking ? window.confirmed + 1 : 0;
    return leaking && window.confirmed >= options.confirmations ? trend : null;
  };

  return {
    get slowGrowth() {
      return slowGrowth;
    },
    observe(sample) {
      const bytes = sample.privateBytes;
      if (sample.uptimeMs < options.warmUpMs || !Number.isFinite(bytes)) return null;
      let anomaly: LeakTrendAnomaly | null = null;
      for (let index = 0; index < windows.length; index++) {
        const window = windows[index] as Window;
        if (!window.floors.push(sample.atMs, bytes)) {
          // An epoch without a reading has emptied the window, or its epoch still lasts.
          if (!window.floors.full) window.confirmed = 0;
          continue;
        }
        const trend = judge(window, sample);
        if (trend === null) continue;
        if (sample.atMs > toldUntilMs) anomaly = trendAnomaly(window, trend);
        toldUntilMs = sample.atMs + options.rearmMs;
      }
      return anomaly;
    },
    reset() {
      for (const window of windows) {
        window.floors.clear();
        window.confirmed = 0;
      }
      toldUntilMs = -Infinity;
      slowGrowth = null;
      slowWindow = null;
    },
  };
}

interface Limits {
  limitBytes: number | null;
  machineMemoryBytes: number;
}

/** The trend of a full window that rises as a leak does, whatever its speed; the cheap questions come first. */
function trendOf(window: Window, options: LeakTrendOptions, limits: Limits): Trend | null {
  const { floors } = window;
  if (!floors.full) return null;
  const { grown } = floors;
  if (grown < options.minSteadiness * window.minGrowthBytes) return null;
  floors.copyTo(floorsInOrder);
  const last = floorsInOrder[EPOCHS - 1] as number;
  let lowest = last;
  for (let index = 0; index < EPOCHS - 1; index++) {
    const floor = floorsInOrder[index] as number;
    if (floor >= last) return null;
    if (floor < lowest) lowest = floor;
  }
  const wanted = Math.max(window.minGrowthBytes, window.minGrowthShare * lowest);
  if (grown < options.minSteadiness * wanted) return null;
  const tau = kendallTau(floorsInOrder);
  if (tau < window.lane.minTau) return null;
  const slope = theilSenSlope(floorsInOrder, 0);
  const projected = slope * (EPOCHS - 1);
  if (projected < wanted || grown < options.minSteadiness * projected) return null;
  if (theilSenSlope(floorsInOrder, EPOCHS - RECENT) < options.minRecentShare * slope) return null;
  const limitBytes = limitAbove(last, limits, options);
  return { slope, tau, limitBytes, limitInMs: (Math.max(0, limitBytes - last) / slope) * window.floors.epochMs };
}

/** The limit that counts: the watch's own, else the first of the customary ones that is not passed yet. */
function limitAbove(bytes: number, limits: Limits, options: LeakTrendOptions): number {
  if (limits.limitBytes !== null) return limits.limitBytes;
  const share = (limits.machineMemoryBytes * options.fallbackMachinePercent) / 100;
  const smaller = Math.min(share, options.fallbackLimitBytes);
  return bytes < smaller ? smaller : bytes < share ? share : limits.machineMemoryBytes;
}

function trendAnomaly(window: Window, trend: Trend): LeakTrendAnomaly {
  const { lane, floors } = window;
  const { epochMs } = floors;
  const samples: Reading[] = Array.from(floorsInOrder, (value, index) => ({
    atMs: floors.closedAtMs - (EPOCHS - 1 - index) * epochMs,
    value,
  }));
  const first = floorsInOrder[0] as number;
  const last = floorsInOrder[EPOCHS - 1] as number;
  const windowSeconds = spanSeconds(samples);
  const bytesPerSecond = (trend.slope / epochMs) * 1000;
  const threshold = Math.max(window.minGrowthBytes, window.minGrowthShare * Math.min(...floorsInOrder));
  return {
    anomaly: 'memory_leak',
    severity: 'high',
    message:
      `Memory grows by ${bytesText(bytesPerSecond)}/s: its floor rose from ${bytesText(first)} to ${bytesText(last)} in ` +
      `${formatDuration(windowSeconds * 1000)} and would reach ${bytesText(trend.limitBytes)} ` +
      `${trend.limitInMs > 0 ? `in ${formatDuration(trend.limitInMs)}` : 'now'}.`,
    evidence: {
      rule: 'trend',
      samples,
      unit: 'bytes',
      threshold: first + threshold,
      thresholdText:
        `the lowest readings of ${EPOCHS} epochs of ${formatDuration(epochMs)}: growth of at least ${bytesText(threshold)}, ` +
        `tau at least ${lane.minTau} (is ${trend.tau.toFixed(2)}), the limit within ${formatDuration(lane.horizonMs)}`,
      windowSeconds,
      bytesPerSecond,
      grownBytes: last - first,
      tau: trend.tau,
      limitBytes: trend.limitBytes,
      limitInMs: trend.limitInMs,
    },
  };
}
