import { formatDuration } from '../../../../../shared/lib/format/duration';
import { formatBytes } from '../../../../../shared/lib/format/values';
import type { FloorWindow } from './floor-window';
import type { GrowthSearch } from './growth';
import type { EnvelopeLane } from './options';
import { risesInSteps } from './run-of-steps';

/** Steps before the growth that must be flat where it is small. */
const STEPS_BEFORE = 2;

/** Floors that the search needs: a run with those before it, and back to the birth of a process that is not yet settled. */
export function envelopeEpochs({ run, epochMs, settledAfterMs }: EnvelopeLane): number {
  return Math.max(run + STEPS_BEFORE, Math.ceil(settledAfterMs / epochMs) + STEPS_BEFORE);
}

/** Whether the rise of the newest `run` floors goes on back to the first floor of the process. */
function reachesBirth(floors: FloorWindow, lane: EnvelopeLane, uptimeMs: number): boolean {
  if (uptimeMs > (floors.length + STEPS_BEFORE) * lane.epochMs) return false;
  const minStep = (lane.minStepShare * (floors.floor(0) - floors.floor(lane.run - 1))) / (lane.run - 1);
  for (let back = lane.run - 1; back < floors.length - 1; back++) {
    if (floors.floor(back) - floors.floor(back + 1) < minStep) return false;
  }
  return true;
}

/*
 * The floors over minutes of a heap that is collected seldom rise cleanly where those of half a minute are still its saw-tooth.
 * Truth table; the first line that fits decides:
 *
 *   growth below the wanted one                           no
 *   a step below 0.2 of the mean one                      no (chunks)
 *   the mean of the last two below 0.5 of it              no (it levels off)
 *   growth below 25 %, and one of the two steps before it
 *     above 0.4 of the mean one, or not known             no (it always did)
 *   else                                                  yes: since birth, if the process is young and the rise
 *                                                           goes back to its first floor
 */
export function envelopeSearch(lane: EnvelopeLane): GrowthSearch {
  const { run, epochMs } = lane;
  const settledAfterMs = lane.settledAfterMs + STEPS_BEFORE * epochMs;

  const isFlatBefore = (floors: FloorWindow, meanStep: number): boolean => {
    if (floors.length < run + STEPS_BEFORE) return false;
    for (let back = run - 1; back < run - 1 + STEPS_BEFORE; back++) {
      if (floors.floor(back) - floors.floor(back + 1) > lane.maxStepShareBefore * meanStep) return false;
    }
    return true;
  };

  const find = (floors: FloorWindow, uptimeMs: number) => {
    if (floors.length < run) return null;
    const first = floors.floor(run - 1);
    const grownBytes = floors.floor(0) - first;
    const wantedBytes = Math.max(lane.minGrowthBytes, (lane.minGrowthPercent / 100) * first);
    if (grownBytes < wantedBytes) return null;
    if (!risesInSteps(floors, run, lane.minStepShare, lane.minRecentShare)) return null;
    const slope = grownBytes / (run - 1);
    if (grownBytes < (lane.clearGrowthPercent / 100) * first && !isFlatBefore(floors, slope)) return null;
    const sinceBirth = uptimeMs < settledAfterMs && reachesBirth(floors, lane, uptimeMs);
    return { run, slope, tau: 1, grownBytes, wantedBytes, sinceBirth };
  };

  return {
    ...lane,
    find,
    words: ({ wantedBytes }) =>
      `the lowest readings of ${run} epochs of ${formatDuration(epochMs)}, each above the one before: growth of at least ${formatBytes(wantedBytes)}`,
  };
}
