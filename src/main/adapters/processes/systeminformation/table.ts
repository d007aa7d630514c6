import { cpus } from 'node:os';
import { processes, type Systeminformation } from 'systeminformation';
import { identityKey, sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../../shared/model/process';
import type { Clock, ProcessFacts, ProcessScan, ProcessTable } from '../../../engine/ports';
import { readPidfile } from '../pidfile';
import { oneAtATime } from '../scan-queue';
import { parseLocalTime, splitWindowsCommandLine, toPercentOfOneCore, toProcessState, type PsFacts } from './convert';
import { readAllPsFacts, readStartTime } from './ps';

/** The library repeats its last answer within half a second. */
const CACHED_MS = 510;

/** Start times come in whole seconds, and some ps compute them from the uptime: they may differ by one. */
const SAME_START_MS = 1500;

/** A process table that remembers its last scan. */
export interface SystemInformationTable extends ProcessTable {
  /** How many processes the last scan found. */
  readonly size: number;
  dispose(): void;
}

/**
 * The process table where there is no /proc, through systeminformation and ps. Threads are not reported (0), nor are
 * environments, working directories, private memory and open files (null); arguments are as the OS prints them, so
 * spaces in them may split.
 */
export function createSystemInformationTable(options: { clock: Clock }): SystemInformationTable {
  return new Table(options.clock);
}

class Table implements SystemInformationTable {
  readonly scan: () => Promise<ProcessScan>;
  readonly readPidfile = readPidfile;
  private last = new Map<number, ProcessSample>();
  private executables = new Map<string, string>();
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private disposed = false;
  /** All of the machine's, also where this process may use fewer. */
  private readonly cores = cpus().length;

  constructor(private readonly clock: Clock) {
    this.scan = oneAtATime(() => this.runPass());
  }

  get size(): number {
    return this.last.size;
  }

  isAlive(identity: ProcessIdentity): boolean {
    const known = this.last.get(identity.pid);
    if (known !== undefined) {
      if (!isSameStart(known.startTime, identity.startTime)) return false;
      if (known.state === 'zombie' || known.state === 'dead') return false;
    }
    try {
      process.kill(identity.pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  }

  identify(pid: number): ProcessIdentity | null {
    if (!Number.isSafeInteger(pid) || pid < 1) return null;
    const startTime = readStartTime(pid);
    return startTime === null ? null : { pid, startTime: this.settle(pid, startTime) };
  }

  environment(): null {
    return null;
  }

  bornWith(): null {
    return null;
  }

  privateBytes(): null {
    return null;
  }

  proportionalBytes(): null {
    return null;
  }

  ioBytes(): null {
    return null;
  }

  schedulerTimes(): null {
    return null;
  }

  waitChannels(): null {
    return null;
  }

  openFiles(): null {
    return null;
  }

  sockets(): null {
    return null;
  }

  facts(identity: ProcessIdentity): ProcessFacts | null {
    const sample = this.last.get(identity.pid);
    if (sample === undefined || !sameIdentity(sample, identity)) return null;
    return { ...this.paths(identity), argv: sample.argv, foreign: false, uids: null };
  }

  paths(identity: ProcessIdentity): { cwd: string | null; executable: string | null } {
    return { cwd: null, executable: this.executables.get(identityKey(identity)) ?? null };
  }

  dispose(): void {
    this.disposed = true;
    this.last.clear();
  }

  private async runPass(): Promise<ProcessScan> {
    await this.waitForFreshAnswer();
    this.refuseWhenDisposed();
    const atMs = this.clock.monotonicMs();
    const [list, facts] = await Promise.all([
      processes().then((answer) => answer.list),
      process.platform === 'win32' ? null : readAllPsFacts(),
    ]);
    this.askedAtMs = this.clock.monotonicMs();
    this.refuseWhenDisposed();

    const samples = new Map<number, ProcessSample>();
    const executables = new Map<string, string>();
    for (const row of list) {
      const sample = this.toSample(row, facts === null ? windowsFacts(row) : facts.get(row.pid));
      if (sample === null) continue;
      samples.set(sample.pid, sample);
      const executable = executableOf(row);
      if (executable !== null) executables.set(identityKey(sample), executable);
    }
    this.last = samples;
    this.executables = executables;
    return { atMs, samples: [...samples.values()], births: null };
  }

  /** Null for what only one of the two lists has: it was born or ended between them. */
  private toSample(
    row: Systeminformation.ProcessesProcessData,
    facts: PsFacts | null | undefined,
  ): ProcessSample | null {
    if (row.pid < 1 || facts === undefined || facts === null) return null;
    const startTime = this.settle(row.pid, facts.startTime);
    // The first reading has none before it: the library's number would be a share of the whole uptime.
    const isFirst = this.last.get(row.pid)?.startTime !== startTime;
    return {
      pid: row.pid,
      startTime,
      ppid: row.parentPid,
      pgid: facts.pgid,
      session: facts.session,
      name: nameOf(row),
      state: toProcessState(row.state),
      cpuPercent: isFirst ? 0 : toPercentOfOneCore(row.cpu, process.platform, this.cores),
      rssBytes: row.memRss * 1024,
      threads: 0,
      kernel: isKernel(row),
      uid: facts.uid,
      user: row.user !== '' || facts.uid < 0 ? row.user : String(facts.uid),
      argv: argvOf(row),
      startedAt: startTime,
    };
  }

  /** The start time that this process was known by before, if it is the same one. */
  private settle(pid: number, startTime: number): number {
    const known = this.last.get(pid)?.startTime;
    return known !== undefined && isSameStart(known, startTime) ? known : startTime;
  }

  private waitForFreshAnswer(): Promise<void> | undefined {
    const waitMs = this.askedAtMs + CACHED_MS - this.clock.monotonicMs();
    return waitMs > 0 ? new Promise((resolve) => this.clock.after(waitMs, resolve)) : undefined;
  }

  private refuseWhenDisposed(): void {
    if (this.disposed) throw new Error('The process table is closed.');
  }
}

function isSameStart(a: number, b: number): boolean {
  return Math.abs(a - b) <= SAME_START_MS;
}

function windowsFacts(row: Systeminformation.ProcessesProcessData): PsFacts | null {
  const startTime = parseLocalTime(row.started);
  return startTime === null ? null : { pid: row.pid, pgid: 0, session: 0, uid: -1, startTime };
}

function isKernel(row: Systeminformation.ProcessesProcessData): boolean {
  if (process.platform === 'linux') return row.pid === 2 || row.parentPid === 2;
  return process.platform === 'win32' && row.pid === 4;
}

/** Outside Linux and Windows the library gives the whole command for a program without a path. */
function nameOf(row: Systeminformation.ProcessesProcessData): string {
  const isWhole = process.platform !== 'linux' && process.platform !== 'win32' && row.path === '';
  return isWhole ? (row.name.split(' ')[0] ?? row.name) : row.name;
}

function argvOf(row: Systeminformation.ProcessesProcessData): readonly string[] {
  if (isKernel(row) || row.state === 'zombie') return [];
  if (process.platform === 'win32') return splitWindowsCommandLine(row.command);
  // With a path the library found out where the program's name ends; without one all are words.
  const program = row.path === '' ? row.command.split(' ') : [`${row.path}/${row.command}`];
  return [...program, ...row.params.split(' ')].filter((argument) => argument !== '');
}

function executableOf(row: Systeminformation.ProcessesProcessData): string | null {
  if (process.platform === 'win32') return row.path || null;
  return row.path.startsWith('/') && row.command !== '' ? `${row.path}/${row.command}` : null;
}
