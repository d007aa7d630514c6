import type { Clock, Dispose } from './ports';

/** One moment that is waited for: a new one takes the place of the last. */
export class Alarm {
  private cancel: Dispose | null = null;

  constructor(private readonly clock: Pick<Clock, 'after'>) {}

  set(delayMs: number, run: () => void): void {
    this.dispose();
    this.cancel = this.clock.after(Math.max(0, delayMs), run);
  }

  dispose(): void {
    this.cancel?.();
    this.cancel = null;
  }
}
