import type { HistoryPoint, MachineSample, PointSpread, WatchStatus } from '../../shared/model/snapshot';
import { machineCpuPercent } from '../../shared/lib/machine-cpu';

/** The readings behind one chart: of one watch, or of the machine. */
export interface Series {
  /** null for the machine. */
  watchId: string | null;
  rangeMs: number;
  /** Oldest first, at rising times. */
  points: readonly HistoryPoint[];
  /** False until the history has been read once. */
  loaded: boolean;
}

/** Points kept for a chart: more than its pixels would show nothing more. */
export const SERIES_POINTS = 600;

/** The key under which a chart's readings are kept. */
export function seriesKey(watchId: string | null, rangeMs: number): string {
  return `${watchId ?? 'machine'}/${rangeMs}`;
}

/** Readings of the past put before those that came in live meanwhile. */
export function seedSeries(series: Series, history: readonly HistoryPoint[]): Series {
  const lastKnown = history.at(-1)?.at ?? -Infinity;
  const points = [...history, ...series.points.filter((point) => point.at > lastKnown)];
  return { ...series, points: trim(points, series.rangeMs), loaded: true };
}

/** A live reading at the end. One that is not newer than the last changes nothing; long ranges take only what they can show. */
export function appendPoint(series: Series, point: HistoryPoint): Series {
  const last = series.points.at(-1);
  if (last !== undefined && point.at <= last.at) return series;
  const before = series.points.at(-2);
  const spacing = series.rangeMs / SERIES_POINTS;
  // In a long range the newest point moves until it stands apart from the one before it: the number of points stays bounded.
  const replacesLast = last !== undefined && before !== undefined && last.at - before.at < spacing;
  const points = [...(replacesLast ? series.points.slice(0, -1) : series.points), point];
  return { ...series, points: trim(points, series.rangeMs) };
}

function trim(points: readonly HistoryPoint[], rangeMs: number): readonly HistoryPoint[] {
  const newest = points.at(-1);
  if (newest === undefined) return points;
  const from = newest.at - rangeMs;
  const first = points.findIndex((point) => point.at >= from);
  return first <= 0 ? points : points.slice(first);
}

/** The machine's reading as a point of a chart: CPU in % of all cores together. */
export function machinePoint(machine: MachineSample): HistoryPoint {
  const { at, memoryUsedBytes: memoryBytes, diskReadBytesPerSecond: read, diskWriteBytesPerSecond: written } = machine;
  const [load] = machine.loadAverages;
  return {
    ...{ at, cpuPercent: machineCpuPercent(machine), memoryBytes, load },
    ...(read === undefined ? {} : { diskReadBytesPerSecond: read }),
    ...(written === undefined ? {} : { diskWriteBytesPerSecond: written }),
  };
}

/** What a watch uses; null when none lives, which a chart shows as a gap. */
export function watchPoint(status: WatchStatus, at: number): HistoryPoint | null {
  if (status.processes.length === 0) return null;
  return { at, ...status.use };
}

type RowSpread = Pick<PointSpread, 'spanMs'> & Partial<PointSpread> & { latencyMs?: readonly [number, number] };

/** One row of a chart; nulls are a gap. */
export interface ChartRow {
  at: number;
  cpuPercent: number | null;
  memoryBytes: number | null;
  /** Of the machine only. */
  load?: number;
  /** Of watches with a disk limit. */
  diskReadBytesPerSecond?: number;
  diskWriteBytesPerSecond?: number;
  /** Of probes. */
  latencyMs?: number;
  /** Of watches with a limit of such a metric. */
  counts?: HistoryPoint['counts'];
  /** Between which values the readings lay, where the row stands for several. */
  spread?: RowSpread;
}

/**
 * Rows for a chart, with an empty one wherever readings are missing: a time without readings is drawn as a gap, never as a
 * line. "Missing" is more than three times the usual distance of these points, and never less than three intervals.
 */
export function chartRows(points: readonly HistoryPoint[], intervalMs: number): ChartRow[] {
  const distances = points.slice(1).map((point, index) => point.at - (points[index]?.at ?? point.at));
  const usual = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? intervalMs;
  const limit = 3 * Math.max(usual, intervalMs);
  const rows: ChartRow[] = [];
  for (const point of points) {
    const last = rows.at(-1);
    if (last !== undefined && point.at - last.at > limit) {
      rows.push({ at: last.at + 1, cpuPercent: null, memoryBytes: null });
      rows.push({ at: point.at - 1, cpuPercent: null, memoryBytes: null });
    }
    rows.push(point);
  }
  return rows;
}
