import { createWriting } from '../../shared/lib/format/values';
import { formatsInForce, type Precision } from './locale';

/** The shared formats (`shared/lib/format/values.ts`), with numbers and moments in the language of the system. */

export { formatAgo, formatCountdown, formatSpan } from '../../shared/lib/format/duration';
export { pluralNoun } from '../../shared/lib/format/values';

/** Local date and time. */
export function formatInstant(at: number, precision: Precision = 'ms'): string {
  return formatsInForce().instant[precision].format(at);
}

/** The values of a text, as the window writes them. */
export const WINDOW_WRITING = createWriting(
  (value, maxDecimals) => formatsInForce().number(value, maxDecimals),
  formatInstant,
);

export const {
  count: formatCount,
  plural,
  bytes: formatBytes,
  rate: formatRate,
  percent: formatPercent,
  load: formatLoad,
  duration: formatDuration,
  reading: formatReading,
} = WINDOW_WRITING;

/** Local date and time as a field for them takes it (HTML, local date and time strings): `2026-11-22T23:05:10`. */
export function localInput(at: number): string {
  const local = new Date(at);
  local.setMinutes(local.getMinutes() - local.getTimezoneOffset());
  return local.toISOString().slice(0, 19);
}

/** Local time of day, with or without seconds. */
export function formatClock(at: number, withSeconds = true): string {
  const { clock, shortClock } = formatsInForce();
  return (withSeconds ? clock : shortClock).format(at);
}

/** Day of the month, in local time: `22 Nov`. */
export function formatDay(at: number): string {
  return formatsInForce().day.format(at);
}

/** Day of the month in UTC, in which days are counted that the engine has counted: `22 Nov`. */
export function formatUtcDay(at: number): string {
  return formatsInForce().utcDay.format(at);
}
