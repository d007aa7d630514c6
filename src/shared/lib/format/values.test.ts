import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSize } from './units';
import {
  formatBareReading,
  formatBytes,
  formatCount,
  formatInstant,
  formatLoad,
  formatPercent,
  formatRate,
  formatRatio,
  formatReading,
  plural,
  pluralNoun,
} from './values';

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1500, '1.5 kB'],
    [9994, '9.99 kB'],
    [9996, '10 kB'],
    [999_400, '999 kB'],
    [999_600, '1 MB'],
    [12_345_678, '12.3 MB'],
    [99_960_000, '100 MB'],
    [500_000_000, '500 MB'],
    [1_500_000_000, '1.5 GB'],
    [1_523_000_000, '1.52 GB'],
    [16_800_000_000, '16.8 GB'],
    [-2_500_000, '-2.5 MB'],
  ])('%d read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('are written so that a size is read of them, off by half of the third digit at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 * 10 ** 14 }), (bytes) => {
        const text = formatBytes(bytes);
        expect(text).toMatch(/^(\d{1,3}|\d\d\.[1-9]|\d\.\d?[1-9]) [kMGT]?B$/);
        const read = parseSize(text);
        expect(read.ok && Math.abs(read.value - bytes) <= bytes * 0.005 + 0.5).toBe(true);
      }),
    );
  });

  it('a second are a rate', () => expect(formatRate(1_500_000)).toBe('1.5 MB/s'));
});

describe('a percentage', () => {
  it.each([
    [0, '0 %'],
    [-0.01, '0 %'],
    [3.14, '3.1 %'],
    [80, '80 %'],
    [99.94, '99.9 %'],
    [99.96, '100 %'],
    [730.4, '730 %'],
    [1600, '1,600 %'],
  ])('of %d reads %s', (percent, text) => expect(formatPercent(percent)).toBe(text));

  it('has one decimal at most, none from 100 on, and no trailing zero', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 999, noNaN: true }), (percent) => {
        expect(formatPercent(percent)).toMatch(/^(\d{1,3}|\d{1,2}\.[1-9]) %$/);
      }),
    );
  });
});

describe('a reading', () => {
  it.each([
    [96.6, '% of one core', '96.6 % of one core', '96.6 %'],
    [97.04, 'percent_of_core', '97 % of one core', '97 %'],
    [12, '%', '12 %', '12 %'],
    [512_300_000, 'bytes', '512 MB', '512 MB'],
    [25_000_000, 'bytes/s', '25 MB/s', '25 MB/s'],
    [32_000, 'zombie_ms', '32 s', '32 s'],
    [90_000, 'ms', '1 min 30 s', '1 min 30 s'],
    [60, 'threads', '60 threads', '60'],
    [1200, 'open_files', '1,200 open files', '1,200'],
    [0.5, '', '0.5', '0.5'],
  ])('of %d %s reads "%s", and "%s" where its unit is said beside it', (value, unit, text, bare) => {
    expect(formatReading(value, unit)).toBe(text);
    expect(formatBareReading(value, unit)).toBe(bare);
  });
});

it('counts have a noun that agrees with them', () => {
  expect([0, 1, 2, 1200].map((count) => plural(count, 'watch', 'watches'))).toEqual([
    ...['0 watches', '1 watch', '2 watches', '1,200 watches'],
  ]);
  expect(plural(2, 'restart')).toBe('2 restarts');
  expect([pluralNoun(1, 'is', 'are'), pluralNoun(0, 'is', 'are'), pluralNoun(1, 'line')]).toEqual([
    'is',
    'are',
    'line',
  ]);
});

it('other numbers have as many decimals as their kind', () => {
  expect([formatCount(1234.56), formatLoad(0.5), formatLoad(12.345), formatRatio(0.98765)]).toEqual([
    ...['1,234.6', '0.5', '12.35', '0.988'],
  ]);
});

it('an instant is written so that it is read back', () => {
  const at = Date.UTC(2026, 10, 22, 23, 5, 10, 123);
  expect(formatInstant(at)).toBe('2026-11-22T23:05:10.123Z');
  expect(Date.parse(formatInstant(at))).toBe(at);
});
