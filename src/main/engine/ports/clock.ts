/** Undoes what returned it; calling it twice is harmless. */
export type Dispose = () => void;

/** Time. Decisions use the monotonic clock, wall time is for showing. */
export interface Clock {
  /** Milliseconds since some moment that stays the same for one boot of the machine; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since the epoch; may jump. */
  wallMs(): number;
  /** Runs once after `delayMs`; disposing cancels it. */
  after(delayMs: number, run: () => void): Dispose;
}
