import { formatDuration } from '../../../../../shared/lib/format/duration';
import { formatBytes, formatRatio } from '../../../../../shared/lib/format/values';
import { kendallTau, theilSenSlope } from '../order-statistics';
import type { FloorWindow } from './floor-window';
import type { GrowthSearch } from './growth';
import { REFERENCE_WINDOW_MS, TREND_EPOCHS, type TrendLane } from './options';

/** The newest floors whose slope shows whether a growth goes on. */
const RECENT = 8;
const FIRST_QUARTER = TREND_EPOCHS / 4;
const FLAT_SHARE = 0.35;
/** Within so much of its life a process starts: a window that begins there has risen for that reason. */
const STARTING_MS = 10 * 60_000;

// Shared by all detectors: used within one call only, and a process's state stays small.
const floorsInOrder = new Float64Array(TREND_EPOCHS);

/** Whether the first quarter of the window, as `floorsInOrder` has it, already rises: the growth did not begin within it. */
function growsSinceBirth(slope: number): boolean {
  const grown = (floorsInOrder[FIRST_QUARTER] as number) - (floorsInOrder[0] as number);
  return grown > FLAT_SHARE * FIRST_QUARTER * slope;
}

/*
 * Truth table; the first line that fits decides, the cheap ones come first:
 *
 *   fewer than 20 floors                                  no
 *   the newest floor is no new high of the window         no (a saw-tooth, a cache that is full)
 *   newest minus first floor below the wanted growth      no (noise)
 *   Kendall's tau below the lane's                        no (no steady rise)
 *   Theil-Sen growth below the wanted growth, or newest
 *     minus first below 0.7 of that growth                no (one step, an outlier)
 *   slope of the last 8 floors below 0.8 of the slope     no (a warm-up that levels off)
 *   else                                                  yes: since birth, if the process is young and the first
 *                                                           quarter of the window rises as well
 */
export function trendSearch(lane: TrendLane, windowMs: number): GrowthSearch {
  const scale = lane.scales ? Math.sqrt(REFERENCE_WINDOW_MS / windowMs) : 1;
  const minGrowthBytes = lane.minGrowthBytes * scale;
  const minGrowthShare = (lane.minGrowthPercent / 100) * scale;
  const { minSteadiness } = lane;
  const settledAfterMs = lane.settledAfterMs === 0 ? 0 : Math.max(lane.settledAfterMs, windowMs + STARTING_MS);

  const find = (floors: FloorWindow, uptimeMs: number) => {
    if (!floors.full) return null;
    const last = floors.floor(0);
    const grownBytes = last - floors.floor(TREND_EPOCHS - 1);
    if (grownBytes < minSteadiness * minGrowthBytes) return null;
    floors.copyTo(floorsInOrder);
    let lowest = last;
    for (let index = 0; index < TREND_EPOCHS - 1; index++) {
      const floor = floorsInOrder[index] as number;
      if (floor >= last) return null;
      if (floor < lowest) lowest = floor;
    }
    const wantedBytes = Math.max(minGrowthBytes, minGrowthShare * lowest);
    if (grownBytes < minSteadiness * wantedBytes) return null;
    const tau = kendallTau(floorsInOrder);
    if (tau < lane.minTau) return null;
    const slope = theilSenSlope(floorsInOrder, 0);
    const projected = slope * (TREND_EPOCHS - 1);
    if (projected < wantedBytes || grownBytes < minSteadiness * projected) return null;
    if (theilSenSlope(floorsInOrder, TREND_EPOCHS - RECENT) < lane.minRecentShare * slope) return null;
    const sinceBirth = uptimeMs < settledAfterMs && growsSinceBirth(slope);
    return { run: TREND_EPOCHS, slope, tau, grownBytes, wantedBytes, sinceBirth };
  };

  return {
    ...lane,
    find,
    words: ({ wantedBytes, tau }, epochMs) =>
      `the lowest readings of ${TREND_EPOCHS} epochs of ${formatDuration(epochMs)}: growth of at least ${formatBytes(wantedBytes)}, ` +
      `tau at least ${lane.minTau} (is ${formatRatio(tau)})`,
  };
}
