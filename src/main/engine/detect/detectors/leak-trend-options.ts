/** How strict a window is. */
export interface LeakLane {
  /** Rising. The last one of `steady` is the longest: it also remembers what was usual. */
  windowsMs: readonly number[];
  /** Kendall's tau of the floors over time: 1 is a strict rise, 0 is no trend. */
  minTau: number;
  /** Growth over a window of `REFERENCE_WINDOW_MS`; a longer one asks for less per time, see `windowScale`. */
  minGrowthBytes: number;
  /** The same, in percent of the lowest floor. */
  minGrowthPercent: number;
  /** The limit must be reached within this time if the growth goes on. */
  horizonMs: number;
  /** Without a limit of the watch: the limit is the smaller of this and a share of the machine's memory. */
  fallbackLimitBytes: number;
  /** A younger process must not have grown since its birth, see `growsSinceBirth`: it may be loading its data. */
  settledAfterMs: number;
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
  /** The newest floor, as a share of the highest one within the longest window: work in shifts rises and falls for ever. */
  minShareOfPeak: number;
  /** A leak that was reported is reported again only after this time without one in any window. */
  rearmMs: number;
  /** The share of the machine's memory that is the limit where the watch has none, see `LeakLane`. */
  fallbackMachinePercent: number;
  /** Growth that reaches the limit within this time is `slowGrowth`. */
  badgeHorizonMs: number;
}

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** The window for which the growth of a lane is given. */
export const REFERENCE_WINDOW_MS = 10 * MINUTE_MS;

export const DEFAULT_LEAK_TREND: LeakTrendOptions = {
  rule: 'trend',
  warmUpMs: MINUTE_MS,
  steady: {
    windowsMs: [10 * MINUTE_MS, 30 * MINUTE_MS, 3 * HOUR_MS],
    minTau: 0.7,
    minGrowthBytes: 7_300_000,
    minGrowthPercent: 3.7,
    horizonMs: 24 * HOUR_MS,
    fallbackLimitBytes: 2_000_000_000,
    settledAfterMs: 0,
  },
  fast: {
    windowsMs: [3 * MINUTE_MS],
    minTau: 0.8,
    minGrowthBytes: 60_000_000,
    minGrowthPercent: 40,
    horizonMs: 3 * HOUR_MS,
    fallbackLimitBytes: Infinity,
    settledAfterMs: 10 * MINUTE_MS,
  },
  minSteadiness: 0.7,
  minRecentShare: 0.8,
  confirmations: 2,
  minShareOfPeak: 0.95,
  rearmMs: 30 * MINUTE_MS,
  fallbackMachinePercent: 50,
  badgeHorizonMs: 7 * 24 * HOUR_MS,
};
