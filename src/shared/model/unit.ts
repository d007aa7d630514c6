/**
 * Units of readings, limits and evidence, as events name them. Events of earlier versions also have `percent_of_core` and
 * `zombie_ms`: whoever writes readings knows them as `% of one core` and `ms`.
 */
export const UNITS = [
  '%',
  '% of one core',
  'bytes',
  'bytes/s',
  'ms',
  'threads',
  'files',
  'sockets',
  'processes',
  'restarts',
] as const;
export type Unit = (typeof UNITS)[number];
