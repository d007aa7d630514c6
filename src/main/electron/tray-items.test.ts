import { describe, expect, it } from 'vitest';
import { TestBench } from '../engine/testing/test-engine';
import { trayItems } from './tray-items';

const LIMITS = { 'restart.delays': false, 'start.graceMs': 0 } as const;

describe('the items of the tray menu', () => {
  it('are none while all is well', async () => {
    const bench = await TestBench.started();
    await bench.add();
    expect(trayItems(bench.engine.watches.list())).toEqual([]);
  });

  it('start what is down, with its cause, and nothing that somebody has stopped', async () => {
    const bench = await TestBench.started();
    await bench.add({ name: 'off' });
    await bench.through(bench.engine.watches.stop({ watch: 'off', actor: 'cli' }));
    const { watch } = await bench.add({ restart: 'never', overrides: LIMITS });
    bench.world.exit(bench.pid(), { exitCode: 3, signal: null });
    await bench.clock.advance(1000);
    expect(trayItems(bench.engine.watches.list())).toEqual([
      { watchId: watch.id, label: expect.stringMatching(/^Start web: crashed .*exit code 3/) as unknown },
    ]);
  });

  it('fit a menu', async () => {
    const bench = await TestBench.started();
    for (let n = 0; n < 12; n += 1) {
      const name = `${n} ${'x'.repeat(60)}`;
      await bench.add({ name, restart: 'never', overrides: LIMITS });
      bench.world.exit(bench.pid(name), { exitCode: 3, signal: null });
    }
    await bench.clock.advance(1000);
    const items = trayItems(bench.engine.watches.list());
    expect(items).toHaveLength(8);
    for (const { label } of items) expect(label.length).toBeLessThanOrEqual(70);
  });
});
