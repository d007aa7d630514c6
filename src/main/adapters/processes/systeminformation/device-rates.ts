import { readFileSync } from 'node:fs';
import type { Clock } from '../../../engine/ports';
import type { DeviceRates } from '../../../../shared/model/snapshot';

/** Bytes that were moved since the boot. */
export interface DeviceCounts {
  diskReadBytes: number;
  diskWriteBytes: number;
  networkInBytes: number;
  networkOutBytes: number;
}

/** Sectors of /proc/diskstats, whatever those of the disk are (block/stat in the kernel's documentation). */
const SECTOR_BYTES = 512;

/** Numbers in memory, on other disks, or that disks are made of: what passes them is counted below them. */
const NO_DISK = /^(?:loop|ram|zram|dm-|md|sr|fd|nbd|drbd)\d|^nvme\d+c\d/;

/** Rates between two readings closer together than this show nothing. */
const MIN_WINDOW_MS = 500;

/**
 * Bytes read from and written to whole disks, from the text of /proc/diskstats: a partition follows its disk, with a name that
 * begins with that of the disk (`sda1`, `nvme0n1p2`).
 */
export function diskBytes(diskstats: string): Pick<DeviceCounts, 'diskReadBytes' | 'diskWriteBytes'> {
  const rows = diskstats
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row.length >= 10 && !NO_DISK.test(row[2] ?? ''));
  const names = rows.map(([, , name = '']) => name);
  const disks = rows.filter(([, , name = '']) => !names.some((disk) => isPartition(name, disk)));
  return {
    diskReadBytes: disks.reduce((sum, row) => sum + Number(row[5]) * SECTOR_BYTES, 0),
    diskWriteBytes: disks.reduce((sum, row) => sum + Number(row[9]) * SECTOR_BYTES, 0),
  };
}

function isPartition(name: string, disk: string): boolean {
  if (!name.startsWith(disk) || name === disk) return false;
  return (/\d$/.test(disk) ? /^p\d+$/ : /^\d+$/).test(name.slice(disk.length));
}

/**
 * Bytes that came and went over the interfaces of the default routes, from the texts of /proc/net/dev and both routing tables. Bridges,
 * tunnels and containers send over these in the end, and so would count twice.
 */
export function networkBytes(
  dev: string,
  routes: string,
  routes6: string,
): Pick<DeviceCounts, 'networkInBytes' | 'networkOutBytes'> {
  const names = new Set([
    ...routes
      .split('\n')
      .flatMap((line) => /^(\S+)\s+00000000\s+\S+\s+\S+(?:\s+\d+){3}\s+00000000\s/.exec(line)?.[1] ?? []),
    ...routes6.split('\n').flatMap((line) => /^0{32} 00 .* (\S+)$/.exec(line.trimEnd())?.[1] ?? []),
  ]);
  names.delete('lo');
  let [networkInBytes, networkOutBytes] = [0, 0];
  for (const line of dev.split('\n')) {
    const [, name = '', counts = ''] = /^\s*(\S+):\s*(.*)$/.exec(line) ?? [];
    if (!names.has(name)) continue;
    const fields = counts.split(/\s+/).map(Number);
    networkInBytes += fields[0] ?? 0;
    networkOutBytes += fields[8] ?? 0;
  }
  return { networkInBytes, networkOutBytes };
}

/** What disks and network of the machine moved between two readings, in bytes each second. */
export class DeviceRateMeter {
  private before: (DeviceCounts & { atMs: number }) | null = null;
  private last: DeviceRates = {};

  /** `read` throws where the OS does not count. */
  constructor(
    private readonly clock: Clock,
    private readonly read: () => DeviceCounts = readCounts,
  ) {}

  /** Since the call before; empty where that is not known. */
  rates(): DeviceRates {
    const atMs = this.clock.monotonicMs();
    const { before } = this;
    if (before !== null && atMs - before.atMs < MIN_WINDOW_MS) return this.last;
    try {
      const counts = this.read();
      this.before = { ...counts, atMs };
      this.last = before === null ? {} : ratesBetween(before, counts, (atMs - before.atMs) / 1000);
    } catch {
      this.before = null;
      this.last = {};
    }
    return this.last;
  }
}

/** A disk or an interface that was taken away takes its counts with it: then nothing is known of this time. */
function ratesBetween(before: DeviceCounts, now: DeviceCounts, seconds: number): DeviceRates {
  const rate = (of: keyof DeviceCounts): number | undefined =>
    now[of] < before[of] ? undefined : (now[of] - before[of]) / seconds;
  const rates = {
    diskReadBytesPerSecond: rate('diskReadBytes'),
    diskWriteBytesPerSecond: rate('diskWriteBytes'),
    networkInBytesPerSecond: rate('networkInBytes'),
    networkOutBytesPerSecond: rate('networkOutBytes'),
  };
  return Object.fromEntries(Object.entries(rates).filter(([, value]) => value !== undefined));
}

function readCounts(): DeviceCounts {
  const read = (file: string): string => readFileSync(`/proc/${file}`, 'latin1');
  return { ...diskBytes(read('diskstats')), ...networkBytes(read('net/dev'), read('net/route'), routes6()) };
}

/** Missing where IPv6 is switched off. */
function routes6(): string {
  try {
    return readFileSync('/proc/net/ipv6_route', 'latin1');
  } catch {
    return '';
  }
}
