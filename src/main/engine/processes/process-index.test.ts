import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexOf } from '../testing/sample';

describe('a pass over the process table', () => {
  const index = indexOf({ pid: 1, ppid: 0 }, { pid: 10 }, { pid: 11, ppid: 10 }, { pid: 12, ppid: 11 }, { pid: 20 });

  it('finds a process by pid and start time, never by pid alone', () => {
    expect(index.find({ pid: 10, startTime: 10 })?.pid).toBe(10);
    expect(index.find({ pid: 10, startTime: 9 })).toBeNull();
  });

  it('knows descendants, parents first, and ancestors, parent first', () => {
    expect(index.descendantsOf(10).map(({ pid }) => pid)).toEqual([11, 12]);
    expect(index.ancestorsOf(12).map(({ pid }) => pid)).toEqual([11, 10, 1]);
    expect(index.descendantsOf(20)).toEqual([]);
  });

  it('counts to the tree of a session leader who was handed to init, and nobody of another session', () => {
    const orphaned = indexOf(
      { pid: 10 },
      { pid: 11, ppid: 10, session: 10 },
      { pid: 12, session: 10 },
      { pid: 13, ppid: 12, session: 13 },
      { pid: 20 },
    );
    const treeOf = (pid: number) => {
      const root = orphaned.byPidOrNull(pid);
      return root === null ? [] : orphaned.treeBelow(root).map((sample) => sample.pid);
    };
    expect(treeOf(10)).toEqual([11, 12, 13]);
    expect(treeOf(11)).toEqual([]);
    expect(treeOf(20)).toEqual([]);
  });

  it('comes to an end whatever the parents are, circles included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 })), { maxLength: 12 }),
        (pairs) => {
          const samples = [...new Map(pairs).entries()].map(([pid, ppid]) => ({ pid, ppid }));
          const any = indexOf(...samples);
          for (const { pid } of samples) {
            expect(any.descendantsOf(pid).some((other) => other.pid === pid)).toBe(false);
            expect(any.ancestorsOf(pid).length).toBeLessThanOrEqual(8);
          }
        },
      ),
    );
  });
});
