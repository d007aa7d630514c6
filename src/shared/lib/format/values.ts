import { formatDuration } from './duration';

/** How values are written for people: always with their unit, never more digits than they deserve. */

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in decimal units (1 MB = 1,000,000 bytes): three digits at most before the unit changes. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit] ?? 'B'}`;
}

/** A reading of a detector or a limit with its unit, by the names that events use for units. */
export function formatReading(value: number, unit: string): string {
  const rounded = Math.round(value * 10) / 10;
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'bytes/s':
      return `${formatBytes(value)}/s`;
    case 'ms':
    case 'zombie_ms':
      return formatDuration(value);
    case 'percent':
    case '%':
      return `${rounded} %`;
    case 'percent_of_core':
    case '% of one core':
      return `${rounded} % of one core`;
    default:
      return unit === '' ? formatCount(rounded) : `${formatCount(rounded)} ${unit.replaceAll('_', ' ')}`;
  }
}

/** How the values of a text are written. */
export interface Writing {
  instant: (at: number) => string;
  duration: (ms: number) => string;
  /** A reading with its unit, by the names that events use for units. */
  reading: (value: number, unit: string) => string;
  /** A share or a rate, which has no unit: three digits behind the point say enough of it. */
  ratio: (value: number) => string;
}

const two = (value: number, length = 2) => String(value).padStart(length, '0');

/** Local date and time with milliseconds, sortable by eye: `2026-11-22 23:05:10.123`. */
export function formatInstant(at: number): string {
  const date = new Date(at);
  const day = `${two(date.getFullYear(), 4)}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${formatClock(at)}.${two(date.getMilliseconds(), 3)}`;
}

/** Local time of day: `23:05:10`, or `23:05` without seconds. */
export function formatClock(at: number, withSeconds = true): string {
  const date = new Date(at);
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return withSeconds ? `${minutes}:${two(date.getSeconds())}` : minutes;
}

/** The same for everybody, whatever the language of the machine: as logs, mails and commands write. */
export const PLAIN_WRITING: Writing = {
  instant: formatInstant,
  duration: formatDuration,
  reading: formatReading,
  ratio: (value) => String(Math.round(value * 1000) / 1000),
};

/** `1 restart`, `2 restarts`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A whole number with a thin mark between thousands: `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
