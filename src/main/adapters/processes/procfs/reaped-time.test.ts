import { describe, expect, it } from 'vitest';
import { ReapedTime } from './reaped-time';

/** A parent whose ended children the kernel gave it so many ticks of, at each scan, 1 s apart; `gone` were seen before. */
function passes(readings: readonly { ticks: number; gone?: number }[]): number[] {
  const reaped = new ReapedTime();
  return readings.map(({ ticks, gone }, pass) => {
    if (pass === 0) reaped.begin(ticks);
    reaped.seenTicks = ticks;
    if (pass > 0) reaped.closeWindow(1000);
    if (gone !== undefined) reaped.childGone(gone, pass);
    if (pass > 0) reaped.settle(pass);
    return reaped.percent;
  });
}

describe('the time of ended children', () => {
  it('counts for the window in which they ended, and not what was before the first reading', () => {
    expect(passes([{ ticks: 5000 }, { ticks: 5060 }, { ticks: 5060 }])).toEqual([0, 60, 0]);
  });

  it('is without what their own readings have shown', () => {
    expect(passes([{ ticks: 0 }, { ticks: 360_010, gone: 360_000 }])).toEqual([0, 10]);
  });

  it('is so as well when the parent was read before its child ended', () => {
    expect(passes([{ ticks: 0 }, { ticks: 0, gone: 500 }, { ticks: 520 }])).toEqual([0, 0, 20]);
  });

  it('is not kept down for ever by children that nobody waits for', () => {
    expect(passes([{ ticks: 0 }, { ticks: 0, gone: 500 }, { ticks: 0 }, { ticks: 0 }, { ticks: 40 }])).toEqual([
      0, 0, 0, 0, 40,
    ]);
  });
});
