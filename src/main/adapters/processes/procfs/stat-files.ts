import { closeSync, openSync, readSync } from 'node:fs';

/** A process of which a file may be kept open. */
export interface StatHolder {
  readonly pid: number;
  readonly file: 'stat' | 'statm';
  /** The open /proc/<pid>/<file>, or -1. Only StatFiles sets it. */
  fd: number;
}

/** `read` found no such process. */
export const GONE = -1;
/** `read` was not allowed to look. */
export const UNREADABLE = -2;
/** `read` had no descriptor to look with. */
export const NO_DESCRIPTOR = -3;

/** The longest line has 52 numbers of up to 20 digits and a name of up to 64 bytes (proc(5)). */
const MAX_LINE_BYTES = 2048;

/** How many descriptors are released at once when the process has none left, for others that need one. */
const GIVEN_BACK_AT_ONCE = 64;

/**
 * Reads /proc/<pid>/stat and statm, and keeps the descriptors up to a budget: reading a kept one costs half of open, read and
 * close, and it can't be fooled. It belongs to the process it was opened for, and fails with ESRCH for ever after that
 * one's end, whoever has its pid then.
 */
export class StatFiles {
  /** What the last `read` got; filled again by the next. */
  readonly bytes = Buffer.from(new ArrayBuffer(MAX_LINE_BYTES));
  /** The same memory in words, for quick comparisons; the line's last word is filled up with zeros. */
  readonly words = new Int32Array(this.bytes.buffer, 0, MAX_LINE_BYTES / 4);
  private readonly kept = new Set<StatHolder>();

  constructor(
    private readonly procDir: string,
    private budget: number,
  ) {}

  /** Number of bytes read into `bytes`, or one of the negative values above. */
  read(holder: StatHolder): number {
    const length = this.readKept(holder);
    return length === UNREADABLE ? this.open(holder) : length;
  }

  /** As `read`, but only through a descriptor that was kept: UNREADABLE where there is none. */
  readKept(holder: StatHolder): number {
    if (holder.fd < 0) return UNREADABLE;
    try {
      return this.readLine(holder.fd);
    } catch (error) {
      this.release(holder);
      return codeOf(error) === 'ESRCH' ? GONE : UNREADABLE;
    }
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

  private open(holder: StatHolder): number {
    const path = `${this.procDir}/${holder.pid}/${holder.file}`;
    for (;;) {
      let fd: number;
      try {
        fd = openSync(path, 'r');
      } catch (error) {
        const code = codeOf(error);
        if (code === 'ENOENT' || code === 'ESRCH') return GONE;
        if (code !== 'EMFILE' && code !== 'ENFILE') return UNREADABLE;
        if (!this.giveBack()) return NO_DESCRIPTOR;
        continue;
      }
      let length: number;
      try {
        length = this.readLine(fd);
      } catch (error) {
        closeSync(fd);
        return codeOf(error) === 'ESRCH' ? GONE : UNREADABLE;
      }
      if (this.kept.size < this.budget) {
        holder.fd = fd;
        this.kept.add(holder);
      } else {
        closeSync(fd);
      }
      return length;
    }
  }

  private readLine(fd: number): number {
    const bytes = this.bytes;
    const length = readSync(fd, bytes, 0, MAX_LINE_BYTES, 0);
    // The rest of the last word, so that words of equal lines are equal.
    for (let at = length; (at & 3) !== 0; at++) bytes[at] = 0;
    return length;
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
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
