import { describe, expect, it, vi } from 'vitest';
import { createUiStore } from '../store/ui';
import { createAppStore } from '../store/store';
import { memberOf } from '../../shared/lib/instances';
import type { WatchStatus } from '../../shared/model/snapshot';
import { watchOf, watchStatus } from '../testing/samples';
import { commandsOf, findCommands, withRecent, type CommandPorts } from './commands';
import { TABS } from '../store/route';
import { togglePause } from '../hooks/toggle-pause';

function setUp(change: Partial<CommandPorts> = {}) {
  const act = vi.fn(() => Promise.resolve());
  const navigate = vi.fn();
  const ui = createUiStore();
  const ports: CommandPorts = {
    views: TABS.map((tab) => ({ tab, title: tab })),
    watches: [watchStatus({ id: 'web' })],
    ui,
    actions: { act } as unknown as CommandPorts['actions'],
    alertActions: {} as CommandPorts['alertActions'],
    navigate,
    setColorScheme: vi.fn(),
    togglePause: vi.fn(),
    focusFilter: vi.fn(),
    ...change,
  };
  const commands = commandsOf(ports);
  const find = (query: string, recent: readonly string[] = []) => findCommands(commands, query, recent, navigate);
  return { act, navigate, ui, commands, find };
}

describe('the commands', () => {
  it('have each their own name in the list, and keys that lead to one only', () => {
    const { commands } = setUp();
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
    const keys = commands.flatMap((command) => (command.keys === undefined ? [] : [command.keys.join(' ')]));
    expect(new Set(keys).size).toBe(keys.length);
    // The first of two keys does nothing by itself.
    expect(keys).not.toContain('g');
    expect(keys.filter((one) => one.startsWith('g '))).toHaveLength(TABS.length);
  });

  it('do to a watch what is possible now', () => {
    const status = watchStatus({ id: 'web' });
    const { find, act } = setUp({ watches: [status, { ...watchStatus({ id: 'db' }), phase: 'stopped' }] });
    find(`stop ${status.watch.name}`)[0]?.run();
    expect(act).toHaveBeenCalledWith('stop', status);
    const titles = setUp({ watches: [{ ...status, phase: 'stopped' }] }).commands.map(({ title }) => title);
    expect(titles).toContain(`Start ${status.watch.name}`);
    expect(titles).not.toContain(`Stop ${status.watch.name}`);
  });

  it('do to the watches of a group what is possible now', () => {
    const inShop = (id: string, phase: WatchStatus['phase']) => ({
      ...watchStatus({ id, phase }),
      watch: watchOf(id, { groups: ['shop'] }),
    });
    const [web, db] = [inShop('web', 'running'), inShop('db', 'stopped')];
    const actAll = vi.fn(() => Promise.resolve());
    // An iterator is there once only.
    const { find, ui, navigate, commands } = setUp({
      watches: [web, db, watchStatus({ id: 'loner' })].values(),
      actions: { actAll } as unknown as CommandPorts['actions'],
    });
    find('start group shop')[0]?.run();
    find('stop group shop')[0]?.run();
    expect(actAll.mock.calls).toEqual([
      ['start', [db]],
      ['stop', [web]],
    ]);
    find('show group shop')[0]?.run();
    expect(ui.getState().watchGroup).toBe('shop');
    expect(navigate).toHaveBeenCalledWith({ tab: 'watches', item: null });
    expect(commands.map(({ title }) => title)).toContain('Stop loner');
  });

  it('scale a watch with instances, as far as it allows, and restart them one after another', () => {
    const kept = { ...watchOf('0', { name: 'web' }), instances: { min: 1, max: 2, count: 2 } };
    const watches = [1, 2].map((number) => ({
      ...watchStatus({ id: String(number) }),
      watch: memberOf(kept, number),
      instance: { number, of: kept },
    }));
    const [roll, scale] = [vi.fn(() => Promise.resolve()), vi.fn(() => Promise.resolve())];
    const { find, commands } = setUp({ watches, actions: { roll, scale } as unknown as CommandPorts['actions'] });
    find('restart web one after another')[0]?.run();
    expect(roll).toHaveBeenCalledWith(expect.objectContaining({ name: 'web' }));
    find('instance of web fewer')[0]?.run();
    expect(scale).toHaveBeenCalledWith(expect.objectContaining({ name: 'web' }), -1);
    expect(commands.map(({ title }) => title)).not.toContain('Run one instance of web more');
  });

  it('list those that were used last first', () => {
    const { find } = setUp();
    expect(
      find('', ['drill', 'view log'])
        .slice(0, 2)
        .map(({ id }) => id),
    ).toEqual(['drill', 'view log']);
    expect(withRecent(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c']);
    expect(withRecent('12345678'.split(''), '9')).toHaveLength(8);
  });

  it('open an incident by its number', () => {
    const { find, navigate } = setUp();
    find('#412')[0]?.run();
    expect(navigate).toHaveBeenCalledWith({ tab: 'incidents', item: '412' });
    expect(find('412a').map(({ id }) => id)).not.toContain('incident');
  });
});

describe('a pause', () => {
  it('is of what is shown', () => {
    const ui = createUiStore();
    const store = createAppStore();
    togglePause('#/processes', { ui, store });
    expect(ui.getState().processView.pausedRows).not.toBeNull();
    expect(ui.getState().logView.pausedAtId).toBeNull();
    togglePause('#/processes', { ui, store });
    expect(ui.getState().processView.pausedRows).toBeNull();
    togglePause('#/overview', { ui, store });
    expect(ui.getState().processView.pausedRows).toBeNull();
  });
});
