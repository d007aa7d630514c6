import { describe, expect, it } from 'vitest';
import { percentile, summarize, verdict } from './statistics.mjs';

describe('the statistics of the restart bench', () => {
  it('takes percentiles by nearest rank, whatever the order', () => {
    expect(percentile([3, 1, 2], 50)).toBe(2);
    expect(percentile([4, 1, 3, 2], 50)).toBe(2);
    expect(percentile([...Array(20).keys()], 95)).toBe(18);
    expect(percentile([7], 95)).toBe(7);
    expect(percentile([], 50)).toBeNaN();
  });

  it('compares with the reference', () => {
    const rows = summarize(
      [
        { name: 'ours', times: [2, 2, 9], lost: 0 },
        { name: 'runit', times: [4, 4, 4], lost: 0 },
      ],
      'runit',
    );
    expect(rows[0]).toEqual({ name: 'ours', kills: 3, lost: 0, p50: 2, p95: 9, ratio: 0.5 });
    expect(verdict(rows, 'ours', 'runit').status).toBe(0);
    expect(verdict(rows, 'runit', 'ours').status).toBe(1);
  });

  it('never calls it good when there was nothing to compare', () => {
    const row = { name: 'ours', kills: 3, lost: 0, p50: 2, p95: 9, ratio: Number.NaN };
    expect(verdict([row], 'ours', 'runit').status).toBe(2);
    expect(verdict([{ ...row, kills: 0 }], 'ours', 'runit').status).toBe(1);
  });
});
