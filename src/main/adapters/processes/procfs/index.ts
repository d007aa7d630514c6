import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../../shared/model/process';
import type { Clock, IoBytes, ProcessFacts, ProcessScan, ProcessTable } from '../../../engine/ports';
import { readPidfile } from '../pidfile';
import { oneAtATime } from '../scan-queue';
import { Accounts } from './accounts';
import { hasEnded, parsePrivatePages, parseStat, StatField, StatLine } from './parse-stat';
import { PidNamespace } from './pid-namespace';
import { executablePath, readEnvironment, readSockets, readStatusFacts, readWholeArgv } from './process-facts';
import { ProcessRecord, type RecordContext } from './process-record';
import { readIo } from './read-io';
import { readPss, SharedMemory } from './shared-memory';
import { GONE, NO_DESCRIPTOR, StatFiles, UNREADABLE, type StatHolder } from './stat-files';
import { BootTime, pageSizeBytes, parseOpenFilesLimit } from './system-facts';

export { parseStat, StatField, StatLine } from './parse-stat';

/** Kept descriptors when the limit can't be read: half of the smallest limit that systems set. */
const DEFAULT_OPEN_FILES = 512;
/** Each kept descriptor pins some kernel memory; beyond this many processes the rest is opened and closed. */
const MAX_OPEN_FILES = 32_768;
const DEFAULT_SLICE_MS = 4;
/** A slice checks the clock after this many processes: about every 0.1 ms. */
const PROCESSES_BETWEEN_CHECKS = 16;
/** Between two such looks we waited for the processor: even new processes take a few ms only. */
const STARVED_MS = 40;
const NO_DESCRIPTOR_MESSAGE =
  'The process table could not be read: no file descriptor is left. Raise the limit of open files (ulimit -n).';
const DIGIT_ZERO = 48;
const DIGIT_NINE = 57;

export interface ProcfsTableOptions {
  clock: Clock;
  /** Where procfs is mounted. */
  procDir?: string;
  /** How many stat files are kept open at most; half of this process's own limit unless set. */
  maxOpenFiles?: number;
  /** How long a scan works before it lets others have the event loop, in ms. */
  sliceMs?: number;
  /** Called in a scan that has to wait for the processor. */
  onStarved?: () => void;
}

/** A process table that holds descriptors until it is disposed of. */
export interface DisposableProcessTable extends ProcessTable {
  /** How many processes the last scan found. */
  readonly size: number;
  dispose(): void;
}

/** The process table of Linux, from /proc (proc(5)). */
export function createProcfsTable(options: ProcfsTableOptions): DisposableProcessTable {
  return new ProcfsTable(options);
}

class ProcfsTable implements DisposableProcessTable {
  readonly scan: () => Promise<ProcessScan>;
  readonly readPidfile = readPidfile;
  private readonly clock: Clock;
  private readonly procDir: string;
  private readonly sliceMs: number;
  private readonly onStarved: () => void;
  private readonly files: StatFiles;
  private readonly line = new StatLine();
  private readonly records = new Map<number, ProcessRecord>();
  /** Whose end was noticed since the end of the last scan. */
  private readonly ended: ProcessRecord[] = [];
  private readonly sharedMemory = new SharedMemory<ProcessRecord>((record) => readPss(`${this.procDir}/${record.pid}`));
  private readonly bootTime: BootTime;
  private readonly namespace: PidNamespace;
  private readonly context: RecordContext;
  private pass = 0;
  private found = 0;
  private disposed = false;

  constructor(options: ProcfsTableOptions) {
    this.clock = options.clock;
    this.procDir = options.procDir ?? '/proc';
    this.sliceMs = options.sliceMs ?? DEFAULT_SLICE_MS;
    this.onStarved = options.onStarved ?? (() => undefined);
    this.files = new StatFiles(this.procDir, options.maxOpenFiles ?? openFilesBudget());
    this.bootTime = new BootTime(this.clock, this.procDir);
    this.namespace = new PidNamespace(this.procDir);
    this.context = {
      procDir: this.procDir,
      pageBytes: pageSizeBytes(),
      accounts: new Accounts(),
      waitedMs: 0,
      lastPassAtMs: Number.NaN,
      reapers: [],
    };
    this.scan = oneAtATime(() => this.runPass());
  }

  get size(): number {
    return this.found;
  }

  isAlive(identity: ProcessIdentity): boolean {
    const record = this.records.get(identity.pid);
    const known = record !== undefined && record.startTime === identity.startTime ? record : null;
    const length = known === null ? this.files.readOnce(identity.pid) : this.files.read(known);
    if (length === GONE) {
      if (known !== null) this.forget(known);
      return false;
    }
    // Not allowed to look, or no descriptor left to do it: signal 0 shows less, but invents no death.
    if (length < 0 || !parseStat(this.files.bytes, length, this.line)) return existsBySignal(identity.pid);
    return this.line.fields[StatField.startTime] === identity.startTime && !hasEnded(this.line);
  }

