import { formatDuration } from '../../../../../shared/lib/format/duration';
import { formatBytes } from '../../../../../shared/lib/format/values';
import type { FloorWindow } from './floor-window';
import type { GrowthSearch } from './growth';
import type { KinkLane } from './options';
import { risesInSteps } from './run-of-steps';

/*
 * A leak that begins stands out of what the process did before, however slow it is. Truth table; the first line that fits decides:
 *
 *   too few floors before the growth                      no (nothing to compare with)
 *   growth below the wanted one                           no
 *   growth below some times the range of the floors before
 *     it                                                  no (noise)
 *   a step below 0.15 of the mean one                     no (chunks, a saw-tooth)
 *   the mean of the last two below 0.5 of it              no (it levels off)
 *   else                                                  yes
 */
export function kinkSearch(lane: KinkLane): GrowthSearch {
  const { run } = lane;

  const find = (floors: FloorWindow) => {
    const end = Math.min(floors.length, run + lane.maxFloorsBefore);
    if (end - run < lane.minFloorsBefore) return null;
    const last = floors.floor(0);
    const first = floors.floor(run - 1);
    const grownBytes = last - first;
    if (grownBytes < lane.minGrowthBytes) return null;
    let lowest = Infinity;
    let highest = -Infinity;
    for (let back = run; back < end; back++) {
      const floor = floors.floor(back);
      if (floor < lowest) lowest = floor;
      if (floor > highest) highest = floor;
    }
    const noise = Math.max(lane.minNoiseBytes, highest - lowest);
    const wantedBytes = Math.max(lane.minGrowthBytes, (lane.minGrowthPercent / 100) * first, lane.noiseFactor * noise);
    if (grownBytes < wantedBytes) return null;
    if (!risesInSteps(floors, run, lane.minStepShare, lane.minRecentShare)) return null;
    return { run, slope: grownBytes / (run - 1), tau: 1, grownBytes, wantedBytes, sinceBirth: false };
  };

  return {
    ...lane,
    find,
    words: ({ wantedBytes }, epochMs) =>
      `the lowest readings of ${run} epochs of ${formatDuration(epochMs)}, each above the one before: growth of at least ` +
      `${formatBytes(wantedBytes)}, ${lane.noiseFactor} times the range of those before`,
  };
}
