import type { ProcessSample, ProcessState } from '../../../../shared/model/process';
import type { Accounts } from './accounts';
import { isKernelThread, StatField, type StatLine } from './parse-stat';
import { readUid } from './process-facts';
import { processState } from './process-state';
import type { StatFiles, StatHolder } from './stat-files';
import { ReapedTime } from './reaped-time';
import { MS_PER_TICK } from './system-facts';

/** Below it, one tick of 10 ms would be too many %: the value before is kept and the window goes on. */
const MIN_CPU_WINDOW_MS = 200;

/** How exactly the time of a birth is known where the time of the boot is (`BootTime`). */
const BIRTH_SLACK_MS = 1500;

/** Facts that may still change are not read again sooner. */
const MIN_FACTS_AGE_MS = 200;

/** So long after its start, or after a new name, a process may still be on its way through fork, exec and setuid. */
const UNSETTLED_MS = 5000;

const NONE: readonly string[] = Object.freeze([]);

/** What is the same for all records of a table. */
export interface RecordContext {
  readonly procDir: string;
  readonly pageBytes: number;
  readonly accounts: Accounts;
  /** Records whose arguments are to be read. */
  readonly due: ProcessRecord[];
  /** When the scan before this one began, monotonic; NaN for the first scan. */
  lastPassAtMs: number;
  /** Records whose children's time grew, or was counted before, in this scan: settled at its end. */
  readonly reapers: ProcessRecord[];
}

/** What is remembered of one process between two scans. */
export class ProcessRecord implements StatHolder {
  readonly file = 'stat';
  fd = -1;
  /** Its statm, once somebody asked for its private memory. */
  memory: StatHolder | null = null;
  /** Number of the last scan that saw it, and its place among the samples of that scan. */
  pass = 0;
  place = 0;
  /** What its children used that have ended. */
  readonly reaped = new ReapedTime();
  private name = '';
  private nameBytes: Uint8Array = new Uint8Array(0);
  private changedAtMs = 0;
  private factsAtMs = Number.NEGATIVE_INFINITY;
  private argv: readonly string[] = NONE;
  private argvCut = false;
  private uid = -1;
  private user = '';
  private accountsVersion = -1;
  private cpuTicks = 0;
  private cpuAtMs = Number.NaN;
  /** Ticks of the last reading; those of the window's beginning are `cpuTicks`. */
  private seenTicks = 0;
  private cpuPercent = 0;
  private sample: ProcessSample | null = null;
  /** The last line: whole words, and its length in bytes. */
  private lineWords: Int32Array = new Int32Array(0);
  private lineLength = 0;

  /** Ticks since boot. */
  startTime = -1;
  private startedAt = 0;

  constructor(readonly pid: number) {}

  /** Identifies the process of the record, once the first line was read. Its start: in ticks, in wall time, in monotonic time. */
  begin(startTime: number, startedAt: number, bornAtMs: number): void {
    this.startTime = startTime;
    this.startedAt = startedAt;
    this.changedAtMs = bornAtMs;
  }

  /**
   * The reading before, when the line is the same byte for byte and nothing else is due; else null. Most processes
   * sleep, and comparing words costs a fraction of parsing.
   */
  unchanged(words: Int32Array, length: number, atMs: number, context: RecordContext): ProcessSample | null {
    if (length !== this.lineLength || this.cpuPercent !== 0 || this.accountsVersion !== context.accounts.version) {
      return null;
    }
    if (!this.reaped.isIdle) return null;
    const known = this.lineWords;
    for (let i = 0; i < known.length; i++) {
      if (known[i] !== words[i]) return null;
    }
    if (this.cpuTicks !== this.seenTicks || this.factsAreDue(atMs)) return null;
    this.cpuAtMs = atMs;
    return this.sample;
  }

  /** Keeps the line for `unchanged`. */
  private keepLine(words: Int32Array, length: number): void {
    const count = (length + 3) >> 2;
    if (this.lineWords.length !== count) this.lineWords = new Int32Array(count);
    const known = this.lineWords;
    for (let i = 0; i < count; i++) known[i] = words[i]!;
    this.lineLength = length;
  }

  /**
   * The reading of `line`, which was read from `bytes` at `atMs`. The object of the reading before is given out again
   * when nothing changed: readings are immutable, and most processes sleep.
   */
  update(files: StatFiles, length: number, line: StatLine, atMs: number, context: RecordContext): ProcessSample {
    const bytes = files.bytes;
    const fields = line.fields;
    this.keepLine(files.words, length);
    this.updateCpu(
      fields[StatField.userTicks]! + fields[StatField.systemTicks]!,
      fields[StatField.childUserTicks]! + fields[StatField.childSystemTicks]!,
      atMs,
      context,
    );
    const factsChanged = this.updateFacts(bytes, line, atMs, context);

    const state = processState(line);
    const rssBytes = fields[StatField.rssPages]! * context.pageBytes;
    const last = this.sample;
    if (
      last !== null &&
      !factsChanged &&
      last.cpuPercent === this.cpuPercent &&
      last.reapedCpuPercent === this.reaped.percent &&
      last.rssBytes === rssBytes &&
      last.state === state &&
      last.ppid === fields[StatField.ppid] &&
      last.pgid === fields[StatField.pgid] &&
      last.session === fields[StatField.session] &&
      last.threads === fields[StatField.threads]
    ) {
      return last;
    }
    this.sample = this.newSample(line, state, rssBytes);
    return this.sample;
  }

  /** Its own time and that of its ended children, in ticks, as the last reading showed them. */
  get spentTicks(): number {
    return this.seenTicks + this.reaped.seenTicks;
  }

  get rssBytes(): number {
    return this.sample?.rssBytes ?? 0;
  }

