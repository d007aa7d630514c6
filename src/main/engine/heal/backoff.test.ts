import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff';

describe('the backoff', () => {
  it('lets the first restart happen at once and then waits 1, 2, 4 and for ever 8 s', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 1000].map(backoffMs)).toEqual([0, 1000, 2000, 4000, 8000, 8000, 8000, 8000]);
  });

  it('never gets shorter', () => {
    fc.assert(fc.property(fc.nat(1e6), (n) => backoffMs(n + 1) >= backoffMs(n)));
  });
});
