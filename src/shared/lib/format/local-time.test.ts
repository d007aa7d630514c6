import { describe, expect, it } from 'vitest';
import { localTimes } from './local-time';

const at = (text: string): number => Date.parse(text);

describe('local times', () => {
  const times = localTimes(at('2026-11-22T21:05:12Z'), 'Europe/Berlin');

  it.each([
    ['2026-11-22T21:05:10Z', '22:05:10'],
    ['2026-11-22T23:30:00Z', '2026-11-23 00:30:00'],
    ['2026-11-21T21:05:10Z', '2026-11-21 22:05:10'],
    ['2026-07-01T21:05:10Z', '2026-07-01 23:05:10 UTC+02:00'],
    ['no time', 'unknown date --:--:-- '],
  ])('%s reads %s', (moment, text) => expect(times.short(at(moment))).toBe(text));

  it('name their zone', () => {
    expect(times.zone).toBe('UTC+01:00');
    expect(times.full(at('2026-11-22T21:05:10Z'))).toBe('2026-11-22 22:05:10 (UTC+01:00)');
    expect(localTimes(0, 'UTC').full(0)).toBe('1970-01-01 00:00:00 (UTC)');
    expect(localTimes(0, 'Asia/Kolkata').zone).toBe('UTC+05:30');
  });

  it('are those of the machine unless a zone is named', () => {
    const offset = -new Date(0).getTimezoneOffset();
    const hours = new Date(0).getHours();
    expect(localTimes(0).full(0)).toContain(`${String(hours).padStart(2, '0')}:`);
    expect(localTimes(0).zone === 'UTC').toBe(offset === 0);
  });
});
