import type { AttemptReading, Clock } from '../../../engine/ports';

/** How long attempts wait: those of one probe share pages of the file then, which most of a write is spent on. */
const WRITE_EVERY_MS = 30_000;
/** That many are written at once, however young they are; more than ten times as many are dropped while the file takes none. */
const MANY = 2000;

/** Attempts of probes that are not written yet. Those that a file refuses wait for the next write. */
export class AttemptBuffer {
  private waiting: readonly AttemptReading[] = [];
  /** When the oldest of them came in; monotonic ms. */
  private sinceMs = 0;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  /** Adds attempts; returns all that are to be written now. */
  add(attempts: readonly AttemptReading[]): readonly AttemptReading[] {
    const nowMs = this.clock.monotonicMs();
    if (this.waiting.length === 0) this.sinceMs = nowMs;
    this.waiting = [...this.waiting, ...attempts].slice(-10 * MANY);
    const isDue = nowMs - this.sinceMs >= WRITE_EVERY_MS || this.waiting.length >= MANY;
    return isDue ? this.waiting : [];
  }

  /** All of them, due or not. */
  get all(): readonly AttemptReading[] {
    return this.waiting;
  }

  /** What was returned last is in the file. */
  written(attempts: readonly AttemptReading[]): void {
    if (attempts.length > 0) this.waiting = [];
  }
}
