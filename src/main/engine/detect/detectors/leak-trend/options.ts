/** What all lanes ask of a growth. */
interface LaneBase {
  /** The limit must be reached within this time if the growth goes on. */
  horizonMs: number;
  /** Without a limit of the watch: the limit is the smaller of this and a share of the machine's memory. */
  fallbackLimitBytes: number;
  /** Ends of epochs in a row at which all must hold. */
  confirmations: number;
  /**
   * The newest floor must be above all of the 3 h before the growth by this share of the growth: work in shifts reaches the
   * same heights again. Null: not asked for.
   */
  highMargin: number | null;
  /** A young process that grows since its birth counts only where the limit is reached within this time. */
  urgentMs: number;
}

/** A steady rise over a whole window. */
export interface TrendLane extends LaneBase {
  windowsMs: readonly number[];
  /** Kendall's tau of the floors over time: 1 is a strict rise, 0 is no trend. */
  minTau: number;
  /** Growth over a window of `REFERENCE_WINDOW_MS`; see `scales`. */
  minGrowthBytes: number;
  /** The same, in percent of the lowest floor. */
  minGrowthPercent: number;
  /** A longer window asks for less growth per time: noise grows with the root of time, a leak with time. */
  scales: boolean;
  /** A younger process must not have grown since its birth, see `growsSinceBirth` and `urgentMs`: it may be filling a cache. */
  settledAfterMs: number;
  /** Share of the projected growth that must lie between the first and the last floor. */
  minSteadiness: number;
  /** Slope of the newest floors, as a share of the slope of all: a warm-up levels off. */
  minRecentShare: number;
}

/** Step after step in one direction, after floors that were flat. */
interface RunLane extends LaneBase {
  /** Floors of the growth. */
  run: number;
  minGrowthBytes: number;
  minGrowthPercent: number;
  /** Each step, as a share of the mean one. */
  minStepShare: number;
  /** The mean of the last two steps, as a share of the mean of all: a warm-up levels off. */
  minRecentShare: number;
}

/** A kink in the floors of half a minute: growth that is large beside the process's own noise before it. */
export interface KinkLane extends RunLane {
  /** So many floors before the growth show the noise: their range. */
  minFloorsBefore: number;
  maxFloorsBefore: number;
  /** The growth must be at least this many times the noise … */
  noiseFactor: number;
  /** … which is taken to be at least this. */
  minNoiseBytes: number;
}

/** A rise of the floors of minutes: a heap that is collected seldom has clean floors only there. */
export interface EnvelopeLane extends RunLane {
  epochMs: number;
  /** Growth below this share of the first floor must begin after a flat stretch … */
  clearGrowthPercent: number;
  /** … whose steps are at most this share of the mean step. */
  maxStepShareBefore: number;
  /** Growth that reaches back to the birth of the process counts only when that is this old, plus two epochs. */
  settledAfterMs: number;
}

/** Growth of the heap's floor. */
export interface LeakTrendOptions {
  rule: 'trend';
  /** A process is not judged while it is younger: every program grows while it starts. */
  warmUpMs: number;
  steady: TrendLane;
  /** A short window with stricter numbers, for leaks that can't wait. */
  fast: TrendLane;
  /** On the floors of `KINK_EPOCH_MS`. */
  kinks: readonly KinkLane[];
  envelopes: readonly EnvelopeLane[];
  /** The newest floor, as a share of the highest one within the longest window: work in shifts rises and falls for ever. */
  minShareOfPeak: number;
  /** A leak that was reported is reported again only after this time without one in any window. */
  rearmMs: number;
  /** The share of the machine's memory that is the limit where the watch has none, see `fallbackLimitBytes`. */
  fallbackMachinePercent: number;
  /** A limit that is farther away than this is for people to see, and no reason to end a program. */
  farMs: number;
  /** Growth towards it must be this many times what the process had grown by before. */
  minFarNovelty: number;
  /** Growth that reaches the limit within this time is `slowGrowth`. */
  badgeHorizonMs: number;
}

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The window for which the growth of a lane is given. */
export const REFERENCE_WINDOW_MS = 10 * MINUTE_MS;
/** Floors of a window that is judged as a whole. */
export const TREND_EPOCHS = 20;
/** The epochs of a window of 10 min, which kinks are searched in as well. */
export const KINK_EPOCH_MS = REFERENCE_WINDOW_MS / TREND_EPOCHS;

