import type { MachineSample } from '../model/snapshot';

/** How busy all cores of a machine are together, 0 to 100: the mean over them. 0 where none is known. */
export function machineCpuPercent({ corePercents }: Pick<MachineSample, 'corePercents'>): number {
  return corePercents.reduce((sum, percent) => sum + percent, 0) / Math.max(1, corePercents.length);
}
