/** What changes so soon after a start is most likely written by the program itself, as a log beside its code. */
const SOON_MS = 15_000;
/** So many in a row are free: an editor saves twice, and a deployment has pauses. */
const FREE_RESTARTS = 3;
const FIRST_DELAY_MS = 30_000;
const MAX_DELAY_MS = 3_600_000;

/**
 * Slows down restarts on change that cause the next change: without it, a program that writes what it is restarted for would be restarted
 * for ever. A change is never lost, only dealt with later.
 */
export class ChangeBrake {
  private process: string | null = null;
  /** Processes in a row whose first change came soon after their start. */
  private streak = 0;

  /** How long after its start a process with a change is restarted at the earliest, ms. `uptimeMs`: now; asked until it is restarted. */
  delayMs(process: string, uptimeMs: number): number {
    if (process !== this.process) {
      this.process = process;
      this.streak = uptimeMs < SOON_MS ? this.streak + 1 : 0;
    }
    return delayAfter(this.streak);
  }

  /** The same for the next process, if its change comes as soon. */
  get nextDelayMs(): number {
    return delayAfter(this.streak + 1);
  }
}

function delayAfter(streak: number): number {
  return streak <= FREE_RESTARTS ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (streak - FREE_RESTARTS - 1), MAX_DELAY_MS);
}
