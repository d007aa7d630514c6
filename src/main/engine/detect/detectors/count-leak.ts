import { formatDuration } from '../../../../shared/lib/format/duration';
import { formatCount } from '../../../../shared/lib/format/values';
import { spanSeconds, type AnomalyOf, type Detector, type EvidenceBase, type Reading } from './detector';
import { FloorWindow, floorState, storedNumbers, type FloorState } from './leak-trend/floor-window';

/** How many there are of something that a program opens and should close again: descriptors, threads. */
export interface CountSample {
  atMs: number;
  /** In the process of a tree that has most; null where that is not known. */
  count: number | null;
  uptimeMs: number;
  /** The limit of the watch, or null when it has none. */
  limit: number | null;
}

export interface CountLeakOptions<K extends 'descriptor_leak' | 'thread_leak'> {
  anomaly: K;
  unit: 'files' | 'threads';
  noun: string;
  /** A process is not judged while it is younger. */
  warmUpMs: number;
  /** The lowest count of each such epoch is a floor. */
  epochMs: number;
  /** Floors that must rise one after the other. */
  run: number;
  /** Each step is at least one, and this share of the mean one. */
  minStepShare: number;
  minGrowth: number;
  minGrowthPercent: number;
  /** The newest floor must be above all before the growth by this share of the growth … */
  highMargin: number;
  /** … as far back as this. */
  highMemoryMs: number;
  /** Growth that reaches the limit of the watch within this time is severity high. */
  highWithinMs: number;
  /** In a younger process the step before the growth must be flat: pools fill while it starts. */
  settledAfterMs: number;
  /** A leak that was reported is reported again only after this time without one. */
  rearmMs: number;
}

const MINUTE_MS = 60_000;

const DEFAULT_COUNT_LEAK = {
  warmUpMs: MINUTE_MS,
  epochMs: 50_000,
  run: 6,
  minStepShare: 0.3,
  minGrowth: 8,
  minGrowthPercent: 10,
  highMargin: 0.3,
  highMemoryMs: 3 * 60 * MINUTE_MS,
  highWithinMs: 24 * 60 * MINUTE_MS,
  settledAfterMs: 31 * MINUTE_MS,
  rearmMs: 30 * MINUTE_MS,
};

export const DEFAULT_DESCRIPTOR_LEAK: CountLeakOptions<'descriptor_leak'> = {
  ...DEFAULT_COUNT_LEAK,
  anomaly: 'descriptor_leak',
  unit: 'files',
  noun: 'open files',
};

export const DEFAULT_THREAD_LEAK: CountLeakOptions<'thread_leak'> = {
  ...DEFAULT_COUNT_LEAK,
  anomaly: 'thread_leak',
  unit: 'threads',
  noun: 'threads',
};

export interface CountLeakEvidence extends EvidenceBase {
  rule: 'steps';
  grown: number;
  perHour: number;
}

export type CountLeakAnomaly<K extends 'descriptor_leak' | 'thread_leak'> = AnomalyOf<K, CountLeakEvidence>;

/** Floors that are kept: a run, and what was before it. */
const EPOCHS = 12;
/** Floors of a constant count that a window begins with. */
const FLAT_EPOCHS = 2;

/*
 * Truth table, at the end of each epoch; the first line that fits decides:
 *
 *   the count has not changed since the warm-up           no
 *   fewer than 6 floors                                   no
 *   growth below 8, or below 10 %                         no
 *   a step below 1, or below 0.3 of the mean one          no (a pool that grows with the load)
 *   not above all floors of 3 h before the growth by 0.3
 *     of it                                               no (a pool that shrinks and grows)
 *   younger than 31 min, and rising before the growth too no (a pool that fills while the program starts)
 *   reported, and no 30 min without a leak since          no
 *   else                                                  yes
 */
/** Watches one count of one process. Options are taken as valid. */
export function createCountLeak<K extends 'descriptor_leak' | 'thread_leak'>(
  options: CountLeakOptions<K>,
): Detector<CountSample, CountLeakAnomaly<K>> {
  return new CountLeakRule(options);
}

const windows = new Map<number, FloorWindow>();

function windowOf(epochMs: number): FloorWindow {
  let window = windows.get(epochMs);
  if (window === undefined) windows.set(epochMs, (window = new FloorWindow(epochMs, EPOCHS)));
  return window;
}

/** What is known of a count that changes. */
interface Changing {
  floors: FloorState;
  reportedUntilMs: number;
  /** The highest floor before those that are kept, and since when. */
  oldHigh: number;
  oldHighAtMs: number;
}

class CountLeakRule<K extends 'descriptor_leak' | 'thread_leak'> implements Detector<CountSample, CountLeakAnomaly<K>> {
  /** Made when the count changes: in most processes it never does. */
  private changing: Changing | null = null;
  /** Shared by all with the same epochs: attached before it is used. */
  private readonly window: FloorWindow;
  private constant = -1;
  private constantSinceMs = 0;

