import { describe, expect, it } from 'vitest';
import { ofOneCore } from './of-one-core';

describe('a share of one core', () => {
  const format = (percent: number): string => `${percent} %`;

  it.each([
    [80, 2, 'of one core (40 % of this machine)'],
    [1600, 16, 'of one core (100 % of this machine)'],
    [0, 4, 'of one core (0 % of this machine)'],
  ])('of %d %% on %d cores is one of the machine, too', (percent, cores, expected) => {
    expect(ofOneCore(percent, cores, format)).toBe(expected);
  });

  it.each([1, 0])('is all there is to know with %d known cores', (cores) => {
    expect(ofOneCore(80, cores, format)).toBe('of one core');
  });
});
