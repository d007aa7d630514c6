import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, loadavg, uptime } from 'node:os';
import { currentLoad, mem } from 'systeminformation';
import type { Clock, Machine } from '../../engine/ports';
import { createShutdownSigns, type ShutdownPaths } from './shutdown';

/** Without a better source, boots are told apart by their time, rounded so that the clock's drift does not matter. */
const BOOT_TIME_GRAIN_MS = 60_000;

export interface MachineOptions {
  clock: Clock;
  /** How many processes the last pass over the process table found. */
  countProcesses: () => number;
  /** Where a shutdown of Linux shows. */
  shutdownPaths?: ShutdownPaths;
}

/** The machine, and what a shell can tell it. */
export interface SystemMachine extends Machine {
  /** The OS told a shell that it shuts down. */
  noteShutdown(): void;
}

/** The machine this runs on; totals through systeminformation, which reads two files and `os.cpus()` for them. */
export function createMachine(options: MachineOptions): SystemMachine {
  const signs = createShutdownSigns(options.clock, options.shutdownPaths);
  // Its first answer would be the mean since the boot: asked now, so that the first one that is shown is of now.
  void currentLoad();
  return {
    bootId: readBootId(options.clock),
    pid: process.pid,
    hostname: hostname(),
    platform: process.platform,
    isShuttingDown: () => signs.isShuttingDown(),
    noteShutdown: () => signs.noteShutdown(),
    async totals() {
      const [load, memory] = await Promise.all([currentLoad(), mem()]);
      const [one = 0, five = 0, fifteen = 0] = loadavg();
      return {
        at: options.clock.wallMs(),
        corePercents: load.cpus.map((core) => Math.min(100, Math.max(0, core.load))),
        memoryTotalBytes: memory.total,
        memoryUsedBytes: memory.total - memory.available,
        swapTotalBytes: memory.swaptotal,
        swapUsedBytes: memory.swapused,
        loadAverages: [one, five, fifteen],
        uptimeSeconds: uptime(),
        processes: options.countProcesses(),
      };
    },
    ownUsage() {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() };
    },
    newId: () => randomUUID(),
  };
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
