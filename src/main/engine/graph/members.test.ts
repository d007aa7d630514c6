import { describe, expect, it } from 'vitest';
import type { ProcessIndex } from '../processes/process-index';
import { indexOf as scanOf } from '../testing/sample';
import { membersOf } from './members';

/** A machine by pid and parent; a third number is a session. */
function indexOf(...processes: readonly (readonly [pid: number, ppid: number, session?: number])[]): ProcessIndex {
  return scanOf(...processes.map(([pid, ppid, session = 1]) => ({ pid, ppid, session })));
}
const root = (watch: string, pid: number) => ({ watch, processes: [{ pid, startTime: pid }] });
const found = (index: ProcessIndex, ...kept: ReturnType<typeof root>[]) =>
  membersOf(kept, index).map(({ pid, watch }) => [pid, watch]);

describe('the processes of watches', () => {
  it('are their trees, and what is left in their sessions', () => {
    const index = indexOf([1, 0], [10, 1, 10], [11, 10], [12, 11], [13, 1, 10], [20, 1]);
    expect(found(index, root('web', 10))).toEqual([
      [10, 'web'],
      [11, 'web'],
      [12, 'web'],
      [13, 'web'],
    ]);
  });

  it('below two watches are those of the nearest one, in any order', () => {
    const index = indexOf([10, 1, 10], [11, 10, 10], [12, 11, 10]);
    const [outer, inner] = [root('supervisor', 10), root('worker', 11)];
    const expected = [
      [10, 'supervisor'],
      [11, 'worker'],
      [12, 'worker'],
    ];
    expect(found(index, outer, inner)).toEqual(expected);
    expect(found(index, inner, outer)).toEqual(expected);
  });

  it('are not those of another process with the pid', () => {
    const kept = { watch: 'web', processes: [{ pid: 10, startTime: 9 }] };
    expect(membersOf([kept], indexOf([10, 1], [11, 10]))).toEqual([]);
  });
});
