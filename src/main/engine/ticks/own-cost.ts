import type { EngineInfo } from '../../../shared/model/snapshot';
import type { Clock, Machine } from '../ports';

export type CostFigures = Pick<EngineInfo, 'ownCpuPercent' | 'ownRssBytes' | 'tickDelayMs' | 'tickDurationMs'>;

/** What the engine itself costs, tick by tick. */
export class OwnCost {
  figures: CostFigures = { ownCpuPercent: 0, ownRssBytes: 0, tickDelayMs: 0, tickDurationMs: 0 };
  /** Since the tick before; 0 at the first one. */
  elapsedMs = 0;
  private before: { atMs: number; cpuMs: number } | null = null;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly machine: Pick<Machine, 'ownUsage'>,
  ) {}

  /** A tick that was due and began at these monotonic times has done its work. */
  onTick(startedMs: number, dueMs: number): void {
    const { cpuMs, rssBytes } = this.machine.ownUsage();
    const atMs = this.clock.monotonicMs();
    const elapsedMs = this.before === null ? 0 : atMs - this.before.atMs;
    this.elapsedMs = elapsedMs;
    this.figures = {
      ownCpuPercent: this.before === null || elapsedMs <= 0 ? 0 : (100 * (cpuMs - this.before.cpuMs)) / elapsedMs,
      ownRssBytes: rssBytes,
      tickDelayMs: Math.max(0, startedMs - dueMs),
      tickDurationMs: atMs - startedMs,
    };
    this.before = { atMs, cpuMs };
  }
}
