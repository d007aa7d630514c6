import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryPoint } from '../../model/snapshot';
import { downsample, splitAtGaps } from './downsample';

const readings = fc
  .array(
    fc.record({
      stepMs: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5_000_000 })),
      cpuPercent: fc.float({ min: 0, max: 800, noNaN: true }),
      memoryBytes: fc.nat(),
      disk: fc.option(fc.nat(), { nil: undefined }),
    }),
    { maxLength: 400 },
  )
  .map((steps) => {
    let at = 1_700_000_000_000;
    return steps.map(({ stepMs, cpuPercent, memoryBytes, disk }): HistoryPoint => ({
      at: (at += stepMs),
      cpuPercent,
      memoryBytes,
      ...(disk !== undefined && { diskReadBytesPerSecond: disk, diskWriteBytesPerSecond: disk }),
    }));
  });

const steady = (count: number, intervalMs: number, from = 0): HistoryPoint[] =>
  Array.from({ length: count }, (_, i) => ({
    at: from + i * intervalMs,
    cpuPercent: i % 7,
    memoryBytes: 1000 + (i % 11),
  }));

describe('thinning readings', () => {
  it('keeps only real readings, in order, at most as many as asked for, with first, last and all extremes', () => {
    fc.assert(
      fc.property(readings, fc.integer({ min: 10, max: 200 }), (points, maxPoints) => {
        const thinned = downsample(points, maxPoints);
        expect(thinned.length).toBeLessThanOrEqual(Math.max(maxPoints, 0));
        expect(thinned.every((point) => points.includes(point))).toBe(true);
        expect(thinned.every((point, i) => i === 0 || point.at > (thinned[i - 1]?.at ?? 0))).toBe(true);
        expect(thinned[0]).toBe(points[0]);
        expect(thinned.at(-1)).toBe(points.at(-1));
        const values = [
          (p: HistoryPoint) => p.cpuPercent,
          (p: HistoryPoint) => p.memoryBytes,
          (p: HistoryPoint) => p.diskWriteBytesPerSecond ?? NaN,
        ];
        for (const of of values) {
          const [kept, all] = [thinned, points].map((some) => some.map(of).filter((value) => !Number.isNaN(value)));
          expect(Math.max(...(kept ?? []))).toBe(Math.max(...(all ?? [])));
          expect(Math.min(...(kept ?? []))).toBe(Math.min(...(all ?? [])));
        }
      }),
    );
  });

  it('keeps a spike of one reading in a day', () => {
    const day = steady(43_200, 2000);
    const spike: HistoryPoint = { at: day[20_000]?.at ?? 0, cpuPercent: 400, memoryBytes: 1005 };
    day[20_000] = spike;
    const thinned = downsample(day, 600);
    expect(thinned.length).toBeLessThanOrEqual(600);
    expect(thinned).toContain(spike);
  });

  it('leaves short series as they are', () => {
    const points = steady(10, 2000);
    expect(downsample(points, 10)).toBe(points);
    expect(downsample([], 10)).toEqual([]);
  });
});

describe('gaps', () => {
  it('stay gaps, before and after thinning', () => {
    const points = [...steady(5000, 2000), ...steady(5000, 2000, 5000 * 2000 + 3_600_000)];
    for (const maxPoints of [20_000, 600]) {
      const segments = splitAtGaps(downsample(points, maxPoints), { intervalMs: 2000, maxPoints });
      expect(segments).toHaveLength(2);
      expect(segments[0]?.at(-1)?.at).toBeLessThan(5000 * 2000);
      expect(segments[1]?.[0]?.at).toBeGreaterThanOrEqual(5000 * 2000 + 3_600_000);
    }
  });

  it('are not seen where every reading is there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 10, max: 300 }), (count, maxPoints) => {
        const thinned = downsample(steady(count, 2000), maxPoints);
        expect(splitAtGaps(thinned, { intervalMs: 2000, maxPoints })).toHaveLength(1);
      }),
    );
  });

  it('lose no reading', () => {
    fc.assert(
      fc.property(readings, (points) => {
        expect(splitAtGaps(points, { intervalMs: 2000, maxPoints: 600 }).flat()).toEqual(points);
      }),
    );
  });
});
