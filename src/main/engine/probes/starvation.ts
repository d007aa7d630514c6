import type { MachineSample } from '../../../shared/model/snapshot';
import { formatDuration } from '../../../shared/lib/format/duration';

/** This engine itself is not this late on a machine that has processor time left. */
const MAX_LATE_MS = 250;
/** So much of all cores in use, and so many programs for each that want it. */
const FULL_PERCENT = 97;
const FULL_LOAD_PER_CORE = 4;

/** What is known of the machine at the end of an attempt. */
export interface AttemptSurroundings {
  /** How late this engine was to begin or end the attempt. */
  lateMs: number;
  machine: MachineSample | null;
}

/** Why a failure may be the machine's, in words; null: it is the program's. */
export function starvation({ lateMs, machine }: AttemptSurroundings): string | null {
  if (lateMs > MAX_LATE_MS) return `the machine is starved: Healdeck itself was ${formatDuration(lateMs)} late`;
  if (machine === null || machine.corePercents.length === 0) return null;
  const cores = machine.corePercents.length;
  const usedPercent = machine.corePercents.reduce((sum, percent) => sum + percent, 0) / cores;
  const [load] = machine.loadAverages;
  if (usedPercent < FULL_PERCENT || load < FULL_LOAD_PER_CORE * cores) return null;
  return `the machine is starved: load ${Math.round(load)} on ${cores} cores`;
}
