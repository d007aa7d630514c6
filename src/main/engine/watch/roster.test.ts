import { describe, expect, it } from 'vitest';
import type { PersistedState } from '../ports';
import { TestBench } from '../testing/test-engine';

describe('what the next engine must know', () => {
  it('is kept of the watch that changed only: with a thousand of them the others would take all the time', async () => {
    const bench = await TestBench.started();
    for (const name of ['web', 'db', 'cache']) await bench.add({ name });
    const { state } = bench;
    const whole: PersistedState[] = [];
    const kept: string[] = [];
    const { saveWatch } = state;
    state.save = (saved) => void whole.push(saved);
    state.saveWatch = (id, memory) => {
      kept.push(id);
      saveWatch.call(state, id, memory);
    };
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(100);
    const { watch, restarts } = bench.status('db');
    expect(restarts).toBe(1);
    expect(state.state?.watches[watch.id]).toMatchObject({ restarts: 1, processes: [{ pid: bench.pid('db') }] });
    expect(new Set(kept)).toEqual(new Set([watch.id]));
    expect(whole).toEqual([]);
  });

  it('is kept as a whole once something of a copied data directory is started', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const original = bench.pid();
    bench.dataDir.kept.add(bench.dataDir.identity.id);
    const copy = new TestBench(bench);
    copy.config.saveWatches(bench.config.watches());
    copy.state.state = bench.state.state;
    copy.dataDir = Object.assign(copy.dataDir, { identity: { path: '/copy', id: '2:2' }, kept: bench.dataDir.kept });
    copy.renewEngine();
    await copy.engine.start();
    expect(copy.state.state?.dataDir).toEqual(bench.dataDir.identity);
    await copy.engine.watches.start({ watch: 'web', actor: 'cli' });
    expect(copy.state.state?.dataDir).toEqual({ path: '/copy', id: '2:2' });
    expect(Object.values(copy.state.state?.watches ?? {})[0]?.processes).toMatchObject([{ pid: copy.pid() }]);
    expect(copy.pid()).not.toBe(original);
  });
});
