import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processRow } from '../../testing/samples';
import { parentIndex, parentsOf, treeRows, type TreeView } from './tree';

const row = (pid: number, ppid: number, cpuPercent: number, name = `p${pid}`) =>
  processRow({ pid, ppid, startTime: pid, cpuPercent, rssBytes: pid, threads: 1, name, argv: [name] });

/** init → (shell → (make → cc), idle) and a stranger. */
const rows = [row(1, 0, 0, 'init'), row(2, 1, 1, 'shell'), row(3, 2, 2, 'make'), row(4, 3, 50, 'cc')].concat([
  row(5, 1, 10, 'idle'),
  row(9, 77, 5, 'stranger'),
]);
const VIEW: TreeView = {
  ...{ text: '', user: null, watchedOnly: false, folded: new Set<string>() },
  sort: { column: 'cpu', descending: true },
};
const shown = (change: Partial<TreeView> = {}) => treeRows(rows, { ...VIEW, ...change }, new Map());
const outline = (change: Partial<TreeView> = {}) =>
  shown(change).map(({ row: { name }, level }) => `${'.'.repeat(level - 1)}${name}`);

describe('the tree of processes', () => {
  it('puts siblings in the order of what their whole trees use', () => {
    expect(outline()).toEqual(['init', '.shell', '..make', '...cc', '.idle', 'stranger']);
    expect(outline({ sort: { column: 'cpu', descending: false } })[0]).toBe('stranger');
    expect(outline({ sort: { column: 'name', descending: false } })).toEqual([
      ...['init', '.idle', '.shell', '..make', '...cc', 'stranger'],
    ]);
  });

  it('shows the sum of a tree where it is folded, and what a process uses itself where it is open', () => {
    const folded = new Set(['2:2']);
    expect(outline({ folded })).toEqual(['init', '.shell', '.idle', 'stranger']);
    const [init, shell, idle] = shown({ folded });
    expect(init).toMatchObject({ isExpanded: true, shown: { cpuPercent: 0, processes: 1 }, total: { processes: 5 } });
    expect(shell).toMatchObject({ isExpanded: false, shown: { cpuPercent: 53, rssBytes: 9, processes: 3 } });
    expect(idle).toMatchObject({ isExpanded: null, shown: { cpuPercent: 10 } });
  });

  it('keeps ancestors and descendants of what fits a filter, as such, and folds no hit away', () => {
    const folded = new Set(['1:1', '2:2']);
    expect(outline({ text: 'make', folded })).toEqual(['init', '.shell', '..make', '...cc']);
    expect(shown({ text: 'make', folded }).map(({ isContext }) => isContext)).toEqual([true, true, false, true]);
    expect(outline({ text: 'make', folded: new Set(['3:3']) })).toEqual(['init', '.shell', '..make']);
    expect(outline({ text: 'nobody' })).toEqual([]);
  });

  it('gives the same objects for rows that read the same', () => {
    const before = shown();
    const after = treeRows([...rows.slice(0, -1), row(9, 77, 6, 'stranger')], VIEW, new Map());
    expect(after.slice(0, -1).map((one, at) => one === before[at])).toEqual([true, true, true, true, true]);
    expect(after.at(-1)).not.toBe(before.at(-1));
  });

  it('leads from each row to its parent', () => {
    const all = shown();
    expect(all.map((_, index) => parentIndex(all, index))).toEqual([null, 0, 1, 2, 0, null]);
    expect([...parentsOf(rows)]).toEqual(['1:1', '2:2', '3:3']);
  });

  it('holds each hit once, below its parent, whatever fits and whatever is folded', () => {
    const table = fc.array(fc.tuple(fc.nat(40), fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(table, (list) => {
        const all = list.map(([parent, isHit], at) => row(at + 1, parent % (at + 1), at, isHit ? 'hit' : 'other'));
        const folded = new Set(list.flatMap(([, , isFolded], at) => (isFolded ? `${at + 1}:${at + 1}` : [])));
        const tree = treeRows(all, { ...VIEW, text: 'hit', folded }, new Map());
        const hits = all.filter(({ name }) => name === 'hit').map(({ pid }) => pid);
        const hitsShown = tree.filter(({ isContext }) => !isContext).map((one) => one.row.pid);
        expect(hitsShown.toSorted((a, b) => a - b)).toEqual(hits);
        for (const [index, one] of tree.entries()) {
          const parent = parentIndex(tree, index);
          if (parent !== null) expect(tree[parent]?.row.pid).toBe(one.row.ppid);
        }
      }),
    );
  });
});
