import { formatBytes as plainBytes, type Writing } from '../../shared/lib/format/values';
import { formatDuration as plainDuration } from '../../shared/lib/format/duration';
import { formatsInForce, type Precision } from './locale';

/** How values are written in the window: in the language of the system, and always with their unit. */

/** A number with marks between thousands, at most one digit behind the point: `12,345`. */
export function formatCount(count: number): string {
  return formatsInForce().integer.format(count);
}

/** `1 restart`, `2 restarts`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Bytes in decimal units (1 MB = 1,000,000 bytes): three digits at most before the unit changes. */
export function formatBytes(bytes: number): string {
  return inLanguage(plainBytes(bytes));
}

/** A duration that is over: `120 ms`, `4.2 s`, `3 min 5 s`. */
export function formatDuration(ms: number): string {
  return inLanguage(plainDuration(ms));
}

/** A reading of a detector or a limit with its unit, by the names that events use for units. */
export function formatReading(value: number, unit: string): string {
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
      return `${formatsInForce().upToOneDigit.format(value)} %`;
    case 'percent_of_core':
    case '% of one core':
      return `${formatsInForce().upToOneDigit.format(value)} % of one core`;
    default:
      return unit === '' ? formatCount(value) : `${formatCount(value)} ${unit.replaceAll('_', ' ')}`;
  }
}

/** Numbers of a text that was written with a decimal point, as the language writes them. */
function inLanguage(text: string): string {
  return text.replace(/\d+\.\d/g, (number) => formatsInForce().oneDigit.format(Number(number)));
}

/** Local date and time. */
export function formatInstant(at: number, precision: Precision = 'ms'): string {
  return formatsInForce().instant[precision].format(at);
}

/** The values of a text, as the window writes them. */
export const WINDOW_WRITING: Writing = {
  instant: formatInstant,
  duration: formatDuration,
  reading: formatReading,
  ratio: (value) => formatsInForce().upToThreeDigits.format(value),
};

/** Local date and time as a field for them takes it (HTML, local date and time strings): `2026-11-22T23:05:10`. */
export function localInput(at: number): string {
  const date = new Date(at);
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Local time of day, with or without seconds. */
export function formatClock(at: number, withSeconds = true): string {
  const { clock, shortClock } = formatsInForce();
  return (withSeconds ? clock : shortClock).format(at);
}

/** A percentage with one decimal below 100. What it is a percentage of is written beside it. */
export function formatPercent(percent: number): string {
  const value = Math.max(0, percent);
  const { integer, oneDigit } = formatsInForce();
  return `${value >= 99.95 ? integer.format(Math.round(value)) : oneDigit.format(value)} %`;
}

/**
 * A span that is being watched as it grows, in its two largest units: `45 s`, `3 min 05 s`, `2 h 04 min`, `3 d 7 h`.
 * Whole seconds and padded, so that its width stays. For one that is over there is formatDuration.
 */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
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

/** Day of the month, in local time: `22 Nov`. */
export function formatDay(at: number): string {
  return formatsInForce().day.format(at);
}

const two = (value: number) => String(value).padStart(2, '0');
