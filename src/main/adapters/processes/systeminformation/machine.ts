import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, homedir, hostname, loadavg, uptime } from 'node:os';
import { mem } from 'systeminformation';
import { machineTimeZone } from '../../../../shared/lib/format/local-time';
import type { Clock, Machine, MachineActivity } from '../../../engine/ports';
import { CoreLoadMeter } from './core-load';
import { DeviceRateMeter } from './device-rates';
import { ShutdownSigns, type ShutdownPaths } from './shutdown';

/** Without a better source, boots are distinguished by their time, rounded so that the clock's drift does not matter. */
const BOOT_TIME_GRAIN_MS = 60_000;

export interface MachineOptions {
  clock: Clock;
  /** Where a shutdown of Linux shows. */
  shutdownPaths?: ShutdownPaths;
}

/** The machine, and what a shell can report to it. */
export interface SystemMachine extends Machine {
  /** The OS has notified a shell that it shuts down. */
  noteShutdown(): void;
}

/**
 * The machine this runs on. Memory comes from systeminformation, which reads one file for it. The cores are read with
 * `os.cpus()`, as the library does: its `currentLoad` also waits for a shell on Linux, and stops the event loop for
 * 7 ms and more.
 */
export function createMachine(options: MachineOptions): SystemMachine {
  const signs = new ShutdownSigns(options.clock, options.shutdownPaths);
  const coreLoad = new CoreLoadMeter(cpus);
  const devices = new DeviceRateMeter(options.clock);
  return {
    bootId: readBootId(options.clock),
    pid: process.pid,
    hostname: hostname(),
    platform: process.platform,
    home: homedir(),
    timeZone: machineTimeZone(),
    isShuttingDown: () => signs.isShuttingDown(),
    noteShutdown: () => signs.noteShutdown(),
    async totals() {
      const memory = await mem();
      const [one = 0, five = 0, fifteen = 0] = loadavg();
      return {
        at: options.clock.wallMs(),
        corePercents: coreLoad.read(),
        memoryTotalBytes: memory.total,
        memoryUsedBytes: memory.total - memory.available,
        swapTotalBytes: memory.swaptotal,
        swapUsedBytes: memory.swapused,
        loadAverages: [one, five, fifteen],
        uptimeSeconds: uptime(),
        ...devices.rates(),
      };
    },
    ownUsage() {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() };
    },
    activity: readActivity,
    oomKills: readOomKills,
    newId: () => randomUUID(),
  };
}

/** From the end of `0.1 0.2 0.3 2/345 6789` (proc(5), loadavg). */
function readActivity(): MachineActivity | null {
  if (process.platform !== 'linux') return null;
  try {
    const found = /\/(\d+) (\d+)\s*$/.exec(readFileSync('/proc/loadavg', 'latin1'));
    return found === null ? null : { threads: Number(found[1]), newestPid: Number(found[2]) };
  } catch {
    return null;
  }
}

/** From the line `oom_kill 3` of /proc/vmstat (Linux 4.13 and newer). */
function readOomKills(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const found = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'));
    return found === null ? null : Number(found[1]);
  } catch {
    return null;
  }
}

function readBootId(clock: Clock): string {
  if (process.platform === 'linux') {
    try {
      return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    } catch {
      // Hidden in some containers.
    }
  }
  if (process.platform === 'darwin') {
    const id = spawnSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8', timeout: 5000 }).stdout?.trim();
    if (id) return id;
  }
  const bootMs = clock.wallMs() - uptime() * 1000;
  return `boot-${Math.round(bootMs / BOOT_TIME_GRAIN_MS) * BOOT_TIME_GRAIN_MS}`;
}
