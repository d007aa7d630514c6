/**
 * Times of the day and of the calendar in which alerts wait or are not wanted, as in `22:00-07:00`,
 * `mon-fri 22:00-07:00`, `sat+sun 00:00-24:00` or `2026-12-24T18:00/2026-12-26T08:00`. All are local times: where a clock is
 * put forward or back, a span ends when the clock on the wall says so.
 */

/** From the one instant until before the other, ms since the epoch. */
interface Span {
  fromAt: number;
  untilAt: number;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAILY = /^(?:([a-z]{3}(?:[+-][a-z]{3})*) )?(\d\d):(\d\d)-(\d\d):(\d\d)$/i;
const ONCE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)\/(\d{4}-\d\d-\d\dT\d\d:\d\d)$/i;
/** Spans that follow each other are joined, up to this: a setting that covers the whole week has no end. */
const LONGEST_MS = 8 * 86_400_000;

/** Until when one of these times goes on without a break, or null when it is none of them now. What is no time is never. */
export function activeUntil(times: readonly string[], at: number): number | null {
  let end = at;
  for (;;) {
    const here = end;
    const spans = times.flatMap((time) => spansAround(time, here)).filter((span) => span.fromAt <= here);
    const next = Math.max(here, ...spans.map((span) => span.untilAt));
    if (next === end || next - at > LONGEST_MS) return next === at ? null : next;
    end = next;
  }
}

/** What is wrong with the times, in words; null when they are all understood. */
export function calendarProblem(times: readonly string[]): string | null {
  for (const time of times) {
    const daily = DAILY.exec(time);
    if (daily !== null) {
      if (daysOf(daily[1]) === null) return `"${time}": expected days as mon, tue, wed, thu, fri, sat or sun`;
      const [from, until] = [minutesOf(daily[2], daily[3]), minutesOf(daily[4], daily[5])];
      if (from > 1440 || until > 1440) return `"${time}": expected times from 00:00 to 24:00`;
      continue;
    }
    const once = ONCE.exec(time);
    const [from, until] = [Date.parse(once?.[1] ?? ''), Date.parse(once?.[2] ?? '')];
    if (!(from < until)) return `"${time}": expected a beginning and a later end`;
  }
  return null;
}

/** The spans of a time that may hold an instant: those that begin on its day or on the one before. */
function spansAround(time: string, at: number): readonly Span[] {
  const once = ONCE.exec(time);
  // Without a zone, such a text is read as local time.
  if (once !== null) return [{ fromAt: Date.parse(once[1] ?? ''), untilAt: Date.parse(once[2] ?? '') }];
  const daily = DAILY.exec(time);
  const days = daysOf(daily?.[1]);
  if (daily === null || days === null) return [];
  const from = minutesOf(daily[2], daily[3]);
  const until = minutesOf(daily[4], daily[5]);
  const today = new Date(at);
  return [-1, 0].flatMap((offset) => {
    const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset);
    if (!days.has(midnight.getDay())) return [];
    // The same time twice is a whole day.
    return [{ fromAt: onDay(midnight, from), untilAt: onDay(midnight, until <= from ? until + 1440 : until) }];
  });
}

/** The instant at which the clock on the wall shows this time; the calendar knows how long that day is. */
function onDay(midnight: Date, minutes: number): number {
  return new Date(midnight.getFullYear(), midnight.getMonth(), midnight.getDate(), 0, minutes).getTime();
}

/** Numbers of days, 0 for Sunday; null when one of them is no day. */
function daysOf(text: string | undefined): ReadonlySet<number> | null {
  if (text === undefined) return new Set([0, 1, 2, 3, 4, 5, 6]);
  const days = new Set<number>();
  for (const part of text.toLowerCase().split('+')) {
    const [first = -1, last = first] = part.split('-').map((name) => DAYS.indexOf(name));
    if (first < 0 || last < 0) return null;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return days;
}

function minutesOf(hours = '', minutes = ''): number {
  return Number(hours) * 60 + Number(minutes);
}
