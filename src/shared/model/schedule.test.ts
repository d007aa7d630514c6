import { describe, expect, it } from 'vitest';
import { isJob, scheduleSchema } from './schedule';

/** What is wrong with a schedule, by path; empty: nothing. */
function problems(schedule: unknown): Readonly<Record<string, string>> {
  const { error } = scheduleSchema.safeParse(schedule);
  return Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]));
}

describe('a schedule', () => {
  it('sets nothing by itself, and its moments are in the time zone of the machine', () => {
    expect(scheduleSchema.parse({ start: { cron: '30 2 * * *' } })).toEqual({
      start: { cron: '30 2 * * *', timeZone: null },
      ...{ restart: null, maxUptimeMs: null, restartOnChange: [] },
    });
  });

  it.each([
    [{ start: { cron: '0 0 31 2 *' } }, 'start.cron', 'expected a cron expression that occurs; 0 0 31 2 * never does'],
    [{ restart: { cron: 'daily' } }, 'restart.cron', 'expected five fields (minute, hour'],
    [
      { start: { cron: '30 2 * * *', timeZone: 'CET+1' } },
      'start.timeZone',
      'expected a time zone such as Europe/Berlin',
    ],
    [{ maxUptimeMs: 59_999 }, 'maxUptimeMs', 'expected at least 1 minute'],
    [{ restartOnChange: ['app.conf'] }, 'restartOnChange.0', 'expected an absolute path'],
    [{ restartOnChange: Array(33).fill('/srv') }, 'restartOnChange', 'expected at most 32 paths'],
  ])('%j is refused', (schedule, path, message) => {
    expect(problems(schedule)).toEqual({ [path]: expect.stringContaining(message) as string });
  });

  it('makes a job of a watch only where it starts it', () => {
    const cron = { cron: '30 2 * * *' };
    expect(isJob({ schedule: scheduleSchema.parse({ start: cron }) })).toBe(true);
    expect(isJob({ schedule: scheduleSchema.parse({ restart: cron }) })).toBe(false);
    expect(isJob({ schedule: null })).toBe(false);
  });
});
