import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration';

describe('a duration for people', () => {
  it.each([
    [0, '0 ms'],
    [999.6, '1 s'],
    [120, '120 ms'],
    [4260, '4.3 s'],
    [59_940, '59.9 s'],
    [59_990, '1 min'],
    [60_000, '1 min'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
    [86_400_000 * 5 + 3 * 3_600_000, '5 d 3 h'],
    [-5, '0 ms'],
  ])('%d ms reads %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
