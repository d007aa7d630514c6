import type { Clock, Dispose, ReportError } from '../../engine/ports';

export interface WorkLoopOptions {
  clock: Clock;
  /** Does what there is to do; resolves with when there is more (monotonic), rejects when it could not be done. */
  work: () => Promise<number>;
  /** It has begun to fail, or does no more. */
  failing: () => void;
  report: ReportError;
}

/** What comes soon after each other is done in one turn; nobody notices so short a delay of a message. */
const GATHER_MS = 50;
/** Wall times that are waited for may come earlier, when a clock is set: this is how often they are checked. */
const MAX_WAIT_MS = 60_000;
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;

/** Work that is done in turns of its own, never twice at a time, and again after it has failed. */
export class WorkLoop {
  /** Why the last turn came to nothing; null when it did not. */
  problem: string | null = null;
  private state: 'new' | 'idle' | 'working' | 'disposed' = 'new';
  private again = false;
  /** The timer that is armed is a short one. */
  private isSoon = false;
  private retryMs = FIRST_RETRY_MS;
  private cancel: Dispose | null = null;

  constructor(private readonly options: WorkLoopOptions) {}

  start(): void {
    if (this.state !== 'new') return;
    this.state = 'idle';
    this.soon();
  }

  /** There is something to do: soon, in a turn of its own, unless it fails anyway just now. */
  soon(): void {
    if (this.state === 'working') this.again = true;
    else if (this.state === 'idle' && this.problem === null && !this.isSoon) {
      this.arm(GATHER_MS);
      this.isSoon = true;
    }
  }

  dispose(): void {
    this.state = 'disposed';
    this.cancel?.();
    this.cancel = null;
  }

  private arm(delayMs: number): void {
    this.cancel?.();
    this.cancel = this.options.clock.after(delayMs, () => {
      this.cancel = null;
      void this.turn();
    });
  }

  private async turn(): Promise<void> {
    const { clock, work } = this.options;
    this.state = 'working';
    this.again = false;
    this.isSoon = false;
    let waitMs: number;
    try {
      const wakeMs = await work();
      waitMs = Math.min(Math.max(0, wakeMs - clock.monotonicMs()), MAX_WAIT_MS);
      if (wakeMs === Infinity) waitMs = Infinity;
      this.recordProblem(null);
      this.retryMs = FIRST_RETRY_MS;
    } catch (error) {
      // A problem of the database is reported once, by the history; anything else is a mistake of ours.
      if (!isOfDatabase(error)) this.options.report('working on alerts', error);
      this.recordProblem(error instanceof Error ? error.message : String(error));
      waitMs = this.retryMs;
      this.again = false;
      this.retryMs = Math.min(2 * this.retryMs, MAX_RETRY_MS);
    }
    if (this.isDisposed()) return;
    this.state = 'idle';
    if (this.again) this.soon();
    else if (waitMs !== Infinity) this.arm(waitMs);
  }

  private recordProblem(problem: string | null): void {
    const before = this.problem;
    this.problem = problem;
    if ((before === null) !== (problem === null)) this.options.failing();
  }

  /** Asked again after an await: TypeScript takes a field it has seen otherwise for that for ever. */
  private isDisposed(): boolean {
    return this.state === 'disposed';
  }
}

function isOfDatabase(error: unknown): boolean {
  return error instanceof Error && /^SQLITE_/.test(String((error as { code?: unknown }).code));
}
