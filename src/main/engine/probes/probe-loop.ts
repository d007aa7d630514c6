import type { Probe, ProbeAttempt } from '../../../shared/model/probe';
import type { Attempt, Clock, Dispose, ProbeAnswer } from '../ports';
import type { AttemptSlots } from './attempt-slots';
import { addAttempt, NO_ATTEMPTS, type AttemptWindow, type ProbeVerdict } from './attempt-window';

export interface ProbeLoopDependencies {
  clock: Clock;
  slots: AttemptSlots;
  /** Begins one attempt. */
  ask: (probe: Probe) => Attempt;
  /** Why a failure may be the machine's, where this engine was so late; null: it is the program's. */
  starvation: (lateMs: number) => string | null;
  /** An attempt is over, counted or not. */
  answered: (probe: Probe, attempt: ProbeAttempt) => void;
  /** Another attempt has been counted. */
  counted: () => void;
}

/** Attempts that are shown. */
const ATTEMPTS_KEPT = 20;
/** Attempts begin at multiples of this: those of many probes share a turn of the engine, which halves what they cost. */
const STEP_MS = 100;
/** A program that is starting is asked at growing intervals, from the first of these to the second. */
const STARTING_INTERVALS_MS = [100, 1000] as const;

/** Asks one probe again and again during one run of its program. Attempts never overlap. */
export class ProbeLoop {
  private window: AttemptWindow<ProbeAttempt> = NO_ATTEMPTS;
  private shown: readonly ProbeAttempt[] = [];
  private tries = 0;
  private hasPassed = false;
  /** Calls off what comes next: a wait, or a place in the queue. */
  private callOff: Dispose | null = null;
  /** Ends the attempt that is under way. */
  private cancel: Dispose | null = null;
  private disposed = false;

  constructor(
    readonly probe: Probe,
    private readonly dependencies: ProbeLoopDependencies,
  ) {}

  get verdict(): ProbeVerdict {
    return this.window.verdict;
  }

  /** Those by which the verdict was reached, oldest first. */
  get counted(): readonly ProbeAttempt[] {
    return this.window.attempts;
  }

  /** The newest ones, counted or not, oldest first. */
  get attempts(): readonly ProbeAttempt[] {
    return this.shown;
  }

  /** Asks for the first time after so long. */
  start(delayMs: number): void {
    const { clock, slots } = this.dependencies;
    if (this.disposed) return;
    const nowMs = clock.monotonicMs();
    const dueMs = delayMs === 0 ? nowMs : Math.ceil((nowMs + delayMs) / STEP_MS) * STEP_MS;
    this.callOff = clock.after(dueMs - nowMs, () => {
      const lateMs = clock.monotonicMs() - dueMs;
      this.callOff = slots.take(() => this.attempt(lateMs));
    });
  }

  /** Nothing is asked or counted from now on. */
  dispose(): void {
    this.disposed = true;
    this.callOff?.();
    this.cancel?.();
  }

  private async attempt(lateMs: number): Promise<void> {
    const { clock, ask } = this.dependencies;
    const [beganMs, at] = [clock.monotonicMs(), clock.wallMs()];
    const { answer, cancel } = ask(this.probe);
    this.cancel = cancel;
    const answered = await answer;
    this.cancel = null;
    if (this.disposed) return;
    const tookMs = clock.monotonicMs() - beganMs;
    this.count(answered, at, Math.max(lateMs, tookMs - this.probe.timeoutMs));
    // Whoever was notified may have ended it.
    if (!this.disposed) this.start(Math.max(0, this.intervalMs() - tookMs));
  }

  private count({ passed, words, latencyMs, machineFault }: ProbeAnswer, at: number, lateMs: number): void {
    const starved = passed ? null : this.dependencies.starvation(lateMs);
    const attempt: ProbeAttempt = {
      ...{ at, passed, latencyMs },
      words: starved === null ? words : `${words} (${starved})`,
      ...(starved === null ? {} : { starved: true }),
      ...(machineFault === true ? { uncounted: true } : {}),
    };
    this.tries += 1;
    this.shown = [...this.shown, attempt].slice(-ATTEMPTS_KEPT);
    this.dependencies.answered(this.probe, attempt);
    if (machineFault === true) return;
    this.window = addAttempt(this.window, attempt, this.probe);
    this.hasPassed ||= this.window.verdict === 'passing';
    this.dependencies.counted();
  }

  /** While a program starts, it is asked more often than later: it is to be used as soon as it is ready. */
  private intervalMs(): number {
    const { role, intervalMs } = this.probe;
    if (role === 'liveness' || this.hasPassed) return intervalMs;
    const [shortest, longest] = STARTING_INTERVALS_MS;
    return Math.min(intervalMs, longest, shortest * 2 ** Math.min(this.tries - 1, 10));
  }
}
