import { describe, expect, it } from 'vitest';
import { RELOADS, spendReload } from './reload-budget';

describe('reloading a crashed page', () => {
  it('stops after a few crashes in a row and is allowed again later', () => {
    let times: readonly number[] = [];
    for (let crash = 0; crash < RELOADS.most; crash += 1) {
      const spent = spendReload(times, crash);
      expect(spent.allowed).toBe(true);
      times = spent.times;
    }
    expect(spendReload(times, RELOADS.most)).toEqual({ allowed: false, times });
    expect(spendReload(times, RELOADS.withinMs + RELOADS.most).allowed).toBe(true);
  });
});
