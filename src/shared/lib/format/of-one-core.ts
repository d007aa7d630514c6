/**
 * What a CPU reading in % of one core is a percentage of, and what it is of the machine: to follow the reading. A machine of one
 * core, or of a number that is not known (0), needs no second scale.
 */
export function ofOneCore(percent: number, cores: number, format: (percent: number) => string): string {
  return cores > 1 ? `of one core (${format(percent / cores)} of this machine)` : 'of one core';
}
