import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { BirthCount } from '../../../engine/ports';
import { readStatusFacts } from './process-facts';
import type { ProcfsReader } from './procfs-reader';

/** Of longer files the begin is enough: the counter stands behind a line for each processor and one for all interrupts. */
const MAX_BYTES = 65_536;
/** So many environments are read for one answer; a scan is faster than more. */
const MAX_READ = 64;
/** Nobody asks about more: there is a scan before that. */
const MAX_BORN = 1024;
/** Of a mass of deaths only the first are answered: one scan is enough for all the others, which share it. */
const MAX_ANSWERS = 4;

/** What was found since one scan. */
interface Known {
  since: BirthCount;
  variable: string;
  /** All pids up to this one have been read, but for these: of some nothing could be read yet. */
  upTo: number;
  unread: readonly number[];
  values: Set<string>;
  answers: number;
}

/**
 * Knows which processes were born since a scan, without a scan: the kernel hands out pids in order, and counts what it starts. The two numbers
 * must agree. Where they do not (pids have come round; another pid namespace; a /proc that a container tool invents), it is not known.
 */
export class Births {
  private loadavg: number | null;
  private stat: number | null;
  private readonly buffer = Buffer.alloc(MAX_BYTES);
  private known: Known | null = null;

  constructor(
    private readonly procDir: string,
    private readonly reader: ProcfsReader,
  ) {
    this.loadavg = openOrNull(`${procDir}/loadavg`);
    this.stat = openOrNull(`${procDir}/stat`);
  }

  /** Null where the machine does not count. Some 10 µs. */
  count(): BirthCount | null {
    const newestPid = this.numberIn(this.loadavg, /\/\d+ (\d+)\s*$/);
    const forks = this.numberIn(this.stat, /^processes (\d+)$/m);
    return newestPid === null || forks === null ? null : { newestPid, forks };
  }

  /** See `ProcessTable.bornWith`. */
  valuesSince(
    since: BirthCount,
    variable: string,
    isElsewhere: (session: number) => boolean,
  ): ReadonlySet<string> | null {
    const now = this.count();
    if (now === null || !agree(since, now)) return null;
    const known =
      this.known?.since === since && this.known.variable === variable
        ? this.known
        : { since, variable, upTo: since.newestPid, unread: [], values: new Set<string>(), answers: 0 };
    this.known = known;
    known.answers += 1;
    if (known.answers > MAX_ANSWERS) return null;
    const pids = [...known.unread, ...range(known.upTo + 1, now.newestPid)];
    if (pids.length > MAX_READ) return null;
    // Who is not there yet, or has no environment yet, may be on its way through fork(2) or execve(2). Of another process others may be elsewhere.
    known.unread = pids.filter((pid) => !this.readInto(known, pid, isElsewhere));
    known.upTo = now.newestPid;
    return known.values;
  }

  dispose(): void {
    for (const fd of [this.loadavg, this.stat]) if (fd !== null) closeSync(fd);
    this.loadavg = null;
    this.stat = null;
  }

  /** Whether it need not be read again. */
  private readInto({ variable, values }: Known, pid: number, isElsewhere: (session: number) => boolean): boolean {
    const processDir = `${this.procDir}/${pid}`;
    // Most are gone, and to be refused a file takes ten times as long.
    const status = existsSync(processDir) ? readStatusFacts(processDir) : null;
    if (status === null) return false;
    // A thread has a process, which has a pid of its own.
    if (status.threadGroup !== pid) return true;
    if (status.session !== null && isElsewhere(status.session)) return false;
    const environment = this.reader.read(pid, 'environment', processDir);
    if (environment === null) return false;
    const value = environment[variable];
    if (value !== undefined) values.add(value);
    return Object.keys(environment).length > 0;
  }

  private numberIn(fd: number | null, pattern: RegExp): number | null {
    if (fd === null) return null;
    try {
      const length = readSync(fd, this.buffer, 0, MAX_BYTES, 0);
      const found = pattern.exec(this.buffer.toString('latin1', 0, length))?.[1];
      // Where nothing is counted it stays at zero.
      return found === undefined || Number(found) === 0 ? null : Number(found);
    } catch {
      return null;
    }
  }
}

/** Whether every birth in between has taken one of the pids in between, and these are few enough to be asked for. */
function agree(since: BirthCount, now: BirthCount): boolean {
  const [forks, pids] = [now.forks - since.forks, now.newestPid - since.newestPid];
  return forks >= 0 && forks <= pids && pids <= MAX_BORN;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch {
    return null;
  }
}