const CUSTOMARY_LIMIT_BYTES = 2_000_000_000;
/** Caches and heaps fill from birth on, at the speed of the load. */
const SETTLED_AFTER_MS = 31 * MINUTE_MS;

/** Nobody fills a cache up to the limit. */
const URGENT_MS = 30 * MINUTE_MS;

const RUN = {
  fallbackLimitBytes: CUSTOMARY_LIMIT_BYTES,
  confirmations: 1,
  highMargin: 0.3,
  urgentMs: URGENT_MS,
  minRecentShare: 0.5,
};

const KINK = { ...RUN, minStepShare: 0.15 };

const ENVELOPE = {
  ...RUN,
  minStepShare: 0.2,
  minGrowthPercent: 8,
  horizonMs: 7 * DAY_MS,
  clearGrowthPercent: 25,
  maxStepShareBefore: 0.4,
  settledAfterMs: SETTLED_AFTER_MS,
};

export const DEFAULT_LEAK_TREND: LeakTrendOptions = {
  rule: 'trend',
  warmUpMs: MINUTE_MS,
  steady: {
    windowsMs: [10 * MINUTE_MS, 30 * MINUTE_MS, 3 * HOUR_MS],
    minTau: 0.7,
    minGrowthBytes: 7_300_000,
    minGrowthPercent: 3.7,
    scales: true,
    horizonMs: DAY_MS,
    fallbackLimitBytes: CUSTOMARY_LIMIT_BYTES,
    confirmations: 2,
    highMargin: 0.3,
    urgentMs: URGENT_MS,
    settledAfterMs: SETTLED_AFTER_MS,
    minSteadiness: 0.7,
    minRecentShare: 0.8,
  },
  fast: {
    windowsMs: [3 * MINUTE_MS],
    minTau: 0.8,
    minGrowthBytes: 60_000_000,
    minGrowthPercent: 40,
    scales: false,
    horizonMs: 3 * HOUR_MS,
    fallbackLimitBytes: Infinity,
    confirmations: 2,
    highMargin: null,
    urgentMs: 0,
    settledAfterMs: 10 * MINUTE_MS,
    minSteadiness: 0.7,
    minRecentShare: 0.8,
  },
  kinks: [
    {
      ...KINK,
      minStepShare: 0.6,
      minRecentShare: 0.8,
      run: 8,
      minGrowthBytes: 800_000,
      minGrowthPercent: 2,
      horizonMs: 7 * DAY_MS,
      minFloorsBefore: 8,
      maxFloorsBefore: 12,
      noiseFactor: 10,
      minNoiseBytes: 50_000,
    },
    {
      ...KINK,
      run: 8,
      minGrowthBytes: 3_000_000,
      minGrowthPercent: 3,
      horizonMs: 3 * DAY_MS,
      minFloorsBefore: 5,
      maxFloorsBefore: 10,
      noiseFactor: 4,
      minNoiseBytes: 100_000,
    },
    {
      ...KINK,
      run: 12,
      minGrowthBytes: 800_000,
      minGrowthPercent: 1,
      horizonMs: 7 * DAY_MS,
      minFloorsBefore: 6,
      maxFloorsBefore: 8,
      noiseFactor: 8,
      minNoiseBytes: 50_000,
    },
  ],
  envelopes: [
    { ...ENVELOPE, epochMs: 3 * MINUTE_MS, run: 6, minGrowthBytes: 5_000_000 },
    { ...ENVELOPE, epochMs: 5 * MINUTE_MS, run: 5, minGrowthBytes: 4_000_000 },
  ],
  minShareOfPeak: 0.95,
  rearmMs: 30 * MINUTE_MS,
  fallbackMachinePercent: 50,
  farMs: DAY_MS,
  minFarNovelty: 1.5,
  badgeHorizonMs: 7 * DAY_MS,
};
