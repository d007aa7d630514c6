import { readSync } from 'node:fs';
import { errorCode } from '../../files/notice';
import { READS, type Reads } from './reads';

/** A length: the process of the file is gone. */
export const GONE = -1;
/** A length: the file may not be read. */
export const UNREADABLE = -2;
/** A length: the kernel holds up who reads it, or would, so it is not read now. */
export const HELD_UP = -4;

/** Of each file so many bytes are read at most: a whole line of stat (52 numbers of up to 20 digits, a name of up to 64 bytes), and a usual command line. */
export const MAX_READ_BYTES = 4096;
/** So many files are read at once. */
export const MAX_BATCH = 64;
/** A place in a `ReadingMemory` that no batch uses. */
export const SINGLE_PLACE = MAX_BATCH;

/** A file of a process that is open. */
export interface OpenFile {
  pid: number;
  fd: number;
}

/** What was read of one file, the same memory in bytes and in words; the last word is filled up with zeros. */
export interface Line {
  readonly bytes: Buffer;
  readonly words: Int32Array;
}

/** What was read of several files, by their place; `lengths` are in bytes, or one of the negative values above. */
export interface Batch {
  readonly lengths: Readonly<Int32Array>;
  readonly lines: readonly Line[];
}

/**
 * Reads files of /proc whose reading may hang: for some the kernel takes a lock of the process, which its owner can hold for ever with
 * nothing but a file system of his own (fuse(4)).
 *
 * | lock               | files                                                                                                     |
 * |--------------------|-----------------------------------------------------------------------------------------------------------|
 * | `mmap_lock`        | cmdline, environ, smaps_rollup                                                                            |
 * | `exec_update_lock` | io, stack, syscall; since Linux 6.18 also stat, wchan, exe, cwd, fd and ns: it covers the right to trace |
 * | none               | comm, status, statm, cgroup, limits, task                                                                 |
 */
export interface ProcfsReader {
  /** Reads the beginnings of open files, `MAX_BATCH` at most. What is returned is filled again by the next call for these places. */
  readOpen(files: readonly OpenFile[], firstPlace?: number): Batch;
  /** Null: the process holds up who reads it. */
  read<Name extends keyof Reads>(
    pid: number,
    name: Name,
    ...args: Parameters<Reads[Name]>
  ): ReturnType<Reads[Name]> | null;
  /** The same of several processes, in their order. `argsOf`: of the reading of one. */
  readEach<Name extends keyof Reads>(
    pids: readonly number[],
    name: Name,
    argsOf: (pid: number) => Parameters<Reads[Name]>,
  ): readonly (ReturnType<Reads[Name]> | null)[];
}

const LENGTHS_BYTES = 4 * (MAX_BATCH + 1);

/** Where a reader puts what it has read; it may be shared by two threads. */
export class ReadingMemory implements Batch {
  static readonly BYTES = 2 * LENGTHS_BYTES + (MAX_BATCH + 1) * MAX_READ_BYTES;
  readonly fds: Int32Array;
  readonly lengths: Int32Array;
  readonly lines: readonly Line[];

  constructor(readonly buffer: ArrayBuffer | SharedArrayBuffer) {
    this.fds = new Int32Array(buffer, 0, MAX_BATCH + 1);
    this.lengths = new Int32Array(buffer, LENGTHS_BYTES, MAX_BATCH + 1);
    this.lines = Array.from({ length: MAX_BATCH + 1 }, (_, place) => {
      const at = 2 * LENGTHS_BYTES + place * MAX_READ_BYTES;
      return {
        bytes: Buffer.from(buffer as ArrayBuffer, at, MAX_READ_BYTES),
        words: new Int32Array(buffer, at, MAX_READ_BYTES / 4),
      };
    });
  }

  /** Reads the descriptor of a place. */
  read(place: number): void {
    const { bytes } = this.lines[place]!;
    try {
      const length = readSync(this.fds[place]!, bytes, 0, MAX_READ_BYTES, 0);
      // The rest of the last word, so that words of equal lines are equal.
      for (let at = length; (at & 3) !== 0; at++) bytes[at] = 0;
      this.lengths[place] = length;
    } catch (error) {
      this.lengths[place] = errorCode(error) === 'ESRCH' ? GONE : UNREADABLE;
    }
  }
}

/** Reads in the thread of who asks, and hangs with it: for processes that are trusted, and where there are no threads. */
export class DirectReader implements ProcfsReader {
  private readonly memory = new ReadingMemory(new ArrayBuffer(ReadingMemory.BYTES));

  readOpen(files: readonly OpenFile[], firstPlace = 0): Batch {
    files.forEach(({ fd }, at) => {
      this.memory.fds[firstPlace + at] = fd;
      this.memory.read(firstPlace + at);
    });
    return this.memory;
  }

  read<Name extends keyof Reads>(_pid: number, name: Name, ...args: Parameters<Reads[Name]>): ReturnType<Reads[Name]> {
    return readNamed(name, args);
  }

  readEach<Name extends keyof Reads>(
    pids: readonly number[],
    name: Name,
    argsOf: (pid: number) => Parameters<Reads[Name]>,
  ): readonly ReturnType<Reads[Name]>[] {
    return pids.map((pid) => readNamed(name, argsOf(pid)));
  }
}

/** What is read under this name. */
export function readNamed<Name extends keyof Reads>(
  name: Name,
  args: Parameters<Reads[Name]>,
): ReturnType<Reads[Name]> {
  const read = READS[name] as (...all: readonly unknown[]) => unknown;
  return read(...args) as ReturnType<Reads[Name]>;
}
