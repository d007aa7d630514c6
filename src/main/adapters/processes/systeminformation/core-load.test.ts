import { describe, expect, it } from 'vitest';
import { coreLoad, CoreLoadMeter } from './core-load';

function core(busyMs: number, idleMs: number) {
  return { times: { user: busyMs / 2, nice: 0, sys: busyMs / 4, irq: busyMs / 4, idle: idleMs } };
}

describe('the load of the cores', () => {
  it('is the share of the time between two readings that was not idle', () => {
    expect(coreLoad([core(1000, 5000), core(0, 0)], [core(1500, 6500), core(2000, 0)])).toEqual([25, 100]);
  });

  it('is 0 and not less when an idle counter runs ahead', () => {
    expect(coreLoad([core(1000, 1000)], [core(990, 2000)])).toEqual([0]);
  });

  it('is not known of two readings that are too near, or of different cores', () => {
    expect(coreLoad([core(0, 0)], [core(10, 80)])).toBeNull();
    expect(coreLoad([core(0, 0)], [core(500, 500), core(500, 500)])).toBeNull();
  });

  it('stays until enough time has passed, and loses none of it', () => {
    const readings = [[core(0, 0)], [core(100, 100)], [core(150, 100)], [core(300, 100)], [core(300, 300), core(9, 9)]];
    const meter = new CoreLoadMeter(() => readings.shift()!);
    expect([meter.read(), meter.read(), meter.read(), meter.read()]).toEqual([[50], [50], [100], [0, 0]]);
  });
});
