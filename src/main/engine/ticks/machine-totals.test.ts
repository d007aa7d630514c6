import { describe, expect, it } from 'vitest';
import type { Machine } from '../ports';
import { TestBench } from '../testing/test-engine';

type Totals = Awaited<ReturnType<Machine['totals']>>;

describe('the totals of the machine', () => {
  it('are reported and kept with each tick', async () => {
    const bench = await TestBench.started();
    await bench.clock.advance(0);
    expect(bench.engine.snapshot().machine).toMatchObject({
      memoryUsedBytes: 2e9,
      processes: bench.engine.processes.list().length,
    });
    expect(bench.samples.recorded).toContainEqual({ watchId: null, cpuPercent: 20, memoryBytes: 2e9, load: 0 });
  });

  it('stay those of the last reading when one fails', async () => {
    const bench = await TestBench.started();
    await bench.clock.advance(0);
    const before = bench.engine.snapshot().machine;
    bench.machine.totals = () => Promise.reject(new Error('EMFILE'));
    await bench.clock.advance(2000);
    expect(bench.errors).toContainEqual(new Error('EMFILE'));
    expect(bench.engine.snapshot().machine).toEqual(before);
  });

  it('are thrown away when the engine ends while they are read', async () => {
    const bench = await TestBench.started();
    await bench.clock.advance(0);
    const totals = await bench.machine.totals();
    let answer: (totals: Totals) => void = () => undefined;
    bench.machine.totals = () => new Promise<Totals>((resolve) => (answer = resolve));
    await bench.clock.advance(2000);
    const kept = bench.samples.recorded.length;
    bench.engine.dispose('test');
    answer(totals);
    await bench.clock.advance(0);
    expect(bench.samples.recorded).toHaveLength(kept);
  });
});
