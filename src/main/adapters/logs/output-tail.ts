import { closeSync, openSync, readSync } from 'node:fs';
import type { OutputEnd, Written } from '../../engine/ports';
import { statOf } from './stat-of';

/** The most that a tail reads, of all files together. */
const TAIL_BYTES = 64 * 1024;

/**
 * The last lines of a file and, when it was rotated a moment ago, of the one before it; `rest` is what was not copied to it
 * yet. With `from`, only what was written since. It is read between the death of a program and its replacement, so it avoids
 * what costs (exceptions for files that are not there, a TextDecoder).
 */
export function tailOf(
  path: string,
  lines: number,
  from: OutputEnd | null,
  rest: (offset: number) => Buffer,
): readonly string[] {
  if (lines <= 0) return [];
  const start = from === null ? { current: 0, older: 0 } : startIn(path, from);
  const current = endOfFile(path, TAIL_BYTES, start.current);
  const takesOlder = current.whole && start.older !== null;
  const older = takesOlder ? endOfFile(`${path}.1`, TAIL_BYTES - current.bytes.length, start.older) : null;
  // A removed file that was not copied yet holds all of it, what was written before the start included.
  const notCopied = rest(current.bytes.length === 0 ? start.current : 0);
  const bytes = Buffer.concat([older?.bytes ?? Buffer.alloc(0), current.bytes, notCopied]);
  if (bytes.length === 0) return [];
  const all = bytes.toString('utf8').split('\n');
  if (all.at(-1) === '') all.pop();
  // The first one is the end of a line that began before what was read, unless it is all there is.
  if (!(older ?? current).whole && all.length > 1) all.shift();
  return all.slice(-lines).map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** Of a line that is longer than all that is kept, so much is left out at its end: half a secret there would not be known as one. */
const UNSAFE_BYTES = 4096;

/**
 * What was written to a file since, over a rotation; only the first `maxBytes` of it, up to the last whole line of these. `rest` as in
 * `tailOf`.
 */
export function writtenSince(
  path: string,
  from: OutputEnd,
  maxBytes: number,
  rest: (offset: number) => Buffer,
): Written {
  const start = startIn(path, from);
  // One more shows that there is more.
  const wanted = maxBytes + 1;
  const older = start.older === null ? Buffer.alloc(0) : beginningOf(`${path}.1`, wanted, start.older);
  const current = beginningOf(path, wanted - older.length, start.current);
  const notCopied = rest(current.length === 0 ? start.current : 0);
  const bytes = Buffer.concat([older, current, notCopied]);
  if (bytes.length <= maxBytes) return { text: bytes.toString('utf8'), truncated: false };
  const lines = bytes.subarray(0, maxBytes).lastIndexOf('\n') + 1;
  const kept = lines > 0 ? lines : Math.max(0, maxBytes - UNSAFE_BYTES);
  return { text: bytes.toString('utf8', 0, kept), truncated: true };
}

/**
 * Where what was written after an end begins in the file and in `.1`, over rotations; null: `.1` has nothing of it. Where that
 * can't be distinguished (only one older file is kept, or a flood was cut), some of it is left out rather than anything of before.
 */
function startIn(path: string, { offset, olderInode }: OutputEnd): { current: number; older: number | null } {
  const [older, oldest] = [1, 2].map((file) => statOf(`${path}.${file}`)?.ino ?? null);
  if (older === olderInode) return { current: offset, older: null };
  const isFirstRotation = oldest === null || oldest === olderInode;
  return { current: 0, older: isFirstRotation ? offset : 0 };
}

/**
 * The last bytes of a file from an offset on, and whether that is all of them; of one that was emptied by somebody else since,
 * all there is. Nothing when it can't be read.
 */
export function endOfFile(
  path: string,
  maxBytes: number,
  offset: number | null = 0,
): { bytes: Buffer; whole: boolean } {
  let fd: number | null = null;
  try {
    const size = statOf(path)?.size ?? 0;
    const length = offset === null || offset > size ? size : size - offset;
    if (length === 0 || maxBytes === 0) return { bytes: Buffer.alloc(0), whole: length === 0 };
    fd = openSync(path, 'r');
    const bytes = Buffer.allocUnsafe(Math.min(length, maxBytes));
    const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    return { bytes: bytes.subarray(0, read), whole: length <= maxBytes };
  } catch {
    return { bytes: Buffer.alloc(0), whole: true };
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** The first bytes of a file from an offset on; of one that was emptied by somebody else since, from its beginning. Nothing when it can't be read. */
function beginningOf(path: string, maxBytes: number, offset: number): Buffer {
  let fd: number | null = null;
  try {
    const size = statOf(path)?.size ?? 0;
    const from = offset > size ? 0 : offset;
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(size - from, maxBytes)));
    if (bytes.length === 0) return bytes;
    fd = openSync(path, 'r');
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
