import { describe, expect, it } from 'vitest';
import { EMPTY_SCHEDULE, nextRunsText, readSchedule, scheduleDraft, scheduleFieldOf } from './schedule-draft';

const NOW = Date.parse('2026-03-28T12:00Z');

describe('what is typed of a schedule', () => {
  it('is none while nothing is', () => {
    expect(scheduleDraft(null)).toEqual(EMPTY_SCHEDULE);
    expect(readSchedule({ ...EMPTY_SCHEDULE, startZone: 'UTC', paths: ' \n' }, {})).toBeNull();
  });

  it('is read with its spaces and empty lines taken out', () => {
    const typed = { ...EMPTY_SCHEDULE, startCron: ' 30  2 * * * ', maxUptime: '7d', paths: '/a\n\n /b ' };
    expect(readSchedule(typed, {})).toEqual({
      start: { cron: '30 2 * * *', timeZone: null },
      ...{ restart: null, maxUptimeMs: 604_800_000, restartOnChange: ['/a', '/b'] },
    });
  });

  it('that is no duration is an error of its field', () => {
    const errors = {};
    readSchedule({ ...EMPTY_SCHEDULE, maxUptime: 'long' }, errors);
    expect(errors).toEqual({ 'schedule.maxUptime': 'expected a duration such as 24h or 7d' });
  });

  it.each([
    [['start', 'cron'], 'schedule.startCron'],
    [['restart', 'timeZone'], 'schedule.restartZone'],
    [['maxUptimeMs'], 'schedule.maxUptime'],
    [['restartOnChange', '0'], 'schedule.paths'],
  ])('%j is typed in %s', (path, field) => expect(scheduleFieldOf(path)).toBe(field));
});

describe('the next runs', () => {
  it('are three, in the zone that was typed, also over a change of the clock', () =>
    expect(nextRunsText('30 2 * * *', 'Europe/Berlin', 'UTC', NOW)).toBe(
      'Next: 2026-03-29 03:00:00 (UTC+02:00), 2026-03-30 02:30:00 (UTC+02:00), 2026-03-31 02:30:00 (UTC+02:00)',
    ));

  it('are in the zone of the machine where none was typed', () =>
    expect(nextRunsText('0 0 * * *', '', 'Asia/Tokyo', NOW)).toContain('Next: 2026-03-29 00:00:00 (UTC+09:00)'));

  it.each([
    ['', ''],
    ['30 2 * *', ''],
    ['0 0 31 2 *', ''],
    ['30 2 * * *', 'Mars/Base'],
  ])('of %j in %j are not known', (cron, zone) => expect(nextRunsText(cron, zone, 'UTC', NOW)).toBeNull());
});
