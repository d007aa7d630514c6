import { afterEach, describe, expect, it } from 'vitest';
import {
  formatClock,
  formatCount,
  formatCountdown,
  formatReading,
  formatAgo,
  formatBytes,
  formatInstant,
  formatPercent,
  formatSpan,
  localInput,
  plural,
  secondsUntil,
} from './format';
import { formatsInForce, setLocale } from './locale';

describe('formats', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_400, '999 kB'],
    [999_600, '1.0 MB'],
    [12_345_678, '12.3 MB'],
    [500_000_000, '500 MB'],
    [16_800_000_000, '16.8 GB'],
  ])('writes %d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, '0.0 %'],
    [3.14, '3.1 %'],
    [99.94, '99.9 %'],
    [99.96, '100 %'],
    [730.4, '730 %'],
  ])('writes %d percent', (percent, text) => expect(formatPercent(percent)).toBe(text));

  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min 00 s'],
    [3_660_000, '1 h 01 min'],
    [90_000_000, '1 d 1 h'],
  ])('writes a span of %d ms', (ms, text) => expect(formatSpan(ms)).toBe(text));

  it('writes how long ago it was, and now for a clock that is ahead', () => {
    const now = 1_000_000_000;
    expect([-500, 400, 1000, 61_000, 7_200_000, 172_800_000].map((ago) => formatAgo(now - ago, now))).toEqual([
      'now',
      'now',
      '1 s ago',
      '1 min ago',
      '2 h ago',
      '2 d ago',
    ]);
  });

  it('counts down in whole seconds to zero', () => {
    expect([secondsUntil(5000, 0), secondsUntil(5000, 4001), secondsUntil(5000, 9000)]).toEqual([5, 1, 0]);
  });

  it('writes a time for a field, which reads it back', () => {
    const at = new Date(2026, 0, 2, 3, 4, 5).getTime();
    expect(localInput(at)).toBe('2026-01-02T03:04:05');
    expect(Date.parse(localInput(at))).toBe(at);
  });

  it('counts things', () =>
    expect([plural(1, 'watch', 'watches'), plural(1200, 'watch', 'watches')]).toEqual(['1 watch', '1,200 watches']));
});

describe('a time that runs down', () => {
  it.each([
    [0, '0:00'],
    [6.2, '0:07'],
    [94, '1:34'],
    [3602, '1:00:02'],
  ])('%d s read %s', (seconds, text) => expect(formatCountdown(seconds)).toBe(text));
});

describe('a reading', () => {
  it.each([
    [97.04, 'percent_of_core', '97 % of one core'],
    [5e8, 'bytes', '500 MB'],
    [32_000, 'zombie_ms', '32 s'],
    [60, 'processes', '60 processes'],
  ])('of %d %s reads "%s"', (value, unit, text) => expect(formatReading(value, unit)).toBe(text));
});

describe('the language of the system', () => {
  afterEach(() => setLocale('en-GB'));
  const at = new Date(2026, 10, 22, 23, 5, 10, 7).getTime();
  // ICU writes narrow no-break spaces in some versions, and others not.
  const spaced = (text: string) => text.replaceAll(/\s/g, ' ');

  it.each([
    ['en-US', 'Nov 22, 2026, 11:05:10.007 PM', '11:05 PM', '1,234,567', '12.3 MB', '3.1 %', '4.2 s'],
    ['en-GB', '22 Nov 2026, 23:05:10.007', '23:05', '1,234,567', '12.3 MB', '3.1 %', '4.2 s'],
    ['de-DE', '22. Nov. 2026, 23:05:10,007', '23:05', '1.234.567', '12,3 MB', '3,1 %', '4,2 s'],
    ['fr-FR', '22 nov. 2026, 23:05:10,007', '23:05', '1 234 567', '12,3 MB', '3,1 %', '4,2 s'],
  ])('%s writes %s', (locale, instant, clock, count, bytes, percent, duration) => {
    setLocale(locale);
    expect([formatInstant(at), formatClock(at, false), formatCount(1_234_567)].map(spaced)).toEqual([
      instant,
      clock,
      count,
    ]);
    expect([formatBytes(12_345_678), formatPercent(3.14), formatReading(4200, 'ms')]).toEqual([
      bytes,
      percent,
      duration,
    ]);
  });

  it('is found even where the system names none that is known, and formatters are made once', () => {
    expect(() => setLocale(null)).not.toThrow();
    expect(formatsInForce().integer).toBe(formatsInForce().integer);
  });
});
