import type { ProbeBacktestHit, RecordedAttempt } from '../../../shared/model/probe-history';
import { addAttempt, countFailures, NO_ATTEMPTS, type AttemptRule, type AttemptWindow } from './attempt-window';

/** What decides of recorded attempts: a timeout that is shorter than the one in force then fails those that took longer. */
export interface ProbeBacktestRule extends AttemptRule {
  timeoutMs: number;
}

/**
 * What a probe with other numbers would have decided, by the rule that judges the living. Attempts are given piece by piece, oldest
 * first. They begin anew where the engine begins anew: at a start of the program. An outage counts once, however long it lasts: what
 * a restart would have changed is not known.
 */
export class ProbeBacktestRun {
  readonly hits: ProbeBacktestHit[] = [];
  /** Attempts that counted. */
  attempts = 0;
  /** The first and the last of them. */
  from: number | null = null;
  to: number | null = null;
  private window: AttemptWindow<RecordedAttempt> = NO_ATTEMPTS;
  private nextStart = 0;

  /** `starts`: when runs of the program began, in order. */
  constructor(
    private readonly rule: ProbeBacktestRule,
    private readonly starts: readonly number[],
  ) {}

  observe(attempts: readonly RecordedAttempt[]): void {
    for (const attempt of attempts) this.judge(attempt);
  }

  private judge(recorded: RecordedAttempt): void {
    const { at } = recorded;
    for (let start = this.starts[this.nextStart]; start !== undefined && start <= at;) {
      this.beginAnew(start);
      start = this.starts[(this.nextStart += 1)];
    }
    if (recorded.uncounted === true) return;
    this.attempts += 1;
    this.from ??= at;
    this.to = at;
    const { verdict: before } = this.window;
    const passed = recorded.passed && recorded.latencyMs <= this.rule.timeoutMs;
    this.window = addAttempt(this.window, { ...recorded, passed }, this.rule);
    const { verdict, attempts } = this.window;
    if (verdict === before) return;
    if (verdict === 'failing') this.hits.push({ at, until: null, failures: countFailures(attempts) });
    else this.end(at);
  }

  private beginAnew(at: number): void {
    if (this.window.verdict === 'failing') this.end(at);
    this.window = NO_ATTEMPTS;
  }

  private end(at: number): void {
    const last = this.hits.at(-1);
    if (last !== undefined && last.until === null) this.hits[this.hits.length - 1] = { ...last, until: at };
  }
}
