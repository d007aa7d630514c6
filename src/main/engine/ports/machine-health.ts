import type { DiskSpace } from './scene';

/** What shows only on a closer look whether the machine is in distress; null: the OS does not show it, or not in time. */
export interface HealthReading {
  /** Local disks that can be written to, by their mount points; those that do not answer are left out. */
  disks: readonly DiskSpace[] | null;
  /** Bytes that were swapped in and out since the boot. */
  swappedBytes: number | null;
  /** Whether a service that synchronises the clock has done so; null where none runs. */
  isClockSynchronised: boolean | null;
}

/** Reads what may take long: a disk may not answer. */
export interface MachineHealth {
  /** Never rejects; resolves within seconds. */
  read(): Promise<HealthReading>;
}
