import { formatDuration } from '../../../../shared/lib/format/duration';
import type { AnomalyOf, Detector, DetectorSample, EvidenceBase } from './detector';

export interface StallSample extends Pick<DetectorSample, 'atMs' | 'cpuPercent'> {
  /** Whether every thread waits for another one. Expensive: asked only when all else indicates a stall. */
  isDeadlocked: () => boolean;
}

export interface StallOptions {
  /** How long the process must have been active, pauses included, before its pauses are judged. */
  minPastMs: number;
  /** A pause must be at least this long … */
  minPauseMs: number;
  /** … and this many times the longest one that ended by itself. */
  pauseFactor: number;
  /** While a pause lasts, the threads are asked so often. */
  askEveryMs: number;
}

const MINUTE_MS = 60_000;

export const DEFAULT_STALL: StallOptions = {
  minPastMs: 10 * MINUTE_MS,
  minPauseMs: MINUTE_MS,
  pauseFactor: 3,
  askEveryMs: 30_000,
};

export interface StallEvidence extends EvidenceBase {
  rule: 'pause';
  longestPauseMs: number;
}

export type StallAnomaly = AnomalyOf<'stall', StallEvidence>;

/*
 * Truth table. A pause is a time without any use of CPU:
 *
 *   active for less than 10 min                           no
 *   the pause is shorter than 60 s, or than 3 times the
 *     longest one before                                  no
 *   a thread waits for anything but another thread        no (a server without clients, a timer)
 *   this pause was reported                               no
 *   else                                                  yes
 */
/** Watches the pauses of one process or tree. Options are taken as valid. */
export function createStall(options: StallOptions = DEFAULT_STALL): Detector<StallSample, StallAnomaly> {
  return new StallRule(options);
}

class StallRule implements Detector<StallSample, StallAnomaly> {
  private sinceMs = Number.NaN;
  private activeAtMs = Number.NaN;
  private longestPauseMs = 0;
  /** When the threads are asked again; Infinity: this pause was reported. */
  private askAtMs = -Infinity;

  constructor(private readonly options: StallOptions) {}

  observe(sample: StallSample): StallAnomaly | null {
    const { options } = this;
    const { atMs, cpuPercent } = sample;
    if (cpuPercent > 0) {
      if (Number.isNaN(this.sinceMs)) this.sinceMs = atMs;
      else this.longestPauseMs = Math.max(this.longestPauseMs, atMs - this.activeAtMs);
      this.activeAtMs = atMs;
      this.askAtMs = -Infinity;
      return null;
    }
    if (!(this.activeAtMs - this.sinceMs >= options.minPastMs)) return null;
    const pauseMs = atMs - this.activeAtMs;
    const allowedMs = Math.max(options.minPauseMs, options.pauseFactor * this.longestPauseMs);
    if (pauseMs <= allowedMs || atMs < this.askAtMs) return null;
    this.askAtMs = atMs + options.askEveryMs;
    if (!sample.isDeadlocked()) return null;
    this.askAtMs = Infinity;
    return {
      anomaly: 'stall',
      severity: 'medium',
      message:
        `It has used no CPU for ${formatDuration(pauseMs)}, and all of its threads wait for one another; its longest pause before was ` +
        `${formatDuration(this.longestPauseMs)}.`,
      evidence: {
        rule: 'pause',
        samples: [
          { atMs: this.activeAtMs, value: 0 },
          { atMs, value: pauseMs },
        ],
        unit: 'ms',
        threshold: allowedMs,
        thresholdText: `no use of CPU for ${formatDuration(allowedMs)}, and every thread in a futex wait`,
        windowSeconds: pauseMs / 1000,
        longestPauseMs: this.longestPauseMs,
      },
    };
  }

  reset(): void {
    this.sinceMs = Number.NaN;
    this.activeAtMs = Number.NaN;
    this.longestPauseMs = 0;
    this.askAtMs = -Infinity;
  }
}
