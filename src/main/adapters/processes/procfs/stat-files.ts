import { closeSync, openSync } from 'node:fs';
import { errorCode } from '../../files/notice';
import { GONE, ReadingMemory, SINGLE_PLACE, UNREADABLE, type Line, type ProcfsReader } from './procfs-reader';

/** A process of which a file may be kept open. */
export interface StatHolder {
  readonly pid: number;
  readonly file: 'stat' | 'statm';
  /** The open /proc/<pid>/<file>, or -1. Only StatFiles sets it. */
  fd: number;
}

/** `read` had no descriptor to look with. */
export const NO_DESCRIPTOR = -3;

/** How many descriptors are released at once when the process has none left, for others that need one. */
const GIVEN_BACK_AT_ONCE = 64;

/**
 * Reads /proc/<pid>/stat and statm, and keeps the descriptors up to a budget: reading a kept one costs half of open, read and
 * close, and it can't be fooled. It belongs to the process it was opened for, and fails with ESRCH for ever after that
 * one's end, whoever has its pid then. statm never hangs, so it is read here, and stat by the reader.
 */
export class StatFiles {
  private readonly kept = new Set<StatHolder>();
  private readonly own = new ReadingMemory(new ArrayBuffer(ReadingMemory.BYTES));
  private line: Line;

  constructor(
    private readonly procDir: string,
    private budget: number,
    private readonly reader: ProcfsReader,
  ) {
    this.line = this.own.lines[SINGLE_PLACE]!;
  }

  /** What the last `read` got, or `readEach` for the selected one; filled again by the next. */
  get bytes(): Buffer {
    return this.line.bytes;
  }

  /** The same memory in words, for quick comparisons; the line's last word is filled up with zeros. */
  get words(): Int32Array {
    return this.line.words;
  }

  /** Number of bytes read into `bytes`, or a negative value: `NO_DESCRIPTOR` or one of the reader's. */
  read(holder: StatHolder): number {
    const length = this.readKept(holder);
    return length === UNREADABLE ? this.open(holder) : length;
  }

  /** As `read`, but only through a descriptor that was kept: UNREADABLE where there is none. */
  readKept(holder: StatHolder): number {
    if (holder.fd < 0) return UNREADABLE;
    const length = this.readLine(holder, holder.fd);
    if (length === GONE || length === UNREADABLE) this.release(holder);
    return length;
  }

  /**
   * As `read` for each of `MAX_BATCH` at most; `select` then puts one into `bytes`. UNREADABLE where one has to be read by itself. What was
   * read stays until the next `readEach`.
   */
  readEach(holders: readonly StatHolder[]): { lengths: readonly number[]; select: (at: number) => void } {
    const passing: StatHolder[] = [];
    const lengths = holders.map((holder) => (holder.fd >= 0 ? UNREADABLE : this.openFor(holder, passing)));
    // To open one, others may have been given back.
    const files = holders.filter(({ fd }) => fd >= 0);
    const batch = this.reader.readOpen(files);
    const places: number[] = [];
    let place = 0;
    for (let at = 0; at < holders.length; at++) {
      if (holders[at]!.fd < 0) continue;
      places[at] = place;
      lengths[at] = batch.lengths[place++]!;
      if (lengths[at] === GONE || lengths[at] === UNREADABLE) this.release(holders[at]!);
    }
    for (const holder of passing) this.release(holder);
    return { lengths, select: (at) => (this.line = batch.lines[places[at]!]!) };
  }

  /** Reads a process that nobody holds; keeps nothing. */
  readOnce(pid: number): number {
    const visitor: StatHolder = { pid, file: 'stat', fd: -1 };
    try {
      return this.read(visitor);
    } finally {
      this.release(visitor);
    }
  }

  /** Closes the holder's descriptor if it has one. */
  release(holder: StatHolder): void {
    if (holder.fd < 0) return;
    closeSync(holder.fd);
    holder.fd = -1;
    this.kept.delete(holder);
  }

  /** Closes all, and keeps none from now on. */
  dispose(): void {
    this.budget = 0;
    for (const holder of this.kept) this.release(holder);
  }

  /** Closes some kept descriptors for good: the limit is nearer than was thought. False when none was kept. */
  giveBack(): boolean {
    if (this.kept.size === 0) return false;
    let left = GIVEN_BACK_AT_ONCE;
    for (const holder of this.kept) {
      if (left-- === 0) break;
      this.release(holder);
    }
    this.budget = this.kept.size;
    return true;
  }

  private open(holder: StatHolder): number {
    const passing: StatHolder[] = [];
    const refused = this.openFor(holder, passing);
    if (holder.fd < 0) return refused;
    const length = this.readLine(holder, holder.fd);
    if (passing.length > 0 || length === GONE || length === UNREADABLE) this.release(holder);
    return length;
  }

  /** Opens the file of a holder, which joins `passing` where it is not kept: UNREADABLE as yet, or the value that `read` returns. */
  private openFor(holder: StatHolder, passing: StatHolder[]): number {
    for (;;) {
      try {
        holder.fd = openSync(`${this.procDir}/${holder.pid}/${holder.file}`, 'r');
      } catch (error) {
        const code = errorCode(error);
        if (code === 'ENOENT' || code === 'ESRCH') return GONE;
        if (code !== 'EMFILE' && code !== 'ENFILE') return UNREADABLE;
        if (this.giveBack()) continue;
        // Those that are passing are closed soon.
        return passing.length > 0 ? UNREADABLE : NO_DESCRIPTOR;
      }
      if (this.kept.size < this.budget) this.kept.add(holder);
      else passing.push(holder);
      return UNREADABLE;
    }
  }

  private readLine({ pid, file }: StatHolder, fd: number): number {
    if (file === 'statm') {
      this.own.fds[SINGLE_PLACE] = fd;
      this.own.read(SINGLE_PLACE);
      this.line = this.own.lines[SINGLE_PLACE]!;
      return this.own.lengths[SINGLE_PLACE]!;
    }
    const { lengths, lines } = this.reader.readOpen([{ pid, fd }], SINGLE_PLACE);
    this.line = lines[SINGLE_PLACE]!;
    return lengths[SINGLE_PLACE]!;
  }
}
