import type { FloorWindow } from './floor-window';

/** The newest steps whose mean shows whether a growth goes on. */
const RECENT = 2;

/** Whether the newest `run` floors rise step after step, without levelling off; shares are of the mean step. */
export function risesInSteps(floors: FloorWindow, run: number, minStepShare: number, minRecentShare: number): boolean {
  const meanStep = (floors.floor(0) - floors.floor(run - 1)) / (run - 1);
  if (floors.floor(0) - floors.floor(RECENT) < RECENT * minRecentShare * meanStep) return false;
  for (let back = 0; back < run - 1; back++) {
    if (floors.floor(back) - floors.floor(back + 1) < minStepShare * meanStep) return false;
  }
  return true;
}
