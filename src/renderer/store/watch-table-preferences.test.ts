import { describe, expect, it } from 'vitest';
import { createUiStore } from './ui';
import { watchTableMemory } from './watch-table-preferences';

function storage(initial: string | null = null) {
  let text = initial;
  return { getItem: () => text, setItem: (_key: string, value: string) => void (text = value) };
}

describe('how somebody likes the tables of watches', () => {
  it('is the same in the next window', () => {
    const kept = storage();
    const open = () =>
      createUiStore(
        undefined,
        undefined,
        watchTableMemory(() => kept),
      );
    expect(open().getState().watchTable).toEqual({ groupBy: 'none' });
    open().arrangeWatches({ groupBy: 'group' });
    expect(open().getState().watchTable).toEqual({ groupBy: 'group' });
  });

  it('is the standard where something else was kept', () => {
    expect(watchTableMemory(() => storage('{"groupBy":"colour"}')).read()).toEqual({ groupBy: 'none' });
  });
});

describe('a group in the tables of watches', () => {
  it('is folded and unfolded', () => {
    const ui = createUiStore();
    ui.toggleGroup('shop');
    ui.toggleGroup('nightly');
    ui.toggleGroup('shop');
    expect([...ui.getState().foldedGroups]).toEqual(['nightly']);
  });
});
