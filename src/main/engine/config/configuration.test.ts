import { describe, expect, it } from 'vitest';
import { commandSpec, TestBench } from '../testing/test-engine';

describe('several watches that are added together', () => {
  it('are all there, or none: a name that is there twice is refused', async () => {
    const bench = await TestBench.started();
    const specs = ['a', 'b', 'A'].map((name) => commandSpec({ name }));
    await expect(bench.engine.watches.addAll(specs, 'cli')).rejects.toThrow(
      'Expected each name once; "A" is there twice',
    );
    expect(bench.engine.watches.list()).toEqual([]);
    expect(bench.config.watches()).toEqual([]);
    await bench.engine.watches.addAll(specs.slice(0, 2), 'cli');
    expect(bench.engine.watches.list().map(({ watch }) => watch.name)).toEqual(['a', 'b']);
  });
});

describe('the settings for all watches', () => {
  it('are the same object until one of them is another', async () => {
    const bench = await TestBench.started();
    const before = bench.engine.settings.inForce();
    await bench.clock.advance(10_000);
    expect(bench.engine.snapshot().engine.settings).toBe(before);
    bench.engine.settings.set({ 'cpu.limitPercent': 12 }, 'cli');
    expect(bench.engine.settings.inForce()).toEqual({ ...before, 'cpu.limitPercent': 12 });
  });
});

describe('a watch that runs', () => {
  it('is not to be found in another way before it is stopped', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const matched = commandSpec({ target: { kind: 'match', by: 'name', pattern: 'other', start: null } });
    const edit = (): unknown => bench.engine.watches.edit({ watch: 'web', revision: 1, spec: matched, actor: 'cli' });
    expect(edit).toThrow('Expected web to be stopped before it is found in another way; stop it first');
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }));
    edit();
    expect(bench.status().watch.target.kind).toBe('match');
  });
});

describe('a configuration that was changed from outside', () => {
  it('is taken over: what is new starts, what is gone is let go, what is otherwise keeps its process', async () => {
    const bench = await TestBench.started();
    await bench.engine.watches.addAll(
      ['same', 'other', 'gone'].map((name) => commandSpec({ name })),
      'cli',
    );
    const before = { other: bench.pid('other'), gone: bench.pid('gone') };
    const [same, other, gone] = bench.config.watches();
    if (same === undefined || other === undefined || gone === undefined) throw new Error('expected three watches');
    const fresh = { ...commandSpec({ name: 'fresh' }), id: bench.machine.newId(), revision: 1 };
    bench.config.saveWatches([same, { ...other, name: 'renamed' }, fresh]);
    bench.engine.config.reload();
    await bench.clock.advance(0);

    expect(bench.engine.watches.list().map(({ watch }) => [watch.name, watch.revision])).toEqual([
      ['same', 1],
      ['renamed', 2],
      ['fresh', 1],
    ]);
    expect(bench.pid('renamed')).toBe(before.other);
    expect(bench.status('fresh').phase).toBe('running');
    expect(bench.world.identify(before.gone)).not.toBeNull();
    expect(bench.reported('watch_edited')).toMatchObject([{ watch: 'renamed', data: { actor: 'engine' } }]);
    expect(bench.reported('watch_removed')).toMatchObject([
      { watch: 'gone', data: { actor: 'engine', leftRunning: [before.gone] } },
    ]);
  });

  it('gives a watch of the same name and program its id again, and starts no second copy', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    const [watch] = bench.config.watches();
    if (watch === undefined) throw new Error('expected a watch');
    const otherId = bench.machine.newId();
    bench.config.saveWatches([{ ...watch, id: otherId, restart: 'never' }]);
    bench.engine.config.reload();
    await bench.clock.advance(100);

    expect(bench.pid()).toBe(pid);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.config.watches()).toMatchObject([{ id: watch.id, restart: 'never' }]);
    expect(bench.status().watch).toMatchObject({ id: watch.id, restart: 'never', revision: 2 });
    expect(bench.reported('notice').map(({ message }) => message)).toEqual([expect.stringContaining(otherId)]);
    expect([...bench.reported('watch_removed'), ...bench.reported('watch_added').slice(1)]).toEqual([]);
  });

  it('keeps the program of a watch whose id can not be repaired on disk, and repairs it with the next change', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    const [watch] = bench.config.watches();
    if (watch === undefined) throw new Error('expected a watch');
    bench.config.saveWatches([{ ...watch, id: bench.machine.newId() }]);
    bench.config.full = true;
    bench.engine.config.reload();
    await bench.clock.advance(100);
    expect([bench.pid(), bench.world.launches.length, bench.errors.length]).toEqual([pid, 1, 1]);
    bench.config.full = false;
    bench.engine.config.reload();
    expect(bench.config.watches()).toMatchObject([{ id: watch.id }]);
  });

  it('with watches that wait for each other has all others running, and says so', async () => {
    const bench = await TestBench.started();
    await bench.engine.watches.addAll(
      ['one', 'two', 'free'].map((name) => commandSpec({ name })),
      'cli',
    );
    for (const watch of ['one', 'two']) {
      await bench.through(bench.engine.watches.stop({ watch, actor: 'cli' }), 20_000);
    }
    const cycle = { one: 'two', two: 'one' } as Record<string, string>;
    const waiting = bench.config.watches().map((watch) => ({
      ...watch,
      after: [cycle[watch.name]].flatMap((name) =>
        name === undefined ? [] : [{ watch: name, until: 'ready' as const, restart: false }],
      ),
    }));
    const detail =
      'Expected starts without a cycle, but one waits for two, which waits for one: none of them could ever start. Edit the watches in config.json.';
    const phases = (): readonly string[] => bench.engine.watches.list().map(({ phase }) => phase);

    bench.config.saveWatches(waiting);
    bench.engine.config.reload();
    expect(bench.reported('notice').map(({ message }) => message)).toEqual([detail]);
    await bench.through(bench.engine.watches.start({ watch: 'one', actor: 'cli' }), 2000);
    expect(phases()).toEqual(['blocked', 'blocked', 'running']);
    expect(bench.status('one').reason).toBe('Waiting for other watches: two is not ready');

    await bench.replaceEngine();
    await bench.clock.advance(5000);
    expect(phases()).toEqual(['blocked', 'blocked', 'running']);
    expect(bench.reported('notice').map(({ message }) => message)).toEqual([detail, detail]);
    expect(bench.errors).toEqual([]);
  });

  it('has another watch where the program of that name is another one', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const [watch] = bench.config.watches();
    if (watch === undefined) throw new Error('expected a watch');
    const other = {
      ...commandSpec({ target: { kind: 'command', command: { argv: ['other'], cwd: '/' } } }),
      revision: 1,
    };
    bench.config.saveWatches([{ ...other, id: bench.machine.newId() }]);
    bench.engine.config.reload();
    await bench.clock.advance(100);
    expect(bench.reported('watch_removed')).toHaveLength(1);
    expect(bench.world.launches.map(({ argv }) => argv[0])).toEqual(['server', 'other']);
  });
});