  constructor(private readonly options: CountLeakOptions<K>) {
    this.window = windowOf(options.epochMs);
  }

  observe(sample: CountSample): CountLeakAnomaly<K> | null {
    const { options, changing } = this;
    const { atMs, count } = sample;
    if (count === null || sample.uptimeMs < options.warmUpMs) return null;
    if (changing === null) {
      if (count === this.constant) return null;
      this.noteChange(atMs, count);
      return null;
    }
    if (!this.window.attach(changing.floors).push(atMs, count)) return null;
    this.noteHigh(this.window, changing, atMs);
    const growth = this.growthOf(this.window, changing, sample.uptimeMs);
    if (growth === null) return null;
    const isNews = atMs > changing.reportedUntilMs;
    changing.reportedUntilMs = atMs + options.rearmMs;
    return isNews ? countAnomaly(this.window, growth, sample.limit, options) : null;
  }

  reset(): void {
    this.changing = null;
    this.constant = -1;
  }

  /** The first count is kept as it is; from the second one on there are floors, of the time when it was constant too. */
  private noteChange(atMs: number, count: number): void {
    const { epochMs } = this.options;
    if (this.constant < 0) {
      this.constant = count;
      this.constantSinceMs = atMs;
      return;
    }
    const floors = floorState(1, storedNumbers(EPOCHS));
    this.changing = { floors, reportedUntilMs: -Infinity, oldHigh: -Infinity, oldHighAtMs: -Infinity };
    this.window.attach(floors).clear();
    const flat = Math.min(FLAT_EPOCHS, Math.floor((atMs - this.constantSinceMs) / epochMs));
    for (let epoch = flat; epoch > 0; epoch--) this.window.push(atMs - epoch * epochMs, this.constant);
    this.window.push(atMs, count);
  }

  /** Of floors that are about to be dropped. */
  private noteHigh(floors: FloorWindow, changing: Changing, atMs: number): void {
    if (!floors.full) return;
    const oldest = floors.floor(EPOCHS - 1);
    if (oldest < changing.oldHigh && atMs - changing.oldHighAtMs < this.options.highMemoryMs) return;
    changing.oldHigh = oldest;
    changing.oldHighAtMs = atMs;
  }

  /** How much the floors of the run have grown, as a leak does; null: they have not. */
  private growthOf(floors: FloorWindow, { oldHigh }: Changing, uptimeMs: number): number | null {
    const { run, minStepShare, minGrowth, minGrowthPercent, settledAfterMs, highMargin } = this.options;
    if (floors.length < run) return null;
    const first = floors.floor(run - 1);
    const growth = floors.floor(0) - first;
    if (growth < minGrowth || growth < (minGrowthPercent / 100) * first) return null;
    const minStep = Math.max(1, (minStepShare * growth) / (run - 1));
    for (let back = 0; back < run - 1; back++) {
      if (floors.floor(back) - floors.floor(back + 1) < minStep) return null;
    }
    if (floors.floor(0) - Math.max(floors.highest(run), oldHigh) < highMargin * growth) return null;
    const isFlatBefore = floors.length > run && first - floors.floor(run) < minStep;
    return isFlatBefore || uptimeMs >= settledAfterMs ? growth : null;
  }
}

function countAnomaly<K extends 'descriptor_leak' | 'thread_leak'>(
  floors: FloorWindow,
  growth: number,
  limit: number | null,
  options: CountLeakOptions<K>,
): CountLeakAnomaly<K> {
  const { run, epochMs, noun } = options;
  const samples: Reading[] = [];
  for (let back = floors.length - 1; back >= 0; back--) {
    samples.push({ atMs: floors.closedAtMs - back * epochMs, value: floors.floor(back) });
  }
  const first = floors.floor(run - 1);
  const last = floors.floor(0);
  const spanMs = (run - 1) * epochMs;
  const perMs = growth / spanMs;
  const limitInMs = limit === null ? null : Math.max(0, limit - last) / perMs;
  const threshold = first + Math.max(options.minGrowth, (options.minGrowthPercent / 100) * first);
  return {
    anomaly: options.anomaly,
    severity: limitInMs !== null && limitInMs <= options.highWithinMs ? 'high' : 'medium',
    message:
      `The lowest number of ${noun} in ${formatDuration(epochMs)} rose from ${formatCount(first)} to ${formatCount(last)} in ${formatDuration(spanMs)}` +
      `${limitInMs === null ? '' : ` and would reach the limit of ${formatCount(limit ?? 0)} in ${formatDuration(limitInMs)}`}.`,
    evidence: {
      rule: 'steps',
      samples,
      unit: options.unit,
      threshold,
      thresholdText:
        `the lowest counts of ${run} epochs of ${formatDuration(epochMs)}, each above the one before: growth of at least ` +
        `${formatCount(options.minGrowth)} and ${options.minGrowthPercent} %`,
      windowSeconds: spanSeconds(samples),
      grown: growth,
      perHour: Math.round(perMs * 60 * MINUTE_MS),
    },
  };
}
