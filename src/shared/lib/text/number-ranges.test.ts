import { expect, test } from 'vitest';
import { isWithin, parseNumberRanges } from './number-ranges';

test('numbers and ranges are read, with spaces around', () => {
  expect(parseNumberRanges('200-399, 418')).toEqual([
    { from: 200, to: 399 },
    { from: 418, to: 418 },
  ]);
});

test.each(['', '2xx', '200-', '-399', '399-200', '200,,201', '200;201'])('%j is refused', (text) => {
  expect(parseNumberRanges(text)).toBeNull();
});

test('a range holds both of its ends', () => {
  const ranges = parseNumberRanges('200-299,404') ?? [];
  expect([199, 200, 299, 300, 404].map((status) => isWithin(ranges, status))).toEqual([false, true, true, false, true]);
});
