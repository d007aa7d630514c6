import { downsample } from '../../../shared/lib/downsample';
import type { HistoryPoint } from '../../../shared/model/snapshot';

/** One reading, or what is kept of several that lie in one bucket of time. */
export interface Bucket {
  /** From here on … */
  at: number;
  /** … for so long; 0 for a single reading. */
  spanMs: number;
  count: number;
  /** Mean, lowest and highest. */
  cpu: Triple;
  memory: Triple;
  load: number | null;
}

type Triple = readonly [mean: number, low: number, high: number];

/**
 * Points for a chart, at most `points` (at least 10): single readings are thinned to the extremes among them, and what is
 * rolled up already is rolled up further, with exact means, lows and highs. `widthMs` is that of the finest buckets asked for.
 */
export function thin(buckets: readonly Bucket[], widthMs: number, points: number): readonly HistoryPoint[] {
  if (buckets.every(({ spanMs }) => spanMs === 0)) return downsample(buckets.map(pointOf), points);
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (buckets.length <= points) return buckets.map(pointOf);
  const unitMs = Math.max(widthMs, 1);
  // One bucket less, since the first may begin in the middle of one.
  const bucketMs = unitMs * Math.ceil((last.at + 1 - first.at) / unitMs / (points - 1));
  const merged: Bucket[] = [];
  let group: Bucket[] = [];
  for (const bucket of buckets) {
    if (group[0] !== undefined && Math.floor(bucket.at / bucketMs) !== Math.floor(group[0].at / bucketMs)) {
      merged.push(merge(group));
      group = [];
    }
    group.push(bucket);
  }
  merged.push(merge(group));
  return merged.map(pointOf);
}

/** Several buckets, in order of time and at least one, as one. */
export function merge(buckets: readonly Bucket[]): Bucket {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) throw new Error('expected at least one bucket');
  const total = (of: readonly Bucket[]): number => of.reduce((sum, { count }) => sum + count, 0);
  const mean = (of: readonly Bucket[], value: (bucket: Bucket) => number): number =>
    of.reduce((sum, bucket) => sum + value(bucket) * bucket.count, 0) / total(of);
  const triple = (value: (bucket: Bucket) => Triple): Triple => [
    mean(buckets, (bucket) => value(bucket)[0]),
    Math.min(...buckets.map((bucket) => value(bucket)[1])),
    Math.max(...buckets.map((bucket) => value(bucket)[2])),
  ];
  const loaded = buckets.filter(({ load }) => load !== null);
  return {
    at: first.at,
    spanMs: last.at + last.spanMs - first.at,
    count: total(buckets),
    cpu: triple(({ cpu }) => cpu),
    memory: triple(({ memory }) => memory),
    load: loaded.length === 0 ? null : mean(loaded, ({ load }) => load ?? 0),
  };
}

function pointOf({ at, spanMs, cpu, memory, load }: Bucket): HistoryPoint {
  return {
    at: at + Math.round(spanMs / 2),
    cpuPercent: cpu[0],
    memoryBytes: Math.round(memory[0]),
    ...(load !== null && { load }),
    ...(spanMs > 0 && { spread: { spanMs, cpuPercent: [cpu[1], cpu[2]], memoryBytes: [memory[1], memory[2]] } }),
  };
}
