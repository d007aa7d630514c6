import fc from 'fast-check';
import { expect, it } from 'vitest';
import { merge, downsampleBuckets, type Bucket } from './thinning';

const MINUTE = 60_000;

/** Minutes of which some are missing, with readings of a bounded size so that means are exact enough to compare. */
const minutes = fc
  .array(
    fc.record({
      skip: fc.integer({ min: 1, max: 40 }),
      count: fc.integer({ min: 1, max: 30 }),
      cpu: fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })),
      load: fc.option(fc.integer({ min: 0, max: 8 })),
      disk: fc.option(fc.integer({ min: 0, max: 90 })),
    }),
    { minLength: 1, maxLength: 300 },
  )
  .map((items) => {
    let at = 1_790_000_040_000;
    return items.map(({ skip, count, cpu: [mean, below, above], load, disk }): Bucket => {
      at += skip * MINUTE;
      const triple = [mean, mean - below, mean + above] as const;
      const diskWrite = disk === null ? null : ([disk, disk - below, disk + above] as const);
      const counts = diskWrite === null ? {} : { sockets: diskWrite };
      return { at, spanMs: MINUTE, count, cpu: triple, memory: triple, load, diskRead: null, diskWrite, counts };
    });
  });

it('merges to the same however it is grouped: nothing is counted twice or lost', () => {
  fc.assert(
    fc.property(minutes, fc.integer({ min: 1, max: 300 }), (buckets, cut) => {
      const parts = [buckets.slice(0, cut), buckets.slice(cut)].filter((part) => part.length > 0);
      const [direct, staged] = [merge(buckets), merge(parts.map(merge))];
      expect(staged.count).toBe(direct.count);
      expect(staged.cpu[0]).toBeCloseTo(direct.cpu[0], 6);
      expect(staged.cpu.slice(1)).toEqual(direct.cpu.slice(1));
      expect(staged.diskWrite?.slice(1)).toEqual(direct.diskWrite?.slice(1));
      expect([staged.at, staged.spanMs]).toEqual([direct.at, direct.spanMs]);
    }),
  );
});

it('gives at most the points asked for, in order, with the highest and lowest of all, and nothing where nothing was read', () => {
  fc.assert(
    fc.property(minutes, fc.integer({ min: 10, max: 200 }), (buckets, points) => {
      const thinned = downsampleBuckets(buckets, MINUTE, points);
      expect(thinned.length).toBeLessThanOrEqual(points);
      expect(thinned.map(({ at }) => at)).toEqual(thinned.map(({ at }) => at).sort((one, other) => one - other));
      expect(Math.max(...thinned.map(({ spread }) => spread?.cpuPercent[1] ?? NaN))).toBe(
        Math.max(...buckets.map(({ cpu }) => cpu[2])),
      );
      expect(Math.min(...thinned.map(({ spread }) => spread?.memoryBytes[0] ?? NaN))).toBe(
        Math.min(...buckets.map(({ memory }) => memory[1])),
      );
      for (const { at, spread } of thinned) {
        const [from, to] = [at - (spread?.spanMs ?? 0) / 2, at + (spread?.spanMs ?? 0) / 2];
        expect(buckets.some((bucket) => bucket.at >= from - 1 && bucket.at < to)).toBe(true);
      }
    }),
  );
});

it('leaves single readings as they were read, and keeps their peaks', () => {
  const readings = Array.from({ length: 1000 }, (_, i): Bucket => {
    const cpu = i === 500 ? 400 : i % 7;
    const disk = { diskRead: null, diskWrite: null, counts: {} };
    return { at: 1000 + i * 2000, spanMs: 0, count: 1, cpu: [cpu, cpu, cpu], memory: [i, i, i], load: 0.5, ...disk };
  });
  const thinned = downsampleBuckets(readings, 0, 100);
  expect(thinned.length).toBeLessThanOrEqual(100);
  expect(thinned).toContainEqual({ at: 1000 + 500 * 2000, cpuPercent: 400, memoryBytes: 500, load: 0.5 });
  expect(downsampleBuckets([], 0, 10)).toEqual([]);
});

it('knows no load and no rates of the disk where none were read', () => {
  const at = 1_790_000_040_000;
  const bucket: Bucket = {
    ...{ at, spanMs: MINUTE, count: 2, cpu: [1, 0, 2], memory: [3, 3, 3], load: null, diskRead: null, diskWrite: null },
    counts: {},
  };
  expect(downsampleBuckets([bucket], MINUTE, 10)).toEqual([
    {
      at: at + 30_000,
      cpuPercent: 1,
      memoryBytes: 3,
      spread: { spanMs: MINUTE, cpuPercent: [0, 2], memoryBytes: [3, 3] },
    },
  ]);
  expect(merge([bucket, { ...bucket, load: 4 }]).load).toBe(4);
  const rated: Bucket = { ...bucket, count: 30, diskRead: [0, 0, 0], diskWrite: [4e6, 1e6, 9e6] };
  expect(downsampleBuckets([merge([bucket, rated])], MINUTE, 10)).toMatchObject([
    { diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 4e6, spread: { diskWriteBytesPerSecond: [1e6, 9e6] } },
  ]);
});
