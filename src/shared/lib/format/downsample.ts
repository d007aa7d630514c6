import type { LimitMetric } from '../../findings';
import type { HistoryPoint } from '../../model/snapshot';

/**
 * Thins readings, in order of time, to at most `maxPoints` real ones (never means: a spike must stay as high as it was).
 * The time is cut into equal buckets, and each keeps its lowest and highest reading of cpu and of memory, and of the disk's rates
 * where there are any; the first and the last reading always stay. Nothing is put where nothing was read, so a time without readings stays empty: see
 * `splitAtGaps`. `maxPoints` is at least 10.
 */
export function downsample(points: readonly HistoryPoint[], maxPoints: number): readonly HistoryPoint[] {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length <= maxPoints) return points;
  const values = valuesOf(points);
  const buckets = bucketCount(maxPoints, values.length);
  const width = bucketWidthMs(last.at - first.at, buckets);

  const kept: HistoryPoint[] = [first];
  let bucket: HistoryPoint[] = [];
  let bucketNumber = -1;
  for (const point of points.slice(1, -1)) {
    const number = Math.min(Math.floor((point.at - first.at) / width), buckets - 1);
    if (number !== bucketNumber) {
      kept.push(...extremes(bucket, values));
      bucket = [];
      bucketNumber = number;
    }
    bucket.push(point);
  }
  kept.push(...extremes(bucket, values), last);
  return kept;
}

/**
 * Cuts thinned readings where nothing was read, so that a chart does not draw a line over a time in which the machine
 * slept or no engine ran. `intervalMs` is the time between two readings; `maxPoints` what the readings were thinned to.
 * A gap shorter than two buckets can't be distinguished from thinning and is joined.
 */
export function splitAtGaps(
  points: readonly HistoryPoint[],
  options: { intervalMs: number; maxPoints: number },
): readonly (readonly HistoryPoint[])[] {
  const spanMs = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  const buckets = bucketCount(options.maxPoints, valuesOf(points).length);
  // Three intervals: the engine, too, tolerates a tick that late. Two buckets: each in which something was read kept one.
  const limitMs = Math.max(3 * options.intervalMs, 2 * bucketWidthMs(spanMs, buckets));
  const segments: HistoryPoint[][] = [];
  let before: HistoryPoint | null = null;
  for (const point of points) {
    const segment = segments.at(-1);
    if (segment === undefined || before === null || point.at - before.at > limitMs) segments.push([point]);
    else segment.push(point);
    before = point;
  }
  return segments;
}

type Value = (point: HistoryPoint) => number | undefined;

const ALWAYS: readonly Value[] = [({ cpuPercent }) => cpuPercent, ({ memoryBytes }) => memoryBytes];
const OF_DISK: readonly Value[] = [
  ({ diskReadBytesPerSecond }) => diskReadBytesPerSecond,
  ({ diskWriteBytesPerSecond }) => diskWriteBytesPerSecond,
];

/** What extremes are kept of. */
function valuesOf(points: readonly HistoryPoint[]): readonly Value[] {
  const disk = points.some((point) => point.diskReadBytesPerSecond !== undefined) ? OF_DISK : [];
  const metrics = [...new Set(points.flatMap(({ counts }) => Object.keys(counts ?? {}) as LimitMetric[]))];
  return [
    ...ALWAYS,
    ...disk,
    ...metrics.map(
      (metric): Value =>
        ({ counts }) =>
          counts?.[metric],
    ),
  ];
}

/** Two points of each value in a bucket at most, and two for the ends. */
function bucketCount(maxPoints: number, values: number): number {
  return Math.max(1, Math.floor((maxPoints - 2) / (2 * values)));
}

function bucketWidthMs(spanMs: number, buckets: number): number {
  return Math.max(spanMs / buckets, Number.MIN_VALUE);
}

/** The first lowest and the first highest of each value, in order of time. */
function extremes(bucket: readonly HistoryPoint[], values: readonly Value[]): readonly HistoryPoint[] {
  const kept = new Set<HistoryPoint>();
  for (const valueOf of values) {
    let low: HistoryPoint | null = null;
    let high: HistoryPoint | null = null;
    for (const point of bucket) {
      const value = valueOf(point);
      if (value === undefined) continue;
      if (low === null || value < (valueOf(low) ?? value)) low = point;
      if (high === null || value > (valueOf(high) ?? value)) high = point;
    }
    if (low !== null) kept.add(low);
    if (high !== null) kept.add(high);
  }
  return [...kept].sort((one, other) => one.at - other.at);
}
