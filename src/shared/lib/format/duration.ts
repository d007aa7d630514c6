import { plainNumber, type NumberText } from './number';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration that is over or set, in its two largest units: `120 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `5 d 3 h`. None, or a negative one, is `0 s`. */
export function formatDuration(ms: number, number: NumberText = plainNumber): string {
  const rounded = Math.max(0, Math.round(ms));
  if (rounded > 0 && rounded < SECOND) return `${rounded} ms`;
  // From 59.95 s on one decimal would read "60 s".
  if (rounded < 59_950) return `${number(rounded / SECOND, 1)} s`;
  const seconds = Math.round(rounded / SECOND);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  return pair(Math.floor(minutes / 1440), 'd', Math.floor((minutes % 1440) / 60), 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A span that still grows, such as an uptime: whole seconds, so that it ticks as a clock does. */
export function formatSpan(ms: number): string {
  return formatDuration(Math.floor(ms / SECOND) * SECOND);
}

/** Time that is left, as a clock that runs down: `0:09`, `1:34`, `1:02:03`. A second that has begun counts, and none is below zero. */
export function formatCountdown(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / SECOND));
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** How long ago something was, in its largest unit. A time that is yet to come reads `now`: clocks differ a little. */
export function formatAgo(at: number, now: number): string {
  const ms = now - at;
  if (ms < SECOND) return 'now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  return ms < DAY ? `${Math.floor(ms / HOUR)} h ago` : `${Math.floor(ms / DAY)} d ago`;
}

const two = (value: number): string => String(value).padStart(2, '0');
