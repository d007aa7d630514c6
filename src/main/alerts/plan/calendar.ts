import { DAYS, parseTime, type Day } from '../../../shared/lib/text/alert-times';

/**
 * When alerts wait or are not wanted, by the times of the settings. Where a clock is put forward or back, a span ends when the
 * clock on the wall says so.
 */

/** From the one instant until before the other, ms since the epoch. */
interface Span {
  fromAt: number;
  untilAt: number;
}

/** Spans that follow each other are joined, up to this: a setting that covers the whole week has no end. */
const MAX_MS = 8 * 86_400_000;
const DAY_MINUTES = 1440;

/** Until when one of these times goes on without a break, or null when it is none of them now. What is not a valid time never applies. */
export function activeUntil(times: readonly string[], at: number): number | null {
  let end = at;
  for (;;) {
    const here = end;
    const spans = times
      .flatMap((time) => spansAround(time, here))
      .filter(({ fromAt, untilAt }) => fromAt <= here && here < untilAt);
    const next = Math.max(here, ...spans.map((span) => span.untilAt));
    if (next === end || next - at > MAX_MS) return next === at ? null : next;
    end = next;
  }
}

/** What is wrong with the times, in words; null when they are all understood. */
export function calendarProblem(times: readonly string[]): string | null {
  for (const text of times) {
    const time = parseTime(text);
    if (time === null && /^[a-z]/i.test(text)) return `"${text}": expected days as mon, tue, wed, thu, fri, sat or sun`;
    if (time?.kind === 'weekly') {
      if (minutesOf(time.from) <= DAY_MINUTES && minutesOf(time.to) <= DAY_MINUTES) continue;
      return `"${text}": expected times from 00:00 to 24:00`;
    }
    if (time === null || !(Date.parse(time.from) < Date.parse(time.to))) {
      return `"${text}": expected a beginning and a later end`;
    }
  }
  return null;
}

/** The spans of a time that may hold an instant: those that begin on its day or on the one before. What is not a valid time has none. */
function spansAround(text: string, at: number): readonly Span[] {
  const time = parseTime(text);
  if (time === null) return [];
  // Without a zone, such a text is read as local time.
  if (time.kind === 'once') return [{ fromAt: Date.parse(time.from), untilAt: Date.parse(time.to) }];
  const [from, until] = [minutesOf(time.from), minutesOf(time.to)];
  const today = new Date(at);
  return [-1, 0].flatMap((offset) => {
    const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset);
    if (!time.days.includes(dayOf(midnight))) return [];
    // The same time twice is a whole day.
    return [{ fromAt: onDay(midnight, from), untilAt: onDay(midnight, until <= from ? until + DAY_MINUTES : until) }];
  });
}

/** The instant at which the clock on the wall shows this time; the calendar knows how long that day is. */
function onDay(midnight: Date, minutes: number): number {
  return new Date(midnight.getFullYear(), midnight.getMonth(), midnight.getDate(), 0, minutes).getTime();
}

/** Weeks of the settings begin on Monday, those of Date on Sunday. */
function dayOf(date: Date): Day {
  return DAYS[(date.getDay() + 6) % DAYS.length] as Day;
}

/** Minutes since midnight; NaN for a time that is not filled in. */
function minutesOf(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return time === '' ? NaN : Number(hours) * 60 + Number(minutes);
}
