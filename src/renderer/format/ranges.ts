import { formatDuration } from './format';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time span that charts can show. */
export interface ChartRange {
  label: string;
  /** In words, for those who can't see the chart: "last 5 minutes". */
  words: string;
  rangeMs: number;
}

/** From what is going on to what is kept. */
export const RANGES = [
  { label: '5 min', words: 'last 5 minutes', rangeMs: 5 * MINUTE },
  { label: '1 h', words: 'last hour', rangeMs: HOUR },
  { label: '24 h', words: 'last 24 hours', rangeMs: DAY },
  { label: '7 d', words: 'last 7 days', rangeMs: 7 * DAY },
  { label: '30 d', words: 'last 30 days', rangeMs: 30 * DAY },
] as const satisfies readonly ChartRange[];

/** How a time span is called, also one that nobody chose. */
export function rangeWords(rangeMs: number): string {
  return RANGES.find((range) => range.rangeMs === rangeMs)?.words ?? `last ${formatDuration(rangeMs)}`;
}

/** Spans that fit what is known: short enough to fill a chart, long enough for round times on its axis. */
const FITTING_MS = [1, 2, 5, 10, 15, 30]
  .map((minutes) => minutes * MINUTE)
  .concat(
    [1, 2, 3, 6, 12].map((hours) => hours * HOUR),
    [1, 2, 3, 7, 14, 30].map((days) => days * DAY),
  );

/** The time span that a chart shows of a range: no longer than what there is, so that no chart of an hour stays empty for its first 50 minutes. */
export function fittingSpan(points: readonly { at: number }[], rangeMs: number): number {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return rangeMs;
  const fitting = FITTING_MS.find((ms) => ms >= last.at - first.at) ?? rangeMs;
  return Math.min(fitting, rangeMs);
}
