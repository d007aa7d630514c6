import type { Clock, ReportError } from '../../engine/ports';
import { errorText } from '../files/notice';

/** The same error is reported once in this time, however often it happens. */
const QUIET_MS = 60_000;

export interface ErrorSinkOptions {
  clock: Clock;
  write: (text: string) => void;
  report: (detail: string) => void;
  /** Takes secrets out: an error may quote what it failed on. */
  mask: (text: string) => string;
}

/**
 * The one sink for what nobody expected: the stack goes to standard error, a sentence to `report`, and the caller goes on.
 * What repeats is reported once a minute, so that a broken disk can't fill another one.
 */
export class ErrorSink {
  private readonly reportedAtMs = new Map<string, number>();

  constructor(private readonly options: ErrorSinkOptions) {}

  /** An arrow: every part of the engine gets it as a value. */
  readonly report: ReportError = (where, error) => {
    const { clock, write, report, mask } = this.options;
    const detail = mask(`Unexpected error while ${where}: ${errorText(error)}`);
    const now = clock.monotonicMs();
    const last = this.reportedAtMs.get(detail);
    if (last !== undefined && now - last < QUIET_MS) return;
    for (const [text, at] of this.reportedAtMs) if (now - at >= QUIET_MS) this.reportedAtMs.delete(text);
    this.reportedAtMs.set(detail, now);
    const stack = error instanceof Error && error.stack !== undefined ? `\n${mask(error.stack)}` : '';
    write(`${new Date(clock.wallMs()).toISOString()} ${detail}${stack}\n`);
    report(detail);
  };
}
