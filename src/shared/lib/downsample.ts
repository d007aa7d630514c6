import type { HistoryPoint } from '../model/snapshot';

/**
 * Thins readings, in order of time, to at most `maxPoints` real ones (never means: a spike must stay as high as it was).
 * The time is cut into equal buckets, and each keeps its lowest and highest reading of cpu and of memory; the first and
 * the last reading always stay. Nothing is put where nothing was read, so a time without readings stays empty: see
 * `splitAtGaps`. `maxPoints` is at least 10.
 */
export function downsample(points: readonly HistoryPoint[], maxPoints: number): readonly HistoryPoint[] {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length <= maxPoints) return points;
  const width = bucketWidthMs(last.at - first.at, maxPoints);

  const kept: HistoryPoint[] = [first];
  let bucket: Extremes | null = null;
  let bucketNumber = -1;
  for (const point of points.slice(1, -1)) {
    const number = Math.min(Math.floor((point.at - first.at) / width), bucketCount(maxPoints) - 1);
    if (bucket === null || number !== bucketNumber) {
      if (bucket !== null) kept.push(...inOrder(bucket));
      bucket = { lowCpu: point, highCpu: point, lowMemory: point, highMemory: point };
      bucketNumber = number;
      continue;
    }
    if (point.cpuPercent < bucket.lowCpu.cpuPercent) bucket.lowCpu = point;
    if (point.cpuPercent > bucket.highCpu.cpuPercent) bucket.highCpu = point;
    if (point.memoryBytes < bucket.lowMemory.memoryBytes) bucket.lowMemory = point;
    if (point.memoryBytes > bucket.highMemory.memoryBytes) bucket.highMemory = point;
  }
  if (bucket !== null) kept.push(...inOrder(bucket));
  kept.push(last);
  return kept;
}

/**
 * Cuts thinned readings where nothing was read, so that a chart does not draw a line over a time in which the machine
 * slept or no engine ran. `intervalMs` is the time between two readings; `maxPoints` what the readings were thinned to.
 * A gap shorter than two buckets can't be told from thinning and is joined.
 */
export function splitAtGaps(
  points: readonly HistoryPoint[],
  options: { intervalMs: number; maxPoints: number },
): readonly (readonly HistoryPoint[])[] {
  const spanMs = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  // Three intervals: the same patience with a late tick as the engine has. Two buckets: each that was read in kept one.
  const limitMs = Math.max(3 * options.intervalMs, 2 * bucketWidthMs(spanMs, options.maxPoints));
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

interface Extremes {
  lowCpu: HistoryPoint;
  highCpu: HistoryPoint;
  lowMemory: HistoryPoint;
  highMemory: HistoryPoint;
}

/** Four points a bucket at most, and two for the ends. */
function bucketCount(maxPoints: number): number {
  return Math.max(1, Math.floor((maxPoints - 2) / 4));
}

function bucketWidthMs(spanMs: number, maxPoints: number): number {
  return Math.max(spanMs / bucketCount(maxPoints), Number.MIN_VALUE);
}

function inOrder(bucket: Extremes): readonly HistoryPoint[] {
  return [...new Set([bucket.lowCpu, bucket.highCpu, bucket.lowMemory, bucket.highMemory])].sort((a, b) => a.at - b.at);
}
