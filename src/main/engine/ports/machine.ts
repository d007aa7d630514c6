import type { MachineSample } from '../../../shared/model/snapshot';

/** The machine and the engine's own process. */
export interface Machine {
  readonly bootId: string;
  /** This engine's pid. */
  readonly pid: number;
  readonly hostname: string;
  readonly platform: string;
  /** Absolute path of the home directory of the user that the engine runs as. */
  readonly home: string;
  /** IANA name of its time zone: `Europe/Berlin`. */
  readonly timeZone: string;
  /** True once the OS has begun to shut down: ends are no crashes then. */
  isShuttingDown(): boolean;
  totals(): Promise<Omit<MachineSample, 'processes'>>;
  /** CPU time used by this process so far, in ms, and its resident bytes. */
  ownUsage(): { cpuMs: number; rssBytes: number };
  /** What goes on on the machine, at hardly any cost; null where the OS does not report it. */
  activity(): MachineActivity | null;
  /** How many processes the kernel's OOM killer has ended since the boot; null where the OS does not report it. */
  oomKills(): number | null;
  /** A random id for a new watch. */
  newId(): string;
}

/** How many threads there are, those that wait to be reaped included, and the pid that was given out last. */
export interface MachineActivity {
  threads: number;
  newestPid: number;
}
