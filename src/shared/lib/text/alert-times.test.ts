import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../model/settings';
import { DAYS, formatTime, parseTime, type AlertTime } from './alert-times';

const accepts = (text: string) => SETTINGS['alerts.maintenance'].schema.safeParse([text]).success;

describe('times in which alerts wait', () => {
  it.each([
    ['22:00-07:00', { kind: 'weekly', days: DAYS, from: '22:00', to: '07:00' }],
    ['sat+sun 00:00-24:00', { kind: 'weekly', days: ['sat', 'sun'], from: '00:00', to: '24:00' }],
    ['mon-wed 18:30-19:00', { kind: 'weekly', days: ['mon', 'tue', 'wed'], from: '18:30', to: '19:00' }],
    ['2026-12-24T18:00/2026-12-26T08:00', { kind: 'once', from: '2026-12-24T18:00', to: '2026-12-26T08:00' }],
  ] as [string, AlertTime][])('%s has parts, and is written of them', (text, time) => {
    expect(parseTime(text)).toEqual(time);
    expect(formatTime(time)).toBe(text);
  });

  it('knows a row of days over the end of the week', () => {
    expect(parseTime('sat-mon 01:00-02:00')).toMatchObject({ days: ['mon', 'sat', 'sun'] });
    expect(parseTime('SUN 01:00-02:00')).toMatchObject({ days: ['sun'] });
    expect(parseTime('mon-wed+fri 01:00-02:00')).toMatchObject({ days: ['mon', 'tue', 'wed', 'fri'] });
  });

  it('reads nothing in what is no time', () => {
    expect(['someday 01:00-02:00', 'mon-tue-wed 01:00-02:00', 'x', ''].map(parseTime)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('keeps what is half filled in, for the settings to refuse', () => {
    const half: AlertTime = { kind: 'once', from: '2026-12-24T18:00', to: '' };
    expect(parseTime(formatTime(half))).toEqual(half);
    expect(accepts(formatTime(half))).toBe(false);
    expect(parseTime('-07:00')).toMatchObject({ from: '', to: '07:00' });
  });

  it('reads back all that it writes, and the settings take it', () => {
    const clock = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'));
    const weekly = fc.record({ days: fc.subarray([...DAYS], { minLength: 1 }), from: clock, to: clock });
    fc.assert(
      fc.property(weekly, (fields) => {
        const time: AlertTime = { kind: 'weekly', ...fields };
        expect(parseTime(formatTime(time))).toEqual(time);
        expect(accepts(formatTime(time))).toBe(true);
      }),
    );
  });
});
