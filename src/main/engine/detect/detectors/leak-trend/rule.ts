import type { AnomalyOf, Detector, DetectorSample } from '../detector';
import { leakAnomaly, type Leak, type LeakTrendEvidence } from './evidence';
import type { FloorState, FloorWindow } from './floor-window';
import type { Growth, GrowthSearch } from './growth';
import { HOUR_MS, type LeakTrendOptions } from './options';
import { planOf, type LeakPlan } from './plan';

export type MemoryLeakSample = Pick<
  DetectorSample,
  'atMs' | 'rssBytes' | 'privateBytes' | 'limitBytes' | 'heapLimitBytes' | 'machineMemoryBytes' | 'uptimeMs'
>;

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

/** The epochs from whose floors the old highs are taken. */
const RECENT_HIGHS_EPOCH_MS = 30_000;
const OLDER_HIGHS_EPOCH_MS = 90_000;

/*
 * Each lane searches the floors of its window for a growth, at the end of each epoch (trend-lane.ts, kink-lane.ts,
 * envelope-lane.ts). Truth table of what was found; the first line that fits decides:
 *
 *   younger than the warm-up                              no
 *   the limit is farther away than the lane's horizon     no (a badge, if less than 7 days)
 *   growth since birth, the limit not within 30 min       no (it fills its caches; it is judged again later)
 *   the limit is farther than a day, or the growth is
 *     allowed by the limit of the heap, and it is not
 *     1.5 times what the process grew by before it        no (caches that fill in spurts)
 *   not above the old highs by 0.3 of the growth          no (work in shifts; not asked by the lane of 3 min)
 *   below 0.95 of the highest floor of 3 h                no (the same)
 *   the same held not at the end of the epoch before      no (not asked by lanes of steps)
 *   reported, and no 30 min without a leak since          no, unless the limit has come nearer than a day
 *   else                                                  yes
 */
export function createTrendRule(options: LeakTrendOptions): LeakTrendDetector {
  return new TrendRule(options);
}

/** A class and two arrays: hundreds of processes are watched, and closures would cost more than the numbers. */
class TrendRule implements LeakTrendDetector {
  slowGrowth: SlowGrowth | null = null;
  private readonly plan: LeakPlan;
  private readonly state: FloorState;
  /** Ends of epochs in a row at which it looked like a leak: two bits for each search, since an array would cost a hundred bytes. */
  private confirmed = 0;
  private slowWindow = -1;
  private reportedUntilMs = -Infinity;
  private reportedFar = false;

  constructor(private readonly options: LeakTrendOptions) {
    this.plan = planOf(options);
    this.state = this.plan.newState();
  }

  observe(sample: MemoryLeakSample): LeakTrendAnomaly | null {
    const bytes = sample.privateBytes;
    if (sample.uptimeMs < this.options.warmUpMs || !Number.isFinite(bytes)) return null;
    let anomaly: LeakTrendAnomaly | null = null;
    let search = 0;
    const { windows } = this.plan;
    this.plan.attach(this.state);
    for (let index = 0; index < windows.length; index++) {
      const window = windows[index] as FloorWindow;
      const searches = this.plan.searches[index] as readonly GrowthSearch[];
      if (window.push(sample.atMs, bytes)) {
        this.noteHighs(window, sample.atMs);
        for (let lane = 0; lane < searches.length; lane++) {
          const leak = this.evaluate(index, search + lane, window, searches[lane] as GrowthSearch, sample);
          if (leak !== null) anomaly = this.report(leak, sample.atMs) ?? anomaly;
        }
      }
      search += searches.length;
    }
    return anomaly;
  }

  reset(): void {
    this.plan.clear(this.state);
    this.confirmed = 0;
    this.slowGrowth = null;
    this.slowWindow = -1;
    this.reportedUntilMs = -Infinity;
  }

  private noteHighs(window: FloorWindow, atMs: number): void {
    if (window.epochMs === RECENT_HIGHS_EPOCH_MS) this.plan.highs.noteRecent(atMs, window.floor(0));
    if (window.epochMs === OLDER_HIGHS_EPOCH_MS) this.plan.highs.noteOlder(atMs, window.floor(0));
  }

