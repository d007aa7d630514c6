import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../../shared/model/process';
import type {
  BirthCount,
  Clock,
  IoBytes,
  ProcessFacts,
  ProcessScan,
  ProcessTable,
  ThreadTime,
} from '../../../engine/ports';
import { readPidfile } from '../pidfile';
import { oneAtATime } from '../scan-queue';
import { Accounts } from './accounts';
import { Births } from './births';
import { hasEnded, parsePrivatePages, parseStat, StatField, StatLine } from './parse-stat';
import { PidNamespace } from './pid-namespace';
import { parseArgv, readStatusFacts } from './process-facts';
import { ProcessRecord, type RecordContext } from './process-record';
import { DirectReader, GONE, HELD_UP, MAX_BATCH, MAX_READ_BYTES, UNREADABLE, type ProcfsReader } from './procfs-reader';
import { SharedMemory } from './shared-memory';
import { NO_DESCRIPTOR, StatFiles, type StatHolder } from './stat-files';
import { BootTime, pageSizeBytes, parseOpenFilesLimit } from './system-facts';

export { parseStat, StatField, StatLine } from './parse-stat';

/** Kept descriptors when the limit can't be read: half of the smallest limit that systems set. */
const DEFAULT_OPEN_FILES = 512;
/** Each kept descriptor pins some kernel memory; beyond this many processes the rest is opened and closed. */
const MAX_OPEN_FILES = 32_768;
const DEFAULT_SLICE_MS = 4;
/** For one batch: we waited for the processor: even new processes take a few ms only. */
const STARVED_MS = 40;
/** Command lines that are read at once. */
const ARGUMENTS_AT_ONCE = 16;
/**
 * Reading arguments waits for a process that is just forking (it holds its mmap lock, and on a busy machine it holds it
 * while others run): in a scan that waited this long for them, those of young processes are left for the next scan.
 */