  identify(pid: number): ProcessIdentity | null {
    if (!Number.isSafeInteger(pid) || pid < 1) return null;
    const record = this.records.get(pid);
    let length = record === undefined ? this.files.readOnce(pid) : this.files.read(record);
    if (record !== undefined && length === GONE) {
      this.forget(record);
      length = this.files.readOnce(pid);
    }
    if (length < 0 || !parseStat(this.files.bytes, length, this.line)) return null;
    return { pid, startTime: this.line.fields[StatField.startTime]! };
  }

  environment(identity: ProcessIdentity): Readonly<Record<string, string>> | null {
    const environment = readEnvironment(`${this.procDir}/${identity.pid}`);
    // Checked after the reading: who is there now was there all the time, since its pid was not free.
    return environment !== null && this.isAlive(identity) ? environment : null;
  }

  paths(identity: ProcessIdentity): { cwd: string | null; executable: string | null } {
    const cwd = readLink(`${this.procDir}/${identity.pid}/cwd`);
    const executable = readExecutable(`${this.procDir}/${identity.pid}`);
    return this.isAlive(identity) ? { cwd, executable } : { cwd: null, executable: null };
  }

  facts(identity: ProcessIdentity): ProcessFacts | null {
    const processDir = `${this.procDir}/${identity.pid}`;
    const status = readStatusFacts(processDir);
    if (status === null) return null;
    const facts: ProcessFacts = {
      executable: readExecutable(processDir),
      cwd: readLink(`${processDir}/cwd`),
      argv: readWholeArgv(processDir),
      foreign: this.namespace.isForeign(processDir, status.pidCount),
      uids: status.uids,
    };
    // Checked after the reading, as in `environment`.
    return this.isAlive(identity) ? facts : null;
  }

  privateBytes(identity: ProcessIdentity): number | null {
    const { pid } = identity;
    const record = this.records.get(pid);
    const known = record !== undefined && record.startTime === identity.startTime ? record : null;
    const holder: StatHolder = known?.memory ?? { pid, file: 'statm', fd: -1 };
    // A kept descriptor speaks of the process it was opened for, or of none.
    let length = this.files.readKept(holder);
    if (length !== UNREADABLE) return this.privateBytesRead(length);
    length = this.files.read(holder);
    const bytes = this.privateBytesRead(length);
    // A fresh one was found by pid only. Checked after the reading, as in `environment`.
    if (bytes !== null && this.isStillThere(identity)) {
      if (known !== null && this.records.get(pid) === known) known.memory = holder;
      else this.files.release(holder);
      return bytes;
    }
    this.files.release(holder);
    return null;
  }

  proportionalBytes(identity: ProcessIdentity): number | null {
    const record = this.records.get(identity.pid);
    if (record === undefined || record.startTime !== identity.startTime) return null;
    const { rssBytes } = record;
    const privateBytes = this.privateBytes(identity);
    if (privateBytes === null) return null;
    const pss = this.sharedMemory.pssBytes(record, { rssBytes, privateBytes });
    return pss !== null && this.isStillThere(identity) ? pss : null;
  }

  sockets(identity: ProcessIdentity, mostDescriptors?: number): readonly string[] | null {
    const numbers = readSockets(`${this.procDir}/${identity.pid}/fd`, mostDescriptors);
    return numbers !== null && this.isStillThere(identity) ? numbers : null;
  }

  ioBytes(identity: ProcessIdentity): IoBytes | null {
    const bytes = readIo(`${this.procDir}/${identity.pid}`);
    return bytes !== null && this.isStillThere(identity) ? bytes : null;
  }

  openFiles(identity: ProcessIdentity): number | null {
    const count = countOpenFiles(`${this.procDir}/${identity.pid}/fd`);
    return count !== null && this.isStillThere(identity) ? count : null;
  }

  dispose(): void {
    this.disposed = true;
    this.files.dispose();
    this.records.clear();
  }

