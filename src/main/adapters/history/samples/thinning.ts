import { downsample } from '../../../../shared/lib/format/downsample';
import type { LimitMetric } from '../../../../shared/findings';
import type { HistoryPoint } from '../../../../shared/model/snapshot';

/** One reading, or what is kept of several that lie in one bucket of time. */
export interface Bucket {
  /** From here on … */
  at: number;
  /** … for this long; 0 for a single reading. */
  spanMs: number;
  count: number;
  /** Mean, lowest and highest. */
  cpu: Triple;
  memory: Triple;
  load: number | null;
  /** Bytes per second; null where they were not measured. */
  diskRead: Triple | null;
  diskWrite: Triple | null;
  /** Further metrics that were measured, by name. */
  counts: Readonly<Partial<Record<LimitMetric, Triple>>>;
}

export type Triple = readonly [mean: number, low: number, high: number];

/**
 * Points for a chart, at most `points` (at least 10): single readings are thinned to the extremes among them, and what is
 * rolled up already is rolled up further, with exact means, lows and highs. `widthMs` is that of the finest buckets asked for.
 */
export function downsampleBuckets(
  buckets: readonly Bucket[],
  widthMs: number,
  points: number,
): readonly HistoryPoint[] {
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
  const total = (of: readonly Weighted<unknown>[]): number => of.reduce((sum, { count }) => sum + count, 0);
  const mean = (of: readonly Weighted<number>[]): number =>
    of.reduce((sum, { value, count }) => sum + value * count, 0) / total(of);
  const triple = (of: readonly Weighted<Triple>[]): Triple => [
    mean(of.map(({ value: [value], count }) => ({ value, count }))),
    Math.min(...of.map(({ value }) => value[1])),
    Math.max(...of.map(({ value }) => value[2])),
  ];
  /** Of those that have it. */
  const having = <T>(valueOf: (bucket: Bucket) => T | null): Weighted<T>[] =>
    buckets.flatMap((bucket) => {
      const value = valueOf(bucket);
      return value === null ? [] : [{ value, count: bucket.count }];
    });
  const [loads, reads, writes] = [
    having(({ load }) => load),
    having(({ diskRead }) => diskRead),
    having(({ diskWrite }) => diskWrite),
  ];
  return {
    at: first.at,
    spanMs: last.at + last.spanMs - first.at,
    count: buckets.reduce((sum, { count }) => sum + count, 0),
    cpu: triple(having(({ cpu }) => cpu)),
    memory: triple(having(({ memory }) => memory)),
    load: loads.length === 0 ? null : mean(loads),
    diskRead: reads.length === 0 ? null : triple(reads),
    diskWrite: writes.length === 0 ? null : triple(writes),
    counts: Object.fromEntries(
      metricsOf(buckets).map((metric) => [metric, triple(having(({ counts }) => counts[metric] ?? null))]),
    ),
  };
}

function metricsOf(buckets: readonly Bucket[]): readonly LimitMetric[] {
  return [...new Set(buckets.flatMap(({ counts }) => Object.keys(counts) as LimitMetric[]))];
}

interface Weighted<T> {
  value: T;
  count: number;
}

/** What a client gets of it. */
export function pointOf({ at, spanMs, cpu, memory, load, diskRead, diskWrite, counts }: Bucket): HistoryPoint {
  const hasCounts = Object.keys(counts).length > 0;
  return {
    at: at + Math.round(spanMs / 2),
    cpuPercent: cpu[0],
    memoryBytes: Math.round(memory[0]),
    ...(load !== null && { load }),
    ...(diskRead !== null && { diskReadBytesPerSecond: diskRead[0] }),
    ...(diskWrite !== null && { diskWriteBytesPerSecond: diskWrite[0] }),
    ...(hasCounts && { counts: mapped(counts, ([mean]) => mean) }),
    ...(spanMs > 0 && {
      spread: {
        spanMs,
        cpuPercent: [cpu[1], cpu[2]],
        memoryBytes: [memory[1], memory[2]],
        ...(diskRead !== null && { diskReadBytesPerSecond: [diskRead[1], diskRead[2]] }),
        ...(diskWrite !== null && { diskWriteBytesPerSecond: [diskWrite[1], diskWrite[2]] }),
        ...(hasCounts && { counts: mapped(counts, ([, low, high]) => [low, high] as const) }),
      },
    }),
  };
}

function mapped<T>(counts: Bucket['counts'], value: (triple: Triple) => T): Partial<Record<LimitMetric, T>> {
  return Object.fromEntries(Object.entries(counts).map(([metric, triple]) => [metric, value(triple)]));
}
