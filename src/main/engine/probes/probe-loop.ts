import type { Probe, ProbeAttempt } from '../../../shared/model/probe';
import type { Attempt, Clock, Dispose, ProbeAnswer } from '../ports';
import type { AttemptQueue } from './attempt-queue';
import { addAttempt, NO_ATTEMPTS, type AttemptWindow, type ProbeVerdict } from './attempt-window';

export interface ProbeLoopDependencies {
  clock: Clock;
  queue: AttemptQueue;
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
/**
 * Attempts begin at multiples of these: those of many probes share a turn of the engine, which halves what they cost. Who asks rarely
 * can wait longer for the others; a longer step would put so many attempts in a turn that it delays the ticks.
 */
const [STEP_MS, LONG_STEP_MS] = [100, 500] as const;
const LONG_STEP_FROM_MS = 10_000;
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
    const nowMs = this.dependencies.clock.monotonicMs();
    this.arm(delayMs === 0 ? nowMs : stepAt(nowMs + delayMs, this.probe.intervalMs));
  }

  /** Nothing is asked or counted from now on. */
  dispose(): void {
    this.disposed = true;
    this.callOff?.();
    this.cancel?.();
  }

  private arm(dueMs: number): void {
    if (!this.disposed) this.callOff = this.dependencies.queue.at(dueMs, (lateMs) => this.attempt(dueMs, lateMs));
  }

  private async attempt(dueMs: number, lateMs: number): Promise<void> {
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
    if (!this.disposed) this.arm(this.nextAfter(dueMs));
  }

  /** Counted from when the last one was due, so that its lateness does not add up. */
  private nextAfter(dueMs: number): number {
    const intervalMs = this.intervalMs();
    return Math.max(this.dependencies.clock.monotonicMs(), stepAt(dueMs + intervalMs, intervalMs));
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

/** The step at a moment, or the next one after it. */
function stepAt(atMs: number, intervalMs: number): number {
  const stepMs = intervalMs >= LONG_STEP_FROM_MS ? LONG_STEP_MS : STEP_MS;
  return Math.ceil(atMs / stepMs) * stepMs;
}
