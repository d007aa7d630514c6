import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessSample } from '../../model/process';
import { ancestorsOf, buildForest, subtree } from './process-tree';

function sample(pid: number, ppid: number, change: Partial<ProcessSample> = {}): ProcessSample {
  return {
    ...{ pid, ppid, startTime: pid, pgid: pid, session: pid, name: `p${pid}`, state: 'sleeping', kernel: false },
    ...{ cpuPercent: 1, rssBytes: 10, threads: 2, uid: 0, user: 'root', argv: [], startedAt: 0 },
    ...change,
  };
}

describe('the tree of processes', () => {
  it('puts children under their parents, with totals over all descendants', () => {
    const { roots, nodes } = buildForest([sample(4, 2), sample(1, 0), sample(2, 1), sample(3, 1), sample(9, 77)]);
    expect(roots.map(({ row }) => row.pid)).toEqual([1, 9]);
    const [init] = roots;
    if (init === undefined) throw new Error('no root');
    expect(init.total).toEqual({ cpuPercent: 4, rssBytes: 40, threads: 8, processes: 4 });
    expect(subtree(init).map(({ row }) => row.pid)).toEqual([1, 2, 3, 4]);
    const grandchild = nodes.find(({ row }) => row.pid === 4);
    expect(grandchild && ancestorsOf(grandchild).map(({ row }) => row.pid)).toEqual([2, 1]);
  });

  it('has no place under a process that is younger: the pid of its parent was reused', () => {
    const { roots } = buildForest([sample(2, 5), sample(5, 0, { startTime: 99 })]);
    expect(roots.map(({ row }) => row.pid)).toEqual([2, 5]);
  });

  it('holds two processes that had the same pid one after the other', () => {
    const { nodes } = buildForest([
      sample(7, 1, { startTime: 20 }),
      sample(7, 1, { startTime: 10 }),
      sample(8, 7, { startTime: 30 }),
    ]);
    expect(nodes).toHaveLength(3);
    expect(nodes.find(({ row }) => row.pid === 8)?.parent?.row.startTime).toBe(20);
  });

  it('holds every process once and loses none, whatever they claim to descend from', () => {
    const claims = fc.uniqueArray(fc.tuple(fc.nat(30), fc.nat(30), fc.nat(3)), { selector: ([pid]) => pid });
    fc.assert(
      fc.property(claims, (list) => {
        const { roots, nodes } = buildForest(list.map(([pid, ppid, startTime]) => sample(pid, ppid, { startTime })));
        expect(nodes.map(({ row }) => row.pid).sort()).toEqual(list.map(([pid]) => pid).sort());
        const total = roots.reduce((sum, root) => sum + root.total.processes, 0);
        expect(total).toBe(list.length);
        for (const node of nodes) expect(node.total.processes).toBe(subtree(node).length);
      }),
    );
  });
});
