import { formatInstant } from '../../shared/lib/values';

export { formatBytes, formatClock, formatCount, formatInstant, formatReading, plural } from '../../shared/lib/values';

/** How values are written in the window, beside those that are written alike everywhere: always with their unit. */

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

/** Day of the month, in local time: `11-22`. */
export function formatDay(at: number): string {
  return formatInstant(at).slice(5, 10);
}

const two = (value: number) => String(value).padStart(2, '0');
