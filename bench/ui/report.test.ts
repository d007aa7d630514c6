import { describe, expect, it } from 'vitest';
import { nextPaint } from './clicks.mjs';
import { judge, report } from './report.mjs';
import { framesPerSecond, readTrace } from './trace.mjs';

describe('the report of the dashboard bench', () => {
  it.each([
    [
      { value: 1200, atMost: 1500 },
      { ratio: 0.8, ok: true },
    ],
    [
      { value: 1500, atMost: 1500 },
      { ratio: 1, ok: true },
    ],
    [
      { value: 3000, atMost: 1500 },
      { ratio: 2, ok: false },
    ],
    [
      { value: 60, atLeast: 57 },
      { ratio: 0.95, ok: true },
    ],
    [
      { value: 30, atLeast: 57 },
      { ratio: 1.9, ok: false },
    ],
    [
      { value: 0, atLeast: 57 },
      { ratio: Infinity, ok: false },
    ],
    [
      { value: -3, atMost: 10 },
      { ratio: 0, ok: true },
    ],
  ])('holds %j against its limit', (row, verdict) => expect(judge(row)).toEqual(verdict));

  it('says which limit was missed', () => {
    const lines = report([
      { name: 'Quick', unit: 'ms', value: 40, atMost: 100 },
      { name: 'Slow', unit: 'ms', value: 140, atMost: 100 },
    ]).split('\n');
    expect(lines[1]).toMatch(/^Quick +40 ms +≤ 100 ms +0.40 +ok$/);
    expect(lines[2]).toMatch(/^Slow +140 ms +≤ 100 ms +1.40 +MISSED$/);
  });
});

describe('what a trace says', () => {
  const main = { pid: 1, tid: 2 };
  const task = (ts: number, tdur: number, where = main) => ({ ...where, name: 'RunTask', ph: 'X', ts, tdur });
  const frame = (state: string) => ({ name: 'PipelineReporter', ph: 'b', args: { frame_reporter: { state } } });

  it('counts the work of the main thread only, frame by frame', () => {
    const { longestTaskMs, frameWorkMs } = readTrace([
      { ...main, name: 'thread_name', args: { name: 'CrRendererMain' } },
      { name: 'BeginMainThreadFrame', ts: 0 },
      { name: 'BeginMainThreadFrame', ts: 16_000 },
      ...[task(1000, 4000), task(6000, 3000), task(17_000, 6000), task(18_000, 90_000, { pid: 1, tid: 9 })],
    ]);
    expect({ longestTaskMs, frameWorkMs }).toEqual({ longestTaskMs: 6, frameWorkMs: 7 });
  });

  it('takes no frame for dropped that had nothing to show', () => {
    const states = ['STATE_PRESENTED_ALL', 'STATE_DROPPED', 'STATE_NO_UPDATE_DESIRED', 'STATE_PRESENTED_PARTIAL'];
    expect(readTrace([...states, 'STATE_PRESENTED_ALL'].map(frame)).droppedShare).toBe(0.25);
  });

  it('knows a rate of frames', () => {
    expect(framesPerSecond([0, 20, 40, 60])).toBe(50);
    expect(framesPerSecond([])).toBe(0);
  });

  it('leaves out one of each fifty interactions, as INP does', () => {
    const of = (...durations: number[]) => durations.map((duration) => ({ duration, name: '', what: '' }));
    expect(nextPaint(of(30, 90, 40)).duration).toBe(90);
    expect(nextPaint(of(...Array.from({ length: 60 }, (_, index) => index))).duration).toBe(58);
    expect(nextPaint([]).duration).toBe(0);
  });
});
