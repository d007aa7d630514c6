import type { Settings } from '../../shared/model/settings';
import type { DiskRates } from '../../shared/model/snapshot';

/** The two directions in which storage is used, each with what is drawn of it and held against it. */
export const DISK_DIRECTIONS = [
  {
    metric: 'diskReadBytesPerSecond',
    title: 'Disk reads',
    unit: 'from storage',
    warn: 'diskRead.warnBytesPerSecond',
    limit: 'diskRead.limitBytesPerSecond',
  },
  {
    metric: 'diskWriteBytesPerSecond',
    title: 'Disk writes',
    unit: 'to storage',
    warn: 'diskWrite.warnBytesPerSecond',
    limit: 'diskWrite.limitBytesPerSecond',
  },
] as const;

export type DiskDirection = (typeof DISK_DIRECTIONS)[number];

/** The directions that are worth a chart: something is held against the rate, or it was more than nothing. */
export function shownDirections(settings: Settings | null, readings: readonly DiskRates[]): readonly DiskDirection[] {
  return DISK_DIRECTIONS.filter(
    ({ metric, warn, limit }) =>
      (settings !== null && (settings[warn] !== null || settings[limit] !== null)) ||
      readings.some((reading) => (reading[metric] ?? 0) > 0),
  );
}
