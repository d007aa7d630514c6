import type { Clock, ReportError } from '../../engine/ports';
import { errorText } from '../files/notice';

/** The same error is reported once in this time, however often it happens. */
const QUIET_MS = 60_000;

/**
 * The one sink for what nobody expected: the stack goes to standard error, a sentence to `tell`, and the caller goes on.
 * What repeats is reported once a minute, so that a broken disk can't fill another one.
 */
export function createErrorSink(options: {
  clock: Clock;
  write: (text: string) => void;
  report: (detail: string) => void;
  /** Takes secrets out: an error may quote what it failed on. */
  mask: (text: string) => string;
}): ReportError {
  const reportedAtMs = new Map<string, number>();
  return (where, error) => {
    const detail = options.mask(`Unexpected error while ${where}: ${errorText(error)}`);
    const now = options.clock.monotonicMs();
    const last = reportedAtMs.get(detail);
    if (last !== undefined && now - last < QUIET_MS) return;
    for (const [text, at] of reportedAtMs) if (now - at >= QUIET_MS) reportedAtMs.delete(text);
    reportedAtMs.set(detail, now);
    const stack = error instanceof Error && error.stack !== undefined ? `\n${options.mask(error.stack)}` : '';
    options.write(`${new Date(options.clock.wallMs()).toISOString()} ${detail}${stack}\n`);
    options.report(detail);
  };
}