const MAX_WAITED_MS = 50;
/** A reading of some that took less did not wait. */
const WAITED_MS = 5;
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
  /** Reads what may hang; in this thread unless given. */
  reader?: ProcfsReader;
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
  private readonly reader: ProcfsReader;
  private readonly files: StatFiles;
  private readonly births: Births;
  private readonly line = new StatLine();
  private readonly records = new Map<number, ProcessRecord>();
  /** Whose end was noticed since the end of the last scan. */
  private readonly ended: ProcessRecord[] = [];
  private readonly sharedMemory = new SharedMemory<ProcessRecord>(({ pid }) =>
    this.reader.read(pid, 'pss', this.dirOf(pid)),
  );
  private readonly bootTime: BootTime;
  private readonly namespace: PidNamespace;
  private readonly context: RecordContext;
  private pass = 0;
  private found = 0;
  /** How long this scan has waited for arguments. */
  private waitedMs = 0;
  private disposed = false;

  constructor(options: ProcfsTableOptions) {
    this.clock = options.clock;
    this.procDir = options.procDir ?? '/proc';
    this.sliceMs = options.sliceMs ?? DEFAULT_SLICE_MS;
    this.onStarved = options.onStarved ?? (() => undefined);
    this.reader = options.reader ?? new DirectReader();
    this.files = new StatFiles(this.procDir, options.maxOpenFiles ?? openFilesBudget(), this.reader);
    this.births = new Births(this.procDir, this.reader);
    this.bootTime = new BootTime(this.clock, this.procDir);
    this.namespace = new PidNamespace(this.procDir);
    this.context = {
      procDir: this.procDir,
      pageBytes: pageSizeBytes(),
      accounts: new Accounts(),
      due: [],
      lastPassAtMs: Number.NaN,
      reapers: [],
    };
    this.scan = oneAtATime(() => this.runPass());
  }

  get size(): number {
    return this.found;
  }

  isAlive(identity: ProcessIdentity): boolean {
    const known = this.recordOf(identity);
    // From the first time on there is a descriptor to know it by.
    if (known?.memory === null) this.privateBytes(known);
    if (known !== null && this.hasMemory(known)) return true;
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
    // Its pid is not free as long as it lives.
    if (length === HELD_UP && record !== undefined && this.hasMemory(record))
      return { pid, startTime: record.startTime };
    if (length < 0 || !parseStat(this.files.bytes, length, this.line)) return null;
    return { pid, startTime: this.line.fields[StatField.startTime]! };
  }

  environment(identity: ProcessIdentity): Readonly<Record<string, string>> | null {
    const environment = this.reader.read(identity.pid, 'environment', this.dirOf(identity.pid));
    // Checked after the reading: who is there now was there all the time, since its pid was not free.
    return environment !== null && this.isAlive(identity) ? environment : null;
  }

  bornWith(variable: string, since: BirthCount, isElsewhere: (session: number) => boolean): ReadonlySet<string> | null {
    return this.births.valuesSince(since, variable, isElsewhere);
  }

  paths(identity: ProcessIdentity): { cwd: string | null; executable: string | null } {
    const paths = this.reader.read(identity.pid, 'paths', this.dirOf(identity.pid));
    return paths !== null && this.isAlive(identity) ? paths : { cwd: null, executable: null };
  }

  facts(identity: ProcessIdentity): ProcessFacts | null {
    const processDir = this.dirOf(identity.pid);
    const status = readStatusFacts(processDir);
    if (status === null) return null;
    const read = this.reader.read(identity.pid, 'facts', processDir);
    const { pidNamespace = null, ...seen } = read ?? { executable: null, cwd: null, argv: [] };
    const facts: ProcessFacts = {
      ...seen,
      foreign: this.namespace.isForeign(pidNamespace, status.pidCount),
      uids: status.uids,
    };
    // Checked after the reading, as in `environment`.
    return this.isAlive(identity) ? facts : null;
  }

  privateBytes(identity: ProcessIdentity): number | null {
    const { pid } = identity;
    const known = this.recordOf(identity);
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
    const record = this.recordOf(identity);
    if (record === null) return null;
    const { rssBytes } = record;
    const privateBytes = this.privateBytes(identity);
    if (privateBytes === null) return null;
    const pss = this.sharedMemory.pssBytes(record, { rssBytes, privateBytes });
    return pss !== null && this.isStillThere(identity) ? pss : null;
  }

  sockets(identity: ProcessIdentity, mostDescriptors?: number): readonly string[] | null {
    const numbers = this.reader.read(identity.pid, 'sockets', `${this.dirOf(identity.pid)}/fd`, mostDescriptors);
    return numbers !== null && this.isStillThere(identity) ? numbers : null;
  }

  ioBytes(identity: ProcessIdentity): IoBytes | null {
    const bytes = this.reader.read(identity.pid, 'io', this.dirOf(identity.pid));
    return bytes !== null && this.isStillThere(identity) ? bytes : null;
  }

  schedulerTimes(identity: ProcessIdentity): readonly ThreadTime[] | null {
    const times = this.reader.read(identity.pid, 'schedulerTimes', `${this.dirOf(identity.pid)}/task`);
    return times !== null && this.isStillThere(identity) ? times : null;
  }

  waitChannels(identity: ProcessIdentity): readonly (string | null)[] | null {
    const channels = this.reader.read(identity.pid, 'waitChannels', `${this.dirOf(identity.pid)}/task`);
    return channels !== null && this.isStillThere(identity) ? channels : null;
  }

  openFiles(identity: ProcessIdentity): number | null {
    const count = this.reader.read(identity.pid, 'openFiles', `${this.dirOf(identity.pid)}/fd`);
    return count !== null && this.isStillThere(identity) ? count : null;
  }

  dispose(): void {
    this.disposed = true;
    this.births.dispose();
    this.files.dispose();
    this.records.clear();
  }

  private async runPass(): Promise<ProcessScan> {
    this.refuseWhenDisposed();
    const pass = ++this.pass;
    const atMs = this.clock.monotonicMs();
    this.context.accounts.refresh(atMs);
    this.sharedMemory.beginPass();
    this.context.reapers.length = 0;
    this.waitedMs = 0;
    // Before the list is read: who is not on it was born later.
    const births = this.births.count();
    const pids = this.list();
    const samples: ProcessSample[] = [];
    let sliceEndsMs = atMs + this.sliceMs;
    let nowMs = atMs;

    for (let from = 0; from < pids.length; from += MAX_BATCH) {
      this.readBatch(pids.slice(from, from + MAX_BATCH), pass, nowMs, samples);
      const checkedMs = nowMs;
      nowMs = this.clock.monotonicMs();
      if (nowMs - checkedMs >= STARVED_MS) this.onStarved();
      if (nowMs < sliceEndsMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      this.refuseWhenDisposed();
      nowMs = this.clock.monotonicMs();
      sliceEndsMs = nowMs + this.sliceMs;
    }
    if (this.records.size !== samples.length || this.ended.length > 0) this.forgetGone(pass);
    for (const reaper of this.context.reapers) {
      const sample = reaper.pass === pass ? reaper.settleReaped(pass) : null;
      if (sample !== null) samples[reaper.place] = sample;
    }
    this.context.lastPassAtMs = atMs;
    this.found = samples.length;
    return { atMs, samples, births };
  }

  /** Adds the readings of some pids; those that belong to nobody any more have none. */
  private readBatch(pids: readonly number[], pass: number, atMs: number, samples: ProcessSample[]): void {
    const records = pids.map((pid) => this.records.get(pid) ?? new ProcessRecord(pid));
    const { lengths, select } = this.files.readEach(records);
    for (let at = 0; at < records.length; at++) {
      const length = lengths[at]!;
      if (length >= 0) select(at);
      const sample = this.take(records[at]!, length, pass, atMs, samples.length);
      if (sample !== null) samples.push(sample);
    }
    this.readArguments(samples, atMs);
  }

  /** The reading of a pid, whose stat has this length; the descriptor it was read through identifies the process. */
  private take(record: ProcessRecord, length: number, pass: number, atMs: number, place: number): ProcessSample | null {
    const { pid } = record;
    if (this.records.get(pid) === record) {
      const sample = this.update(record, length === UNREADABLE ? this.files.read(record) : length, atMs);
      if (sample !== null) {
        record.pass = pass;
        record.place = place;
        return sample;
      }
      // It ended, and its pid may belong to another one already.
      this.forget(record);
      record = new ProcessRecord(pid);
      length = UNREADABLE;
    }
    if (length === UNREADABLE) length = this.files.read(record);
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

  /** The reading of a known process; null: it is gone. */
  private update(record: ProcessRecord, length: number, atMs: number): ProcessSample | null {
    // Who holds us up is still there, as it was.
    if (length === HELD_UP) return this.hasEndedByMemory(record) ? null : record.lastSample;
    if (length < 0) return null;
    const sample = record.unchanged(this.files.words, length, atMs, this.context);
    if (sample !== null) return sample;
    if (!parseStat(this.files.bytes, length, this.line)) return null;
    if (this.line.fields[StatField.startTime] !== record.startTime) return null;
    return record.update(this.files, length, this.line, atMs, this.context);
  }

  /** Reads the arguments that are due, and puts them into the readings. */
  private readArguments(samples: ProcessSample[], atMs: number): void {
    const due = this.context.due.splice(0);
    for (let from = 0; from < due.length; from += ARGUMENTS_AT_ONCE) {
      const some = due.slice(from, from + ARGUMENTS_AT_ONCE).filter((record) => {
        if (this.waitedMs <= MAX_WAITED_MS || !record.isUnsettled(atMs)) return true;
        record.postponeArguments(atMs);
        return false;
      });
      const startedMs = performance.now();
      const read = this.argumentsOf(some);
      const tookMs = performance.now() - startedMs;
      if (tookMs >= WAITED_MS) this.waitedMs += tookMs;
      some.forEach((record, at) => {
        const found = read[at]!;
        if (found === null) return record.postponeArguments(atMs);
        const sample = record.settleArguments(found.argv, found.isCut);
        if (sample !== null) samples[record.place] = sample;
      });
    }
  }

  /** The beginnings of command lines, empty where they may not be read; null where that is to be tried again. */
  private argumentsOf(records: readonly ProcessRecord[]): readonly ({ argv: string[]; isCut: boolean } | null)[] {
    const files = records.map(({ pid }) => ({ pid, fd: openOrNone(`${this.dirOf(pid)}/cmdline`) }));
    const opened = files.filter(({ fd }) => fd >= 0);
    try {
      const { lengths, lines } = this.reader.readOpen(opened);
      return files.map((file) => {
        const place = opened.indexOf(file);
        const length = place < 0 ? 0 : lengths[place]!;
        if (length === HELD_UP) return null;
        const argv = length <= 0 ? [] : parseArgv(lines[place]!.bytes.subarray(0, length));
        return { argv, isCut: length === MAX_READ_BYTES };
      });
    } finally {
      for (const { fd } of opened) closeSync(fd);
    }
  }

  private recordOf({ pid, startTime }: ProcessIdentity): ProcessRecord | null {
    const record = this.records.get(pid);
    return record !== undefined && record.startTime === startTime ? record : null;
  }

  private dirOf(pid: number): string {
    return `${this.procDir}/${pid}`;
  }

  /** Whether it has memory, by a kept descriptor, which never hangs: who lives has some, zombies and kernel threads have none. */
  private hasMemory({ memory }: ProcessRecord): boolean {
    return memory !== null && this.files.readKept(memory) > 0 && this.files.bytes[0] !== DIGIT_ZERO;
  }

  private hasEndedByMemory({ memory }: ProcessRecord): boolean {
    return memory !== null && this.files.readKept(memory) === GONE;
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

  private list(): readonly number[] {
    for (;;) {
      try {
        return readdirSync(this.procDir).flatMap((entry) => {
          const first = entry.charCodeAt(0);
          return first < DIGIT_ZERO || first > DIGIT_NINE ? [] : Number(entry);
        });
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

function existsBySignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** -1 where it may not be opened. */
function openOrNone(path: string): number {
  try {
    return openSync(path, 'r');
  } catch {
    return -1;
  }
}
