import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parseSettingValue, parseSize, writeDuration, writeSettingValue, writeSize } from './units';

const ok = (value: unknown) => ({ ok: true, value });
const safe = fc.integer({ min: 0, max: 10 ** 12 });

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['1.5 h', 5_400_000],
    ['10min', 600_000],
    ['10m', 600_000],
    ['2D', 172_800_000],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toEqual(ok(ms));
  });

  it.each(['', '5', '-5s', 'many', '5 weeks', 's', '1e3s', '5s5s', '5constructor', '1'.repeat(30) + 'd'])(
    '"%s" is none, and the error says what is',
    (text) => {
      const result = parseDuration(text);
      expect(result.ok ? '' : result.problem).toContain('expected a duration such as');
    },
  );

  it('is written so that it reads back the same', () => {
    fc.assert(fc.property(safe, (ms) => void expect(parseDuration(writeDuration(ms))).toEqual(ok(ms))));
    expect([0, 1500, 90_000, 7_200_000].map(writeDuration)).toEqual(['0ms', '1500ms', '90s', '2h']);
  });
});

describe('a size', () => {
  it.each([
    ['10MB', 10_000_000],
    ['1GiB', 1_073_741_824],
    ['1.5kb', 1500],
    ['4096', 4096],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toEqual(ok(bytes));
  });

  it('is written so that it reads back the same', () => {
    fc.assert(fc.property(safe, (bytes) => void expect(parseSize(writeSize(bytes))).toEqual(ok(bytes))));
    expect([10_000_000, 1536].map(writeSize)).toEqual(['10MB', '1536B']);
  });
});

describe('the value of a setting', () => {
  it.each([
    ['5s', 'ms', 5000],
    ['500', 'ms', 500],
    ['10MB', 'bytes', 10_000_000],
    ['24', 'hours', 24],
    ['2d', 'hours', 48],
    ['5', 'files', 5],
    ['-5', 'files', -5],
    ['1.5', 'files', 1.5],
  ])('%s in %s is %d', (text, unit, value) => {
    expect(parseSettingValue(text, { unit, isFlag: false })).toEqual(ok(value));
  });

  it.each([
    ['many', 'files', 'expected a number of files'],
    ['30min', 'hours', 'expected whole hours'],
    ['10MB', 'ms', 'expected a duration'],
    ['5s', 'bytes', 'expected a size'],
  ])('%s in %s is refused', (text, unit, problem) => {
    expect(parseSettingValue(text, { unit, isFlag: false })).toMatchObject({
      ...{ ok: false, problem: expect.stringContaining(problem) },
    });
  });

  it('is true or false for a flag', () => {
    const flag = { unit: '', isFlag: true };
    expect(parseSettingValue('on', flag)).toEqual(ok(true));
    expect(parseSettingValue('False', flag)).toEqual(ok(false));
    expect(parseSettingValue('1', flag).ok).toBe(false);
    expect(writeSettingValue(true, '')).toBe('true');
  });
});
