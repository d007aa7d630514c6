import type { Clock } from '../ports';

/** Ends this close to each other may have one reason. */
const TOGETHER_MS = 5000;
/** A gap before this says nothing of an end. */
const GAP_MS = 10_000;
/** When all programs of a machine end, naming some is enough. */
const MAX_KEPT = 100;

/** Knows what happened beside a death: which other programs ended within seconds, and whether nobody watched right before. */
export class Coincidences {
  private ends: { watch: string; atMs: number }[] = [];
  private gap: { atMs: number; lengthMs: number } | null = null;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  noteEnd(watch: string): void {
    const atMs = this.clock.monotonicMs();
    this.ends = [...this.ends.filter((end) => atMs - end.atMs < TOGETHER_MS), { watch, atMs }].slice(-MAX_KEPT);
  }

  noteGap(lengthMs: number): void {
    this.gap = { atMs: this.clock.monotonicMs(), lengthMs };
  }

  /** Names of other watches whose programs ended within seconds of a moment (monotonic ms). */
  othersEnded(watch: string, atMs: number): readonly string[] {
    const near = this.ends.filter((end) => end.watch !== watch && Math.abs(end.atMs - atMs) < TOGETHER_MS);
    return [...new Set(near.map((end) => end.watch))];
  }

  /** How long nobody watched right before a moment (monotonic ms), in ms; null: somebody did. */
  gapBefore(atMs: number): number | null {
    return this.gap !== null && atMs - this.gap.atMs < GAP_MS ? this.gap.lengthMs : null;
  }
}
