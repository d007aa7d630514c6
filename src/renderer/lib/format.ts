import { formatDuration } from '../../shared/lib/duration';

/** How values are written in the window: always with their unit, never more digits than they deserve. */

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

/** A percentage with one decimal below 100. What it is a percentage of is written beside it. */
export function formatPercent(percent: number): string {
  const value = Math.max(0, percent);
  return `${value.toFixed(value >= 99.95 ? 0 : 1)} %`;
}

/**
 * A span that is being watched as it grows, in its two largest units: `45 s`, `3 min 05 s`, `2 h 04 min`, `3 d 7 h`.
 * Whole seconds and padded, so that its width stays. For one that is over there is formatDuration in shared/lib.
 */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const two = (value: number) => String(value).padStart(2, '0');
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min ${two(seconds % 60)} s`;
  if (days === 0) return `${hours} h ${two(minutes % 60)} min`;
  return `${days} d ${hours % 24} h`;
}

/** How long ago something was, in its largest unit. A time that is yet to come reads `now`: clocks differ a little. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.floor((now - at) / 1000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** Whole seconds until something is due, never below zero. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1000));
}

/** Seconds that are left, as a clock that runs down: `0:07`, `1:34`, `1:00:02`. */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}

/** A reading of a detector or a limit with its unit, by the names that events use for units. */
export function formatReading(value: number, unit: string): string {
  const rounded = Math.round(value * 10) / 10;
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
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

/** `1 restart`, `2 restarts`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A whole number with a thin mark between thousands: `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
