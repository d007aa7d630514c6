import type { LimitAction } from '../../../shared/findings';
import type { BacktestHit } from '../../../shared/model/backtest';
import type { DiskRates } from '../../../shared/model/snapshot';
import type { Settings } from '../../../shared/model/settings';
import { EMPTY_WINDOW, judgeLimit, type LimitWindow } from './limits';
import { limitRule, toleranceOf } from './limit-rules';

/** A reading of the past; wall time in ms, % of one core, bytes. */
export interface PastReading extends DiskRates {
  at: number;
  cpuPercent: number;
  memoryBytes: number;
}

/** So many intervals without a reading are a gap, as in the engine. */
const GAP_INTERVALS = 3;

/** These end the process: its successor begins with empty windows and a start grace. */
const ENDING: ReadonlySet<LimitAction> = new Set(['restart', 'kill']);

type Metric = BacktestHit['metric'];

const VALUES: Readonly<Record<Metric, (reading: PastReading) => number | undefined>> = {
  cpu: ({ cpuPercent }) => cpuPercent,
  memory: ({ memoryBytes }) => memoryBytes,
  disk_read: ({ diskReadBytesPerSecond }) => diskReadBytesPerSecond,
  disk_write: ({ diskWriteBytesPerSecond }) => diskWriteBytesPerSecond,
};
const METRICS = Object.keys(VALUES) as readonly Metric[];

/**
 * What limits would have done, by the rule that judges the living: tolerance, hysteresis and start grace. Readings are given
 * piece by piece, oldest first. Windows are emptied where the engine empties them: at a start, at a gap, and after a heal,
 * which here is only supposed.
 */
export class BacktestRun {
  readonly hits: BacktestHit[] = [];
  readings = 0;
  /** Those of them with rates of reading and writing. */
  diskReadings = 0;
  private windows: Partial<Record<Metric, LimitWindow>> = {};
  private lastAt: number | null = null;
  private graceEndsAt = Number.NEGATIVE_INFINITY;
  private nextStart = 0;

  /** `starts`: when processes of the watch began, in order. */
  constructor(
    private readonly settings: Settings,
    private readonly starts: readonly number[],
  ) {}

  observe(readings: readonly PastReading[]): void {
    for (const reading of readings) this.evaluate(reading);
  }

  private evaluate(reading: PastReading): void {
    const { at } = reading;
    const gapMs = GAP_INTERVALS * this.settings['sampling.intervalMs'];
    if (this.lastAt !== null && at - this.lastAt > gapMs) this.empty();
    for (let start = this.starts[this.nextStart]; start !== undefined && start <= at;) {
      this.begin(start);
      start = this.starts[(this.nextStart += 1)];
    }
    this.lastAt = at;
    this.readings += 1;
    if (reading.diskReadBytesPerSecond !== undefined) this.diskReadings += 1;
    if (at < this.graceEndsAt) return;
    const found = METRICS.flatMap((metric) => this.judgeMetric(metric, reading) ?? []);
    this.hits.push(...found);
    if (found.some(({ action }) => ENDING.has(action))) this.begin(at);
  }

  private judgeMetric(metric: Metric, reading: PastReading): (BacktestHit & { action: LimitAction }) | null {
    const rule = limitRule(metric, this.settings);
    if (rule.warn === null && rule.act === null) return null;
    const value = VALUES[metric](reading);
    if (value === undefined) return null;
    const judged = judgeLimit(this.windows[metric] ?? EMPTY_WINDOW, value, rule, toleranceOf(this.settings));
    this.windows[metric] = judged.window;
    if (judged.crossing === null) return null;
    const { level, limit } = judged.crossing;
    return { at: reading.at, metric, level, value, limit, action: level === 'warn' ? 'notify' : rule.action };
  }

  private begin(at: number): void {
    this.empty();
    this.graceEndsAt = at + this.settings['start.graceMs'];
  }

  private empty(): void {
    this.windows = {};
  }
}
