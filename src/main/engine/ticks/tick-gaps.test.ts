import { describe, expect, it } from 'vitest';
import { TickGaps } from './tick-gaps';
import { ManualClock } from '../testing/manual-clock';

describe('between two ticks', () => {
  it('is no gap before the first, nor when they come in time', async () => {
    const { clock, tick } = bench();
    expect(tick(2000)).toBeNull();
    await clock.advance(2000);
    expect(tick(2000)).toBeNull();
  });

  it('is a gap when the second is far too late, or the wall clock jumped', async () => {
    const { clock, tick } = bench();
    tick(2000);
    await clock.advance(60_000);
    expect(tick(2000)).toEqual({ lateMs: 60_000, clockJumpMs: 0 });
    clock.jumpWall(-3_600_000);
    await clock.advance(2000);
    expect(tick(2000)).toEqual({ lateMs: 0, clockJumpMs: -3_600_000 });
  });

  it('is no gap when the interval was made shorter, or longer, meanwhile', async () => {
    const { clock, tick } = bench();
    tick(60_000);
    await clock.advance(60_000);
    expect(tick(1000)).toBeNull();
    await clock.advance(1000);
    expect(tick(60_000)).toBeNull();
  });
});

function bench(): { clock: ManualClock; tick: (intervalMs: number) => ReturnType<TickGaps['onTick']> } {
  const clock = new ManualClock();
  const gaps = new TickGaps(clock);
  return { clock, tick: (intervalMs) => gaps.onTick(clock.monotonicMs(), intervalMs) };
}
