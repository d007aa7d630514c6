import type { Settings } from '../../../shared/model/settings';
import type { ChangeBus } from '../events/change-bus';
import { samplingRestored, samplingSlowed } from './tick-reports';
import type { CostFigures } from './own-cost';
import { FULL_PACE, intervalAt, paced } from './pace';

export interface SamplingPaceDependencies {
  settings: () => Pick<Settings, 'sampling.intervalMs' | 'sampling.maxOwnCpuPercent'>;
  /** A violation is seen and not decided yet: no reading may come later than set. */
  isUndecided: () => boolean;
  changeBus: Pick<ChangeBus, 'record'>;
}

/** How often processes are sampled: as set, or less often while the machine is busy. */
export class SamplingPace {
  private pace = FULL_PACE;

  constructor(private readonly dependencies: SamplingPaceDependencies) {}

  /** The interval in force, in ms. */
  get intervalMs(): number {
    const intervalMs = this.dependencies.settings()['sampling.intervalMs'];
    return this.dependencies.isUndecided() ? intervalMs : intervalAt(this.pace, intervalMs);
  }

  /** A tick is done. One that was requested earlier is no measure of the interval. */
  onTick(cost: CostFigures, elapsedMs: number): void {
    const { settings, changeBus } = this.dependencies;
    const { 'sampling.intervalMs': intervalMs, 'sampling.maxOwnCpuPercent': maxOwnCpuPercent } = settings();
    if (elapsedMs < intervalMs / 2) return;
    const before = this.pace;
    const tickMs = cost.tickDelayMs + cost.tickDurationMs;
    const tick = { elapsedMs, tickMs, cpuPercent: cost.ownCpuPercent };
    this.pace = paced(before, tick, { intervalMs, maxOwnCpuPercent });
    const { level, last } = this.pace;
    if (before.level === 0 && level > 0 && last !== null) {
      changeBus.record(samplingSlowed(intervalMs, intervalAt(this.pace, intervalMs), last, maxOwnCpuPercent));
    }
    if (before.level > 0 && level === 0) changeBus.record(samplingRestored(intervalMs));
  }
}
