import { describe, expect, it } from 'vitest';
import type { WatchStatus } from '../../../shared/model/snapshot';
import type { WatchSpec } from '../../../shared/model/watch';
import { commandSpec, TestBench } from '../testing/test-engine';

/** Edits a watch as a client does that has just looked at it. */
function edit(bench: TestBench, change: Partial<WatchSpec>, name = 'web'): WatchStatus {
  const { id, revision, ...spec } = bench.status(name).watch;
  return bench.engine.watches.edit({ watch: id, revision, spec: { ...spec, ...change }, actor: 'cli' });
}

function undo(bench: TestBench, name = 'web'): WatchStatus {
  return bench.engine.watches.undo({ watch: name, revision: bench.status(name).watch.revision, actor: 'cli' });
}

describe('an edit that is taken back', () => {
  it('leaves the watch as it was before, with its process, one edit after the other', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    edit(bench, { restart: 'never' });
    edit(bench, { name: 'site', overrides: { 'cpu.limitPercent': 50 } });
    expect(undo(bench, 'site').watch).toMatchObject({ name: 'web', restart: 'never', overrides: {}, revision: 4 });
    expect(undo(bench).watch).toMatchObject({ ...commandSpec(), revision: 5 });
    expect(bench.config.watches()).toEqual([bench.status().watch]);
    expect(bench.pid()).toBe(pid);
    expect(bench.reported('watch_edited')).toHaveLength(4);
    expect(() => undo(bench)).toThrow('Expected a watch that was edited since this engine started; web was not');
  });

  it('brings back hidden values that no client has seen', async () => {
    const bench = await TestBench.started();
    const command = { argv: ['server', '--password', 'tiger42'], cwd: '/', env: { DB_PASSWORD: 'lion' } };
    await bench.add({ target: { kind: 'command', command } });
    edit(bench, commandSpec());
    const { watch } = undo(bench);
    expect(JSON.stringify(watch)).not.toMatch(/tiger42|lion/);
    expect(bench.config.watches()[0]?.target).toMatchObject({ command });
  });

  it('is refused when somebody else has edited it meanwhile, and changes nothing', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const shown = edit(bench, { restart: 'never' }).watch;
    edit(bench, { autostart: false });
    expect(() => bench.engine.watches.undo({ watch: 'web', revision: shown.revision, actor: 'window' })).toThrow(
      'web was edited meanwhile; reload it and repeat the undo',
    );
    expect(bench.status().watch).toMatchObject({ restart: 'never', autostart: false });
  });

  it('is checked as an edit is: the old name may be in other hands by now', async () => {
    const bench = await TestBench.started();
    await bench.add();
    edit(bench, { name: 'site' });
    await bench.add();
    expect(() => undo(bench, 'site')).toThrow('Expected a name that is not in use; "web" is watched already');
    edit(bench, { name: 'other' });
    expect(undo(bench, 'site').watch.name).toBe('web');
  });

  it('can be one that came from config.json', async () => {
    const bench = await TestBench.started();
    await bench.add();
    bench.config.saveWatches(bench.config.watches().map((watch) => ({ ...watch, restart: 'never' as const })));
    bench.engine.config.reload();
    expect(undo(bench).watch.restart).toBe(commandSpec().restart);
  });
});

describe('a change of settings that is taken back', () => {
  it('leaves them as they were, one change after the other', async () => {
    const bench = await TestBench.started();
    const before = bench.engine.settings.inForce();
    bench.engine.settings.set({ 'cpu.limitPercent': 50 }, 'cli');
    bench.engine.settings.set({ 'cpu.limitPercent': 60, 'restart.limit': 2 }, 'cli');
    expect(bench.engine.settings.undo(null, 'cli')).toMatchObject({ 'cpu.limitPercent': 50, 'restart.limit': 5 });
    expect(bench.engine.settings.undo(null, 'cli')).toEqual(before);
    expect(bench.config.overrides()).toEqual({});
    expect(() => bench.engine.settings.undo(null, 'cli')).toThrow(
      'Expected settings that were changed since this engine started',
    );
  });

  it('is refused when something else has changed since', async () => {
    const bench = await TestBench.started();
    bench.engine.settings.set({ 'cpu.limitPercent': 50 }, 'cli');
    bench.engine.settings.set({ 'restart.limit': 2 }, 'cli');
    expect(() => bench.engine.settings.undo(['cpu.limitPercent'], 'cli')).toThrow(
      'restart.limit was changed meanwhile',
    );
    bench.config.saveOverrides({ 'restart.limit': 3 });
    bench.engine.config.reload();
    expect(() => bench.engine.settings.undo(null, 'cli')).toThrow(
      'The settings were changed meanwhile by config.json or an import',
    );
    expect(bench.config.overrides()).toEqual({ 'restart.limit': 3 });
  });
});
