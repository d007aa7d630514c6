import { beforeEach, describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../../../shared/model/process';
import { sampleOf } from '../../../engine/testing/sample';
import { TableRecorder } from './table-recorder';
import type { TableMoment } from './table-writer';

const START = 1_790_000_000_000;
const TICK = 2000;
let written: TableMoment[];
let recorder: TableRecorder;
let now: number;

beforeEach(() => {
  written = [];
  recorder = new TableRecorder((moments) => written.push(...moments));
  now = START - TICK;
});

const row = (pid: number): ProcessRow => ({ ...sampleOf({ pid }), watchId: null, protectionReason: null });

/** So many scans, each over the same processes. */
function pass(count: number, ...pids: number[]): void {
  for (let i = 0; i < count; i += 1) recorder.onPass((now += TICK), pids.map(row));
}
const seconds = () => written.map(({ at }) => (at - START) / 1000);

describe('the recorder of the process table', () => {
  it('keeps a pass every 10 s while nothing happens', () => {
    pass(31, 1);
    expect(seconds()).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  it('keeps every pass from 30 s before an incident to 60 s after it, each once', () => {
    pass(26, 1);
    recorder.onEvents(now, [{ type: 'notice' }, { type: 'crash_detected' }]);
    pass(45, 1);
    const close = seconds().filter((at) => at >= 20 && at <= 110);
    expect([...new Set(close)].sort((one, other) => one - other)).toEqual(
      Array.from({ length: 46 }, (_, index) => 20 + 2 * index),
    );
    expect(new Set(seconds()).size).toBe(written.length);
    expect(seconds().filter((at) => at > 110)).toEqual([120, 130, 140]);
  });

  it('does nothing at the moment of the incident itself: the next pass writes', () => {
    pass(4, 1);
    recorder.onEvents(now, [{ type: 'killed' }]);
    expect(written).toHaveLength(1);
    pass(1, 1);
    expect(seconds()).toEqual([0, 2, 4, 6, 8]);
  });

  it('tells who ended since the moment before, also those that lived between two moments only', () => {
    pass(1, 1, 2);
    pass(1, 1, 2, 3);
    pass(1, 1, 2);
    pass(2, 1);
    pass(1, 1);
    expect(seconds()).toEqual([0, 10]);
    expect(written[1]?.rows.map(({ pid }) => pid)).toEqual([1]);
    expect(written[1]?.ended.map(({ pid, endedAt }) => [pid, (endedAt - START) / 1000])).toEqual([
      [3, 4],
      [2, 6],
    ]);
  });

  it('begins anew when the wall clock was set back, and after a pause', () => {
    pass(3, 1, 2);
    now -= 3_600_000;
    pass(1, 1);
    expect(written.at(-1)).toMatchObject({ at: now, ended: [] });
    recorder.forget();
    pass(1, 9);
    expect(written.at(-1)).toMatchObject({ at: now, ended: [] });
    expect(written).toHaveLength(3);
  });

  it('takes one of two passes in the same millisecond, and forgets nothing for it', () => {
    pass(3, 1);
    recorder.onPass(now, [row(1), row(2)]);
    recorder.onEvents(now, [{ type: 'crash_detected' }]);
    pass(1, 1);
    expect(seconds()).toEqual([0, 2, 4, 6]);
  });

  it("loses a moment that can't be written, and goes on", () => {
    let full = true;
    recorder = new TableRecorder((moments) => {
      if (full) throw new Error('disk full');
      written.push(...moments);
    });
    expect(() => pass(1, 1)).toThrow('disk full');
    full = false;
    pass(5, 1);
    expect(seconds()).toEqual([10]);
  });
});
