import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchStatus } from '../testing/samples';
import { appendPoint, chartRows, seedSeries, SERIES_POINTS, watchPoint, type Series } from './series';

const empty = (rangeMs: number): Series => ({ watchId: null, rangeMs, points: [], loaded: false });
const point = (at: number) => ({ at, cpuPercent: 1, memoryBytes: 1 });

describe('readings of a chart', () => {
  it('put the past before what came in meanwhile', () => {
    const series = seedSeries(appendPoint(appendPoint(empty(10_000), point(4000)), point(6000)), [
      point(2000),
      point(4000),
    ]);
    expect(series).toMatchObject({ loaded: true, points: [point(2000), point(4000), point(6000)] });
  });

  it('rise in time, stay within the range and are bounded, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { maxLength: 3000 }), (times) => {
        const series = times.reduce((one, at) => appendPoint(one, point(at)), empty(60_000));
        const ats = series.points.map((one) => one.at);
        expect(ats).toEqual([...new Set(ats)].toSorted((a, b) => a - b));
        expect((ats.at(-1) ?? 0) - (ats[0] ?? 0)).toBeLessThanOrEqual(60_000);
      }),
    );
    const long = Array.from({ length: 50_000 }, (_, index) => index * 2000).reduce(
      (one, at) => appendPoint(one, point(at)),
      empty(24 * 3_600_000),
    );
    expect(long.points.length).toBeLessThanOrEqual(SERIES_POINTS + 2);
    expect(long.points.at(-1)?.at).toBe(49_999 * 2000);
  });

  it('draw a time without readings as a gap', () => {
    const rows = chartRows([0, 2000, 4000, 60_000, 62_000].map(point), 2000);
    expect(rows.map((row) => row.cpuPercent)).toEqual([1, 1, 1, null, null, 1, 1]);
    expect(chartRows([0, 2000, 4000, 8000].map(point), 2000).every((row) => row.cpuPercent !== null)).toBe(true);
  });

  it('sum over the processes of a watch, and are none when none lives', () => {
    const status = watchStatus({ id: 'a', processes: 2 });
    expect(watchPoint({ ...status, processes: [] }, 5)).toBeNull();
    expect(watchPoint(status, 5)).toMatchObject({ at: 5 });
  });
});
