import type { Probe } from '../../shared/model/probe';
import type { ProbeHistory } from '../../shared/model/probe-history';
import type { ChartRow } from './series';

/**
 * Latencies as rows of a chart that ends at `now`: a time in which nobody asked is a gap. Where attempts lie further apart than the
 * spans, only a longer time than three of them is one.
 */
export function latencyRows(
  { buckets, spanMs }: Pick<ProbeHistory, 'buckets' | 'spanMs'>,
  { intervalMs, timeoutMs }: Pick<Probe, 'intervalMs' | 'timeoutMs'>,
  now: number,
): readonly ChartRow[] {
  const gapMs = Math.max(spanMs, 3 * (intervalMs + timeoutMs));
  const rows: ChartRow[] = [];
  const gap = (at: number) => rows.push({ at, cpuPercent: null, memoryBytes: null });
  for (const { at, latencyMs } of buckets) {
    const last = rows.at(-1);
    const middle = Math.min(at + spanMs / 2, now);
    if (latencyMs === null || middle <= (last?.at ?? -Infinity)) continue;
    if (last !== undefined && middle - last.at > gapMs) {
      gap(last.at + 1);
      gap(middle - 1);
    }
    rows.push({
      ...{ at: middle, cpuPercent: null, memoryBytes: null, latencyMs: latencyMs.mean },
      spread: { spanMs, latencyMs: [latencyMs.lowest, latencyMs.highest] },
    });
  }
  const last = rows.at(-1);
  if (last !== undefined && now - last.at > gapMs) {
    gap(last.at + 1);
    gap(now);
  }
  return rows;
}
