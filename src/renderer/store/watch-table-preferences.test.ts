import { describe, expect, it } from 'vitest';
import { chartMemory, STANDARD_CHARTS } from './chart-preferences';
import { createUiStore } from './ui';
import { STANDARD_WATCH_TABLE, watchTableMemory } from './watch-table-preferences';

function storage(initial: string | null = null) {
  let text = initial;
  return { getItem: () => text, setItem: (_key: string, value: string) => void (text = value) };
}

describe('how somebody likes the tables of watches', () => {
  it('is the same in the next window', () => {
    const kept = storage();
    const open = () => createUiStore({ watchTable: watchTableMemory(() => kept) });
    expect(open().getState().watchTable).toMatchObject({ groupBy: 'none', density: 'compact', columns: null });
    open().arrangeWatches({ groupBy: 'group', columns: ['cpu'] });
    open().arrangeWatches({ density: 'comfortable' });
    expect(open().getState().watchTable).toMatchObject({
      groupBy: 'group',
      density: 'comfortable',
      columns: ['cpu'],
    });
  });

  it('keeps what a window knew that had no rows of one line', () => {
    expect(watchTableMemory(() => storage('{"groupBy":"group"}')).read()).toEqual({
      ...STANDARD_WATCH_TABLE,
      groupBy: 'group',
    });
  });

  it('is the standard where something else was kept', () => {
    expect(watchTableMemory(() => storage('{"groupBy":"colour"}')).read()).toEqual(STANDARD_WATCH_TABLE);
  });
});

describe('how somebody likes the charts', () => {
  it('is the same in the next window', () => {
    const kept = storage();
    const open = () => createUiStore({ charts: chartMemory(() => kept) });
    expect(open().getState().charts).toEqual({ machine: 'strip', machineRangeMs: 300_000, watchRangeMs: 3_600_000 });
    open().arrangeCharts({ machine: 'charts' });
    open().arrangeCharts({ watchRangeMs: 86_400_000 });
    expect(open().getState().charts).toEqual({
      ...{ machine: 'charts', machineRangeMs: 300_000, watchRangeMs: 86_400_000 },
    });
  });

  it('is the standard where a span was kept that cannot be chosen', () => {
    expect(chartMemory(() => storage('{"watchRangeMs":17}')).read()).toEqual(STANDARD_CHARTS);
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
