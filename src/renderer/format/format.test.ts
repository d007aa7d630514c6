import { afterEach, describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatInstant,
  formatPercent,
  formatReading,
  localInput,
  plural,
} from './format';
import { formatsInForce, setLocale } from './locale';

it('a time is written for a field so that the field reads it back', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5).getTime();
  expect(localInput(at)).toBe('2026-01-02T03:04:05');
  expect(Date.parse(localInput(at))).toBe(at);
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

  it('has its mark between thousands in counts and percentages', () => {
    setLocale('de-DE');
    expect([plural(1200, 'watch', 'watches'), formatPercent(1600)]).toEqual(['1.200 watches', '1.600 %']);
  });

  it('is found even where the system names none that is known, and formatters are made once', () => {
    expect(() => setLocale(null)).not.toThrow();
    expect(formatsInForce().clock).toBe(formatsInForce().clock);
  });
});
