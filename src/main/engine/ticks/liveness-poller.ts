import type { ChangeBus } from '../events/change-bus';
import type { Clock, Dispose } from '../ports';
import type { Roster } from '../watch/roster';

/** From one look to the next. */
const POLL_INTERVAL_MS = 100;

/** Looks between ticks at the processes whose end nobody reports: not a child of this engine, and not followed by the kernel. */
export class LivenessPoller {
  private cancel: Dispose | null = null;
  private disposed = false;
  private readonly unsubscribe: Dispose;

  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly roster: Roster,
    changeBus: Pick<ChangeBus, 'subscribe'>,
  ) {
    this.unsubscribe = changeBus.subscribe(({ watches }) => {
      if (watches !== undefined) this.arm();
    });
  }

  dispose(): void {
    this.disposed = true;
    this.unsubscribe();
    this.cancel?.();
  }

  /** Continues to poll as long as there is such a process. */
  private arm(): void {
    if (this.cancel !== null || this.disposed || !this.hasSomethingToSee()) return;
    this.cancel = this.clock.after(POLL_INTERVAL_MS, () => {
      this.cancel = null;
      for (const supervisor of this.roster) if (supervisor.mustPoll) supervisor.pollLiveness();
      this.arm();
    });
  }

  private hasSomethingToSee(): boolean {
    for (const { mustPoll } of this.roster) if (mustPoll) return true;
    return false;
  }
}
