import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { cronProblem, runsAfter, runsWithin, timeZoneProblem } from './cron';

const at = (text: string): number => Date.parse(text);

/** The next runs, in UTC without seconds. */
function next(cron: string, timeZone: string, after: string, count = 3): readonly string[] {
  return runsAfter({ cron, timeZone }, at(after), count).map((run) => new Date(run).toISOString().slice(0, 16));
}

describe('an expression', () => {
  test.each(['30 2 * * *', '*/15 8-18 * * MON-FRI', '0 30 2 * * *', '0 0 29 2 *', '0 4 L * *'])(
    '%j is accepted',
    (text) => {
      expect(cronProblem(text)).toBeNull();
    },
  );

  test.each([
    ['', 'expected five fields'],
    ['30 2 * *', 'expected five fields'],
    ['1 2 3 4 5 6 7', 'expected five fields'],
    ['@daily', 'expected five fields'],
    ['30  2 * * *', 'expected five fields'],
    ['? 2 * * *', 'expected five fields'],
    ['61 2 * * *', 'Invalid value for minute: 61'],
    ['30 2 * * ONEDAY', 'expected a cron expression such as 30 2 * * *'],
    ['0 0 31 2 *', 'expected a cron expression that occurs; 0 0 31 2 * never does'],
    ['0 0 31 4,6,9,11 *', 'never does'],
  ])('%j is refused: %s', (text, reason) => expect(cronProblem(text)).toContain(reason));
});

test.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'])('%s is a time zone', (name) =>
  expect(timeZoneProblem(name)).toBeNull(),
);

test.each(['Europe/Nowhere', '+02:00', '', 'Berlin'])('%j is no time zone', (name) =>
  expect(timeZoneProblem(name)).toBe(
    `expected a time zone such as Europe/Berlin, America/New_York or UTC, got "${name}"`,
  ),
);

describe('on the day the clock goes forward', () => {
  it('a time that is skipped is due at the first moment after it, once (Berlin: 02:30 is 03:00)', () =>
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z')).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:30',
      '2026-03-31T00:30',
    ]));

  it('so it is in New York', () =>
    expect(next('30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', 2)).toEqual([
      '2026-03-08T07:00',
      '2026-03-09T06:30',
    ]));

  it('so it is where it goes forward by half an hour (Lord Howe: 02:15 is 02:30)', () =>
    expect(next('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00Z', 2)).toEqual([
      '2026-10-03T15:30',
      '2026-10-04T15:15',
    ]));

  it('so it is in a list of hours', () =>
    expect(next('30 2,14 * * *', 'Europe/Berlin', '2026-03-28T23:00Z', 2)).toEqual([
      '2026-03-29T01:00',
      '2026-03-29T12:30',
    ]));

  it('one by a step leaves out what is skipped', () =>
    expect(next('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:15Z')).toEqual([
      '2026-03-29T00:30',
      '2026-03-29T01:00',
      '2026-03-29T01:30',
    ]));
});

describe('on the day the clock goes back', () => {
  it('a time that comes twice is due the first time only (Berlin)', () =>
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z')).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
      '2026-10-27T01:30',
    ]));

  it('so it is in New York', () =>
    expect(next('30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', 2)).toEqual([
      '2026-11-01T05:30',
      '2026-11-02T06:30',
    ]));

  it('so it is where it goes back by half an hour (Lord Howe)', () =>
    expect(next('45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00Z', 2)).toEqual([
      '2026-04-04T14:45',
      '2026-04-05T15:15',
    ]));

  it('one by a step is due both times', () =>
    expect(next('*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:15Z')).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
    ]));
});

describe('what was due within a time', () => {
  const nightly = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };

  it('is counted, with the first and the last', () =>
    expect(runsWithin(nightly, at('2026-03-28T01:30Z'), at('2026-03-30T00:30Z'), 100)).toEqual({
      ...{ count: 2, isMore: false },
      ...{ firstAt: at('2026-03-29T01:00Z'), lastAt: at('2026-03-30T00:30Z') },
    }));

  it('is nothing where nothing was', () =>
    expect(runsWithin(nightly, at('2026-03-28T01:30Z'), at('2026-03-29T00:59Z'), 100)).toBeNull());

  it('is counted up to a maximum, and the last is the last all the same', () =>
    expect(runsWithin(nightly, at('2026-01-01T12:00Z'), at('2026-12-31T12:00Z'), 100)).toEqual({
      ...{ count: 100, isMore: true },
      ...{ firstAt: at('2026-01-02T01:30Z'), lastAt: at('2026-12-31T01:30Z') },
    }));

  it('is the same in one piece and in two', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
    const crons = fc.constantFrom('30 2 * * *', '*/20 * * * *', '15 1,2 * * *', '0 0 29 2 *');
    const instants = fc.integer({ min: at('2026-01-01'), max: at('2029-01-01') });
    const hours = fc.integer({ min: 0, max: 20 * 3_600_000 });
    fc.assert(
      fc.property(crons, zones, instants, hours, hours, (cron, timeZone, from, one, other) => {
        const counted = (after: number, until: number): number =>
          runsWithin({ cron, timeZone }, after, until, 10_000)?.count ?? 0;
        expect(counted(from, from + one) + counted(from + one, from + one + other)).toBe(
          counted(from, from + one + other),
        );
      }),
      { numRuns: 30 },
    );
  });
});
