import { describe, expect, it } from 'vitest';
import { summarize, verdict } from './verdict.mjs';

const round = (name: string, ms: number | null, lost = 0) => ({ name, count: 20, ms, lost });

describe('the verdict of the mass death bench', () => {
  it('compares medians', () => {
    const rows = summarize(
      [20],
      [round('Healdeck', 90), round('Healdeck', 80), round('runit', 40), round('runit', 90)],
    );
    expect(rows).toEqual([{ count: 20, ours: 80, reference: 40, ratio: 2, lost: 0 }]);
    expect(verdict(rows).status).toBe(0);
  });

  it('fails when it takes too long', () => {
    expect(verdict(summarize([20], [round('Healdeck', 121), round('runit', 40)])).status).toBe(1);
  });

  it('fails when a program did not come back, whatever the others took', () => {
    const rows = summarize([20], [round('Healdeck', 10), round('Healdeck', null, 3), round('runit', 40)]);
    expect(verdict(rows)).toEqual({ status: 1, text: 'Missed: 3 of 20 programs did not come back.' });
  });

  it('never passes without a comparison', () => {
    expect(verdict(summarize([20], [round('Healdeck', 10)])).status).toBe(2);
    expect(verdict([]).status).toBe(2);
  });
});
