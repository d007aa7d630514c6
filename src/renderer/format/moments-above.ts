import type { Settings } from '../../shared/model/settings';
import type { HistoryPoint } from '../../shared/model/snapshot';

/** In how many moments something was above its limits. One above the limit is above the warning, too. */
export interface MomentsAbove {
  moments: number;
  cpu: { warn: number; act: number };
  memory: { warn: number; act: number };
}

/** Holds each moment alone against the limits; a limit that is not set is never exceeded. */
export function exceedancesOf(points: readonly HistoryPoint[], settings: Settings): MomentsAbove {
  const above = (value: (point: HistoryPoint) => number, limit: number | null): number =>
    limit === null ? 0 : points.filter((point) => value(point) > limit).length;
  const cpu = (point: HistoryPoint): number => point.cpuPercent;
  const memory = (point: HistoryPoint): number => point.memoryBytes;
  return {
    moments: points.length,
    cpu: { warn: above(cpu, settings['cpu.warnPercent']), act: above(cpu, settings['cpu.limitPercent']) },
    memory: { warn: above(memory, settings['memory.warnBytes']), act: above(memory, settings['memory.limitBytes']) },
  };
}
