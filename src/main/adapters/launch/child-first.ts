import type { Clock } from '../../engine/ports';

/** What a program takes from execve(2) to its main(), on a machine that is not busy. */
const YIELD_MS = 1;
/** Of many starts in a row only the first is waited for: a mass of deaths is over sooner without. */
const REST_MS = 50;

/**
 * Lets a program that was started a moment ago have the processor first. The kernel runs this thread again once the program was executed
 * (vfork(2)), often in its place, and all that follows a start can wait for it.
 */
export class ChildFirst {
  private readonly word = new Int32Array(new SharedArrayBuffer(4));
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  yield(): void {
    const nowMs = this.clock.monotonicMs();
    const isRow = nowMs - this.lastMs < REST_MS;
    this.lastMs = nowMs;
    if (!isRow) Atomics.wait(this.word, 0, 0, YIELD_MS);
  }
}