  get ppid(): number {
    return this.sample?.ppid ?? 0;
  }

  /** The last reading; null: there is none yet. */
  get lastSample(): ProcessSample | null {
    return this.sample;
  }

  /** Whether it may still be on its way through fork, exec and setuid. */
  isUnsettled(atMs: number): boolean {
    return atMs - this.changedAtMs < UNSETTLED_MS;
  }

  /** Its arguments could not be read now: they are read again soon. */
  postponeArguments(atMs: number): void {
    this.changedAtMs = atMs;
  }

  /** Its arguments are these: the reading, with them. */
  settleArguments(argv: readonly string[], isCut: boolean): ProcessSample | null {
    if (this.sample === null || (sameTexts(argv, this.argv) && isCut === this.argvCut)) return this.sample;
    this.argv = Object.freeze(argv);
    this.argvCut = isCut;
    const { argvCut: _, ...sample } = this.sample;
    this.sample = { ...sample, ...this.argumentsIn(sample.state) };
    return this.sample;
  }

  /** At the end of a scan, when it is known who has ended: the reading, with what its ended children used. */
  settleReaped(pass: number): ProcessSample | null {
    this.reaped.settle(pass);
    if (this.sample !== null && this.sample.reapedCpuPercent !== this.reaped.percent) {
      this.sample = { ...this.sample, reapedCpuPercent: this.reaped.percent };
    }
    return this.sample;
  }

  private newSample(line: StatLine, state: ProcessState, rssBytes: number): ProcessSample {
    const fields = line.fields;
    return {
      pid: this.pid,
      startTime: this.startTime,
      ppid: fields[StatField.ppid]!,
      pgid: fields[StatField.pgid]!,
      session: fields[StatField.session]!,
      name: this.name,
      state,
      cpuPercent: this.cpuPercent,
      reapedCpuPercent: this.reaped.percent,
      rssBytes,
      threads: fields[StatField.threads]!,
      kernel: isKernelThread(line),
      uid: this.uid,
      user: this.user,
      ...this.argumentsIn(state),
      startedAt: this.startedAt,
    };
  }

  private argumentsIn(state: ProcessState): Pick<ProcessSample, 'argv' | 'argvCut'> {
    return { argv: state === 'zombie' ? NONE : this.argv, ...(this.argvCut ? { argvCut: true as const } : {}) };
  }

  private updateCpu(ticks: number, childTicks: number, atMs: number, context: RecordContext): void {
    this.seenTicks = ticks;
    if (Number.isNaN(this.cpuAtMs)) return this.beginCpu(ticks, childTicks, atMs, context);
    const elapsedMs = atMs - this.cpuAtMs;
    this.reaped.seenTicks = childTicks;
    if (elapsedMs < MIN_CPU_WINDOW_MS) return;
    this.cpuPercent = Math.max(0, (100 * (ticks - this.cpuTicks) * MS_PER_TICK) / elapsedMs);
    this.cpuTicks = ticks;
    this.cpuAtMs = atMs;
    if (this.reaped.closeWindow(elapsedMs)) context.reapers.push(this);
  }

  /** The first reading: who was born since the scan before has used all of its time since then. Of others nothing is known. */
  private beginCpu(ticks: number, childTicks: number, atMs: number, { lastPassAtMs }: RecordContext): void {
    this.cpuTicks = ticks;
    this.cpuAtMs = atMs;
    this.reaped.begin(childTicks);
    const windowMs = Math.max(MIN_CPU_WINDOW_MS, atMs - lastPassAtMs);
    if (this.changedAtMs >= lastPassAtMs - BIRTH_SLACK_MS) this.cpuPercent = (100 * ticks * MS_PER_TICK) / windowMs;
  }

  /** Name and owner; true when one of them may have changed. The arguments are read later, with those of others. */
  private updateFacts(bytes: Uint8Array, line: StatLine, atMs: number, context: RecordContext): boolean {
    let changed = false;
    if (!this.hasName(bytes, line.nameStart, line.nameEnd)) {
      // A copy: `slice` of a Buffer would be what the next line is read into.
      this.nameBytes = Uint8Array.from(bytes.subarray(line.nameStart, line.nameEnd));
      this.name = Buffer.from(this.nameBytes).toString('utf8');
      if (this.sample !== null) this.changedAtMs = atMs;
      this.factsAtMs = Number.NEGATIVE_INFINITY;
      changed = true;
    }
    if (this.factsAreDue(atMs)) {
      this.factsAtMs = atMs;
      const uid = isKernelThread(line) ? 0 : readUid(`${context.procDir}/${this.pid}`);
      if (!isKernelThread(line)) context.due.push(this);
      if (uid !== this.uid) {
        this.uid = uid;
        this.accountsVersion = -1;
        changed = true;
      }
      // Everybody may read the owner: a failure (such as no descriptor left) is temporary.
      if (uid < 0) this.changedAtMs = atMs;
    }
    if (this.accountsVersion !== context.accounts.version) {
      this.accountsVersion = context.accounts.version;
      const user = context.accounts.nameOf(this.uid);
      changed ||= user !== this.user;
      this.user = user;
    }
    return changed;
  }

  private factsAreDue(atMs: number): boolean {
    return this.factsAtMs - this.changedAtMs < UNSETTLED_MS && atMs - this.factsAtMs >= MIN_FACTS_AGE_MS;
  }

  private hasName(bytes: Uint8Array, start: number, end: number): boolean {
    const known = this.nameBytes;
    if (known.length !== end - start) return false;
    for (let i = 0; i < known.length; i++) {
      if (known[i] !== bytes[start + i]) return false;
    }
    return true;
  }
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
