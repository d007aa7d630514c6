import { describe, expect, it } from 'vitest';
import { TestBench } from '../testing/test-engine';

const MINUTE = 60_000;

describe('the time for which a watch is in its state', () => {
  it('goes on over a restart of the engine while it stays stopped', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }));
    const { sinceAt } = bench.status();
    await bench.clock.advance(5 * MINUTE);
    await bench.replaceEngine();
    expect(bench.status()).toMatchObject({ phase: 'stopped', sinceAt });
    await bench.clock.advance(5 * MINUTE);
    await bench.replaceEngine();
    expect(bench.status()).toMatchObject({ phase: 'stopped', sinceAt });
  });

  it('goes on while its program lives on, and begins anew with another run', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.clock.advance(MINUTE);
    const { sinceAt } = bench.status();
    await bench.replaceEngine();
    expect(bench.status()).toMatchObject({ phase: 'running', sinceAt });
    const pid = bench.pid();
    await bench.replaceEngine(() => bench.world.exit(pid));
    await bench.clock.advance(MINUTE);
    expect(bench.status().phase).toBe('running');
    expect(bench.status().sinceAt).toBeGreaterThan(sinceAt);
  });

  it('goes on after a removal that was undone', async () => {
    const bench = await TestBench.started();
    const { watch } = await bench.add();
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }));
    const { sinceAt } = bench.status();
    await bench.clock.advance(18 * MINUTE);
    bench.engine.watches.remove({ watch: 'web', actor: 'cli' });
    await bench.clock.advance(1000);
    await bench.through(bench.engine.watches.restore(watch.id, 'cli'));
    expect(bench.status()).toMatchObject({ phase: 'stopped', sinceAt });
  });

  it('begins anew with each state after that', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }));
    await bench.clock.advance(5 * MINUTE);
    await bench.replaceEngine();
    await bench.through(bench.engine.watches.start({ watch: 'web', actor: 'cli' }));
    expect(bench.status().sinceAt).toBeGreaterThan(bench.clock.wallMs() - MINUTE);
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }));
    expect(bench.status().sinceAt).toBeGreaterThan(bench.clock.wallMs() - MINUTE);
  });
});
