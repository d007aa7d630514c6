import { formatDuration } from '../../../../../shared/lib/format/duration';
import { formatBytes, formatRate } from '../../../../../shared/lib/format/values';
import { spanSeconds, type AnomalyOf, type EvidenceBase, type Reading } from '../detector';
import type { FloorWindow } from './floor-window';
import { forecastError } from './forecast';
import type { Growth, GrowthSearch } from './growth';

export interface LeakTrendEvidence extends EvidenceBase {
  rule: 'trend';
  bytesPerSecond: number;
  grownBytes: number;
  tau: number;
  limitBytes: number;
  limitInMs: number;
  /** The true time is at most this far from `limitInMs`, in four of five cases at least. */
  limitUncertaintyMs: number;
}

/** A growth that is a leak, and where it leads. */
export interface Leak {
  floors: FloorWindow;
  growth: Growth;
  search: GrowthSearch;
  limitBytes: number;
  limitInMs: number;
  /** The limit is so far away, or the growth allowed, that the leak is for people to see. */
  isFar: boolean;
}

export function leakAnomaly({
  floors,
  growth,
  search,
  limitBytes,
  limitInMs,
  isFar,
}: Leak): AnomalyOf<'memory_leak', LeakTrendEvidence> {
  const { epochMs } = floors;
  const samples: Reading[] = [];
  for (let back = floors.length - 1; back >= 0; back--) {
    samples.push({ atMs: floors.closedAtMs - back * epochMs, value: floors.floor(back) });
  }
  const first = floors.floor(growth.run - 1);
  const last = floors.floor(0);
  const spanMs = (growth.run - 1) * epochMs;
  const limitUncertaintyMs = limitInMs * forecastError(floors, growth.run);
  const bytesPerSecond = (growth.slope / epochMs) * 1000;
  return {
    anomaly: 'memory_leak',
    severity: isFar ? 'medium' : 'high',
    message:
      `Memory grows by ${formatRate(bytesPerSecond)}: its lowest readings rose from ${formatBytes(first)} to ${formatBytes(last)} in ` +
      `${formatDuration(spanMs)} and would reach ${formatBytes(limitBytes)} ` +
      `${limitInMs > 0 ? `in ${formatDuration(limitInMs)} ± ${formatDuration(limitUncertaintyMs)}` : 'now'}.`,
    evidence: {
      rule: 'trend',
      samples,
      unit: 'bytes',
      threshold: first + growth.wantedBytes,
      thresholdText: `${search.words(growth, epochMs)}, the limit within ${formatDuration(search.horizonMs)}`,
      windowSeconds: spanSeconds(samples),
      bytesPerSecond,
      grownBytes: growth.grownBytes,
      tau: growth.tau,
      limitBytes,
      limitInMs,
      limitUncertaintyMs,
    },
  };
}