  private async runPass(): Promise<ProcessScan> {
    this.refuseWhenDisposed();
    const pass = ++this.pass;
    const atMs = this.clock.monotonicMs();
    this.context.accounts.refresh(atMs);
    this.context.waitedMs = 0;
    this.sharedMemory.beginPass();
    this.context.reapers.length = 0;
    const entries = this.list();
    const samples: ProcessSample[] = [];
    let sliceEndsMs = atMs + this.sliceMs;
    let nowMs = atMs;
    let untilCheck = PROCESSES_BETWEEN_CHECKS;

    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      const first = entry.charCodeAt(0);
      if (first < DIGIT_ZERO || first > DIGIT_NINE) continue;
      if (--untilCheck === 0) {
        untilCheck = PROCESSES_BETWEEN_CHECKS;
        const checkedMs = nowMs;
        nowMs = this.clock.monotonicMs();
        if (nowMs - checkedMs >= STARVED_MS) this.onStarved();
        if (nowMs >= sliceEndsMs) {
          await new Promise((resolve) => setImmediate(resolve));
          this.refuseWhenDisposed();
          nowMs = this.clock.monotonicMs();
          sliceEndsMs = nowMs + this.sliceMs;
        }
      }
      const sample = this.read(Number(entry), pass, nowMs, samples.length);
      if (sample !== null) samples.push(sample);
    }
    if (this.records.size !== samples.length || this.ended.length > 0) this.forgetGone(pass);
    for (const reaper of this.context.reapers) {
      const sample = reaper.pass === pass ? reaper.settleReaped(pass) : null;
      if (sample !== null) samples[reaper.place] = sample;
    }
    this.context.lastPassAtMs = atMs;
    this.found = samples.length;
    return { atMs, samples };
  }

  /** The reading of a pid, or null when it has none; the descriptor it was read through identifies the process. */
  private read(pid: number, pass: number, atMs: number, place: number): ProcessSample | null {
    let record = this.records.get(pid);
    if (record !== undefined) {
      const length = this.files.read(record);
      const sample = length > 0 ? record.unchanged(this.files.words, length, atMs, this.context) : null;
      if (sample !== null) {
        record.pass = pass;
        record.place = place;
        return sample;
      }
      if (length > 0 && parseStat(this.files.bytes, length, this.line)) {
        if (this.line.fields[StatField.startTime] === record.startTime) {
          record.pass = pass;
          record.place = place;
          return record.update(this.files, length, this.line, atMs, this.context);
        }
      }
      // It ended, and its pid may belong to another one already.
      this.forget(record);
    }
    record = new ProcessRecord(pid);
    const length = this.files.read(record);
    if (length < 0 || !parseStat(this.files.bytes, length, this.line)) {
      this.files.release(record);
      // The living would be taken for dead: no table is better than a wrong one.
      if (length === NO_DESCRIPTOR) throw new Error(NO_DESCRIPTOR_MESSAGE);
      return null;
    }
    const startTime = this.line.fields[StatField.startTime]!;
    const startedAt = this.bootTime.wallMsOf(startTime);
    record.begin(startTime, startedAt, atMs - (this.clock.wallMs() - startedAt));
    record.pass = pass;
    record.place = place;
    this.records.set(pid, record);
    return record.update(this.files, length, this.line, atMs, this.context);
  }

  /** Whether the pid is this process's still; a zombie keeps its pid. */
  private isStillThere(identity: ProcessIdentity): boolean {
    const now = this.identify(identity.pid);
    return now !== null && sameIdentity(now, identity);
  }

  private privateBytesRead(length: number): number | null {
    const pages = length < 0 ? null : parsePrivatePages(this.files.bytes, length);
    return pages === null ? null : pages * this.context.pageBytes;
  }

  private list(): string[] {
    for (;;) {
      try {
        return readdirSync(this.procDir);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code !== 'EMFILE' && code !== 'ENFILE') throw error;
        if (!this.files.giveBack()) throw new Error(NO_DESCRIPTOR_MESSAGE);
      }
    }
  }

  /** Forgets who was not seen in this scan, whose time its nearest living ancestor may be given by the kernel. */
  private forgetGone(pass: number): void {
    const gone = this.ended.splice(0);
    for (const record of this.records.values()) if (record.pass !== pass) gone.push(record);
    for (const record of gone) {
      let parent = this.records.get(record.ppid);
      for (let up = 0; parent !== undefined && parent.pass !== pass && up < gone.length; up++) {
        parent = this.records.get(parent.ppid);
      }
      if (parent !== undefined && record.spentTicks > 0) parent.reaped.childGone(record.spentTicks, pass);
    }
    for (const record of gone) this.forget(record);
    this.ended.length = 0;
  }

  private forget(record: ProcessRecord): void {
    this.files.release(record);
    if (record.memory !== null) this.files.release(record.memory);
    if (this.records.get(record.pid) !== record) return;
    this.records.delete(record.pid);
    this.ended.push(record);
  }

  private refuseWhenDisposed(): void {
    if (this.disposed) throw new Error('The process table is closed.');
  }
}

/** Half of what this process may have open. */
function openFilesBudget(): number {
  try {
    const limit = parseOpenFilesLimit(readFileSync('/proc/self/limits', 'latin1')) ?? 2 * DEFAULT_OPEN_FILES;
    return Math.min(Math.floor(limit / 2), MAX_OPEN_FILES);
  } catch {
    return DEFAULT_OPEN_FILES;
  }
}

/** Null where it may not be read. */
function countOpenFiles(fdDir: string): number | null {
  try {
    // Linux 6.2 and newer count for us: the size of the directory. Before that it is 0.
    return statSync(fdDir).size || readdirSync(fdDir).length;
  } catch {
    return null;
  }
}

function existsBySignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readExecutable(processDir: string): string | null {
  const link = readLink(`${processDir}/exe`);
  return link === null ? null : executablePath(link);
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
