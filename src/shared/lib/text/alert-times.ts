/**
 * Times of quiet hours and maintenance: as they are kept, and in their parts. `22:00-07:00` is every day, also
 * `mon-fri 22:00-07:00`, `sat+sun 00:00-24:00`, and once `2026-12-24T18:00/2026-12-26T08:00`. All are local times.
 */

/** The days of a week, by the words of the settings. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

/** A time that comes again each week on these days, or one that comes once. What is not filled in yet is empty. */
export type AlertTime =
  | { kind: 'weekly'; days: readonly Day[]; from: string; to: string }
  /** Local dates and times: `2026-12-24T18:00`. */
  | { kind: 'once'; from: string; to: string };

/** Reads one time as it is kept, also one that is half filled in; null when it is none. */
export function parseTime(text: string): AlertTime | null {
  const [, from, to] = /^([\d-]{0,10}T?[\d:]{0,5})\/([\d-]{0,10}T?[\d:]{0,5})$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return { kind: 'once', from, to };
  const [, words, begin, end] = /^(?:([a-z+-]+) )?((?:\d\d:\d\d)?)-((?:\d\d:\d\d)?)$/i.exec(text) ?? [];
  if (begin === undefined || end === undefined) return null;
  const days = words === undefined ? DAYS : parseDays(words.toLowerCase());
  return days === null ? null : { kind: 'weekly', days, from: begin, to: end };
}

/** Writes it as it is kept. {@link parseTime} reads it back. */
export function formatTime(time: AlertTime): string {
  if (time.kind === 'once') return `${time.from}/${time.to}`;
  const days = time.days.length === DAYS.length ? '' : `${formatDays(time.days)} `;
  return `${days}${time.from}-${time.to}`;
}

function parseDays(words: string): readonly Day[] | null {
  const found = new Set<Day>();
  for (const word of words.split('+')) {
    const [first, last = first, ...more] = word.split('-').map((name) => DAYS.findIndex((day) => day === name));
    if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0) return null;
    // A week has no end: sat-mon is Saturday, Sunday and Monday.
    const length = ((last - first + DAYS.length) % DAYS.length) + 1;
    for (let step = 0; step < length; step += 1) found.add(DAYS[(first + step) % DAYS.length] as Day);
  }
  return DAYS.filter((day) => found.has(day));
}

/** Three days and more in a row are written as `mon-wed`. */
function formatDays(days: readonly Day[]): string {
  const words: string[] = [];
  for (let first = 0; first < DAYS.length; first += 1) {
    if (!days.includes(DAYS[first] as Day)) continue;
    let last = first;
    while (last + 1 < DAYS.length && days.includes(DAYS[last + 1] as Day)) last += 1;
    const run = DAYS.slice(first, last + 1);
    words.push(...(run.length < 3 ? run : [`${run[0]}-${run.at(-1)}`]));
    first = last;
  }
  return words.join('+');
}
