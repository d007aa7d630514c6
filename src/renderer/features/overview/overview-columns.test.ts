import { describe, expect, it } from 'vitest';
import { watchStatus } from '../../testing/samples';
import { overviewColumns, shownColumns } from './overview-columns';

const watches = [watchStatus({ id: 'a' })];
const ids = (columns: readonly { id: string }[]) => columns.map(({ id }) => id);

describe('the columns of the overview', () => {
  it('are one line of a watch, with the cause and both curves', () => {
    expect(ids(overviewColumns(watches, 'compact'))).toEqual([
      'state',
      'watch',
      'standing',
      'cpu',
      'trend',
      'memory',
      'memory-trend',
      'restarts',
      'actions',
    ]);
  });

  it('have the next run and probes only where a watch has some', () => {
    const nextRun = { at: 1, kind: 'start' } as never;
    const probes = [{ name: 'health' }] as never;
    const columns = ids(overviewColumns([{ ...watchStatus({ id: 'a' }), nextRun, probes }], 'compact'));
    expect(columns).toContain('next-run');
    expect(columns).toContain('probes');
  });

  it('are those that were chosen, whatever the room, and always the name', () => {
    const shown = shownColumns(overviewColumns(watches, 'compact'), ['restarts', 'memory-trend']);
    expect(ids(shown)).toEqual(['watch', 'memory-trend', 'restarts']);
    expect(shown.map(({ from }) => from)).toEqual([undefined, undefined, undefined]);
  });

  it('are as many as fit where nothing was chosen', () => {
    const columns = overviewColumns(watches, 'comfortable');
    expect(shownColumns(columns, null)).toBe(columns);
  });
});
