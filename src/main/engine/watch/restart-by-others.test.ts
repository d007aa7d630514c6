import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/model/settings';
import type { WatchSpecInput } from '../../../shared/model/watch';
import type { FakeProcess } from '../testing/fake-world';
import { TestBench } from '../testing/test-engine';

const target: WatchSpecInput['target'] = {
  kind: 'match',
  by: 'name',
  pattern: 'svc',
  start: { argv: ['svc'], cwd: '/' },
};

/** A service that somebody else has started, and that is watched since a while. */
async function watched(overrides: Partial<Settings> = {}): Promise<{ bench: TestBench; service: FakeProcess }> {
  const bench = await TestBench.started();
  const service = bench.world.add({ name: 'svc' });
  await bench.add({ name: 'svc', target, overrides });
  await bench.clock.advance(8000);
  return { bench, service };
}

describe('a matched program that ends', () => {
  it.each([100, 1000, 2500])('and is started again by others after %d ms is not started a second time', async (ms) => {
    const { bench, service } = await watched();
    bench.world.exit(service.pid);
    await bench.clock.advance(ms);
    expect(bench.status('svc').reason).toBe('Ended; waiting in case whoever started it restarts it');
    const again = bench.world.add({ name: 'svc' });
    await bench.clock.advance(20_000);
    expect(bench.pid('svc')).toBe(again.pid);
    expect(bench.world.launches).toEqual([]);
    expect(bench.reported('adopted').at(-1)?.message).toBe(
      `svc was restarted by somebody else as pid ${again.pid}, so no copy is started`,
    );
    expect(bench.reported('recovered')).toHaveLength(1);
    expect(bench.status('svc').restarts).toBe(0);
  });

  it('and is started again by nobody is started after start.othersMs, once', async () => {
    const { bench, service } = await watched();
    bench.world.exit(service.pid);
    await bench.clock.advance(2900);
    expect(bench.reported('crash_detected')).toHaveLength(1);
    expect(bench.world.launches).toEqual([]);
    await bench.clock.advance(1300);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.status('svc').phase).toBe('running');

    // What does not hold is waited for no more.
    bench.world.exit(bench.pid('svc'));
    await bench.clock.advance(2000);
    expect(bench.world.launches).toHaveLength(2);
  });

  it('and is started again by others while no engine looks is not started a second time', async () => {
    const { bench, service } = await watched();
    let again = service;
    await bench.replaceEngine(() => {
      bench.world.exit(service.pid);
      again = bench.world.add({ name: 'svc' });
    });
    await bench.clock.advance(20_000);
    expect(bench.pid('svc')).toBe(again.pid);
    expect(bench.world.launches).toEqual([]);
    expect(bench.reported('crash_detected').map(({ pid }) => pid)).toEqual([service.pid]);
  });

  it('is started at once where nobody is waited for', async () => {
    const { bench, service } = await watched({ 'start.othersMs': 0 });
    bench.world.exit(service.pid);
    await bench.clock.advance(500);
    expect(bench.world.launches).toHaveLength(1);
  });
});
