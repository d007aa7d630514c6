import { describe, expect, it } from 'vitest';
import { memberOf } from '../../shared/lib/instances';
import type { WatchStatus } from '../../shared/model/snapshot';
import { watchOf, watchStatus } from '../testing/samples';
import { foldKeyOf, isFoldedAway, tableItems, type TableItem } from './table-items';

const kept = { ...watchOf('0', { name: 'web' }), instances: { min: 1, max: 4, count: 2 } };
const member = (number: number, more: Partial<WatchStatus> = {}): WatchStatus => ({
  ...watchStatus({ id: String(number) }),
  watch: memberOf(kept, number),
  instance: { number, of: kept },
  ...more,
});
const [api, first, second] = [watchStatus({ id: 'api' }), member(1), member(2)];
const namesOf = (items: readonly TableItem[]) =>
  items.map((item) => (item.kind === 'watch' ? item.status.watch.name : [item.set.name, ...item.shown.map(nameOf)]));
const nameOf = ({ watch }: WatchStatus): string => watch.name;

describe('the rows of a table of watches', () => {
  it('are the watches, and instances together below the name of theirs, where the first of them stands', () => {
    expect(namesOf(tableItems([second, api, first]))).toEqual([['web', 'web#1', 'web#2'], nameOf(api)]);
    expect(namesOf(tableItems([api]))).toEqual([nameOf(api)]);
  });

  it('show how all instances are, whatever is shown of them', () => {
    const [item] = tableItems([second], [first, second, member(3, { phase: 'failed' })]);
    expect(item).toMatchObject({ set: { phase: 'failed', text: '2 of 1..4 instances; 2 of 3 running, web#3 failed' } });
    expect(item?.kind === 'set' && item.shown).toEqual([second]);
  });

  it('say which instances are leaving, and how far a rolling restart is', () => {
    const rolling = { done: 1, of: 2, keep: 1 };
    const all = [
      member(1, { instance: { number: 1, of: kept, rolling } }),
      member(2, { instance: { number: 2, of: kept, rolling, leaving: true } }),
    ];
    expect(tableItems(all)[0]).toMatchObject({
      set: { text: '2 of 1..4 instances; 1 of 1 running; ending web#2; rolling restart, 1 of 2 through' },
    });
  });

  it('are folded away by the watch that they are instances of', () => {
    const folded = new Set([foldKeyOf(kept.id)]);
    expect([api, first, second].map((status) => isFoldedAway(status, folded))).toEqual([false, true, true]);
  });
});