  /** One leak is one report; it is made again when a limit that was far is so no more. */
  private report(leak: Leak, atMs: number): LeakTrendAnomaly | null {
    const { isFar } = leak;
    const isNews = atMs > this.reportedUntilMs || (this.reportedFar && !isFar);
    this.reportedUntilMs = atMs + this.options.rearmMs;
    if (!isNews) return null;
    this.reportedFar = isFar;
    return leakAnomaly(leak);
  }

  /** At the end of an epoch: the growth, when it is a leak and is confirmed. */
  private evaluate(
    index: number,
    at: number,
    window: FloorWindow,
    search: GrowthSearch,
    sample: MemoryLeakSample,
  ): Leak | null {
    const { options } = this;
    const growth = search.find(window, sample.uptimeMs);
    let leak: Leak | null = null;
    if (growth !== null) {
      const limitBytes = limitAbove(window.floor(0), sample, search, options);
      const limitInMs = (Math.max(0, limitBytes - window.floor(0)) / growth.slope) * window.epochMs;
      if (limitInMs <= options.badgeHorizonMs) {
        this.slowGrowth = { bytesPerHour: (growth.slope / window.epochMs) * HOUR_MS, limitInMs };
        this.slowWindow = index;
      }
      const horizonMs = growth.sinceBirth ? search.urgentMs : search.horizonMs;
      const isFar = limitInMs > options.farMs || isAllowed(window.floor(0), sample);
      const isNew = !isFar || isUnlikeBefore(window, growth, options.minFarNovelty);
      if (isNew && limitInMs <= horizonMs && this.isNewHigh(window, growth, search)) {
        leak = { floors: window, growth, search, limitBytes, limitInMs, isFar };
      }
    } else if (this.slowWindow === index) {
      this.slowGrowth = null;
      this.slowWindow = -1;
    }
    const bits = 2 * at;
    const confirmed = leak === null ? 0 : Math.min(search.confirmations, ((this.confirmed >> bits) & 3) + 1);
    this.confirmed = (this.confirmed & ~(3 << bits)) | (confirmed << bits);
    return confirmed >= search.confirmations ? leak : null;
  }

  /** Whether the memory is higher than within the last hours before the growth, and not only back to where it was. */
  private isNewHigh(window: FloorWindow, { run, grownBytes }: Growth, { highMargin }: GrowthSearch): boolean {
    const last = window.floor(0);
    // Without old highs the product may be no number: that hinders nothing.
    if (last < this.plan.highs.highest * this.options.minShareOfPeak) return false;
    if (highMargin === null) return true;
    const windowStartMs = window.closedAtMs - window.length * window.epochMs;
    const old = Math.max(window.highest(run), this.plan.highs.before(windowStartMs));
    return last - old >= highMargin * grownBytes;
  }
}

/** Whether the growth is large beside what the process had grown by before it, as far as the window goes back. */
function isUnlikeBefore(window: FloorWindow, { run, grownBytes }: Growth, minNovelty: number): boolean {
  const grownBefore = window.floor(run - 1) - window.lowest(run);
  return grownBytes >= minNovelty * grownBefore;
}

/** Whether a collector may let the heap grow on: no limit of the watch is set, and that of the heap is not reached. */
function isAllowed(
  bytes: number,
  { limitBytes, heapLimitBytes }: Pick<MemoryLeakSample, 'limitBytes' | 'heapLimitBytes'>,
): boolean {
  return limitBytes === null && heapLimitBytes !== null && bytes < heapLimitBytes;
}

/** The limit that counts: the watch's own, else that of its heap, else the first of the customary ones that is not passed yet. */
function limitAbove(
  bytes: number,
  limits: Pick<MemoryLeakSample, 'limitBytes' | 'heapLimitBytes' | 'machineMemoryBytes'>,
  { fallbackLimitBytes }: GrowthSearch,
  options: LeakTrendOptions,
): number {
  if (limits.limitBytes !== null) return limits.limitBytes;
  if (isAllowed(bytes, limits)) return limits.heapLimitBytes as number;
  // 0: nobody knows yet how large the machine is.
  const machine = limits.machineMemoryBytes > 0 ? limits.machineMemoryBytes : Infinity;
  const share = (machine * options.fallbackMachinePercent) / 100;
  const smaller = Math.min(share, fallbackLimitBytes);
  return bytes < smaller ? smaller : bytes < share ? share : machine;
}
