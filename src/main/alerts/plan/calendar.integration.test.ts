import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activeUntil, calendarProblem } from './calendar';

// A zone is a property of the process: these tests run in one of their own.
const before = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
afterAll(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

const local = (text: string): number => Date.parse(text);
/** The end as a local text, or null. */
const until = (times: readonly string[], at: string): string | null => {
  const end = activeUntil(times, local(at));
  return end === null ? null : new Date(end).toLocaleString('sv-SE').replace(' ', 'T').slice(0, 16);
};

describe('times in which alerts wait', () => {
  it('may go over midnight', () => {
    expect(until(['22:00-07:00'], '2026-11-25T21:59')).toBeNull();
    expect(until(['22:00-07:00'], '2026-11-25T22:00')).toBe('2026-11-26T07:00');
    expect(until(['22:00-07:00'], '2026-11-26T06:59')).toBe('2026-11-26T07:00');
    expect(until(['22:00-07:00'], '2026-11-26T07:00')).toBeNull();
  });

  it('hold for the days on which they begin', () => {
    // 2026-11-27 is a Friday.
    expect(until(['mon-fri 22:00-07:00'], '2026-11-27T23:00')).toBe('2026-11-28T07:00');
    expect(until(['mon-fri 22:00-07:00'], '2026-11-28T03:00')).toBe('2026-11-28T07:00');
    expect(until(['mon-fri 22:00-07:00'], '2026-11-28T23:00')).toBeNull();
    expect(until(['fri-mon 12:00-13:00'], '2026-11-29T12:30')).toBe('2026-11-29T13:00');
    expect(until(['Sun 02:00-04:00'], '2026-11-29T02:30')).toBe('2026-11-29T04:00');
  });

  it('are one when they follow each other', () => {
    expect(until(['sat+sun 00:00-24:00'], '2026-11-28T10:00')).toBe('2026-11-30T00:00');
    expect(until(['22:00-07:00', '07:00-09:00'], '2026-11-25T23:00')).toBe('2026-11-26T09:00');
    expect(activeUntil(['00:00-24:00'], local('2026-11-25T10:00'))).not.toBeNull();
  });

  it('may be of one date', () => {
    const feast = ['2026-12-24T18:00/2026-12-26T08:00'];
    expect(until(feast, '2026-12-24T17:59')).toBeNull();
    expect(until(feast, '2026-12-25T12:00')).toBe('2026-12-26T08:00');
    expect(until(feast, '2026-12-26T08:00')).toBeNull();
  });

  it('end by the clock on the wall when it is put forward or back', () => {
    const night = ['22:00-07:00'];
    const spring = activeUntil(night, local('2026-03-28T22:00')) ?? 0;
    expect(spring - local('2026-03-28T22:00')).toBe(8 * 3_600_000);
    const autumn = activeUntil(night, local('2026-10-24T22:00')) ?? 0;
    expect(autumn - local('2026-10-24T22:00')).toBe(10 * 3_600_000);
    // Both of the hours that are called 02:30 that night.
    for (const at of [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)]) {
      expect(activeUntil(['02:00-03:00'], at)).toBe(Date.UTC(2026, 9, 25, 2, 0));
    }
  });

  it('agree with the clock on the wall in every minute of a year', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: local('2026-01-01T00:00'), max: local('2027-01-01T00:00') }),
        fc.integer({ min: 4 * 60, max: 1439 }),
        fc.integer({ min: 4 * 60, max: 1439 }),
        (at, from, to) => {
          // The hour that is skipped or doubled is left out: its name is tested above.
          const clock = new Date(at).getHours() * 60 + new Date(at).getMinutes();
          const text = (minutes: number): string =>
            `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
          const expected = from < to ? clock >= from && clock < to : clock >= from || clock < to;
          expect(activeUntil([`${text(from)}-${text(to)}`], at) !== null).toBe(expected);
        },
      ),
    );
  });

  it('are never when they are no times, and that is said', () => {
    expect(activeUntil(['xyz 10:00-11:00', 'nonsense'], local('2026-11-25T10:30'))).toBeNull();
    expect(calendarProblem(['22:00-07:00', 'sat+sun 00:00-24:00', '2026-12-24T18:00/2026-12-26T08:00'])).toBeNull();
    expect(calendarProblem(['mon-xyz 10:00-11:00'])).toContain('expected days');
    expect(calendarProblem(['mon-tue-wed 10:00-11:00'])).toContain('expected days');
    expect(calendarProblem(['-07:00'])).toContain('00:00');
    expect(activeUntil(['-07:00', '06:00-', '2026-11-25T06:00/'], local('2026-11-25T06:30'))).toBeNull();
    expect(calendarProblem(['10:00-25:00'])).toContain('24:00');
    expect(calendarProblem(['2026-12-26T08:00/2026-12-24T18:00'])).toContain('later end');
  });
});
