import { closeSync, openSync, readSync } from 'node:fs';
import type { OutputPage, OutputPosition, OutputStream } from '../../../shared/model/output';
import type { OutputEnd } from '../../engine/ports';
import { outputPath } from './output-paths';
import { statOf } from './stat-of';

/** The most that is read for one page, of all files together. */
const PAGE_BYTES = 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
/** The most that a follower gets at once; of more only the end is worth reading. */
const FOLLOW_BYTES = 64 * 1024;

/** Up to where a follower has read. */
export type FollowPosition = OutputEnd;

/** What was appended since a position. */
export interface Appended {
  bytes: Buffer;
  /** Left out before the bytes. */
  skippedBytes: number;
  position: FollowPosition;
}

/** Reads the output of watched programs from its files, over their rotation. Missing files are empty. */
export interface OutputReader {
  page(
    watch: string,
    stream: OutputStream,
    request: { lines: number; before?: OutputPosition | undefined },
  ): OutputPage;
  /** Where the output ends now. */
  end(watch: string, stream: OutputStream): FollowPosition;
  appended(watch: string, stream: OutputStream, since: FollowPosition): Appended;
}

export function createOutputReader(logsDir: string): OutputReader {
  return {
    page: (watch, stream, request) => pageOf(outputPath(logsDir, watch, stream), request),
    end: (watch, stream) => outputEnd(outputPath(logsDir, watch, stream)),
    appended: (watch, stream, since) => appendedTo(outputPath(logsDir, watch, stream), since),
  };
}

interface Piece {
  file: number;
  start: number;
  bytes: Buffer;
}

/** Reads blocks backwards, from file to older file, until there are enough lines. */
function pageOf(path: string, { lines, before }: { lines: number; before?: OutputPosition | undefined }): OutputPage {
  let { file, offset } = before ?? { file: 0, offset: sizeOf(path) };
  // It was rotated since: what was in a file is in the next older one.
  while (offset > sizeOf(fileName(path, file)) && sizeOf(fileName(path, file + 1)) > 0) file += 1;
  const pieces: Piece[] = [];
  let newlines = 0;
  let read = 0;
  // One newline more than lines: the one before the first of them.
  while (newlines <= lines && read < PAGE_BYTES) {
    if (offset === 0) {
      offset = sizeOf(fileName(path, file + 1));
      if (offset === 0) break;
      file += 1;
    }
    const start = Math.max(0, offset - BLOCK_BYTES);
    const bytes = readAt(fileName(path, file), start, offset - start);
    if (bytes.length === 0) break;
    pieces.unshift({ file, start, bytes });
    newlines += countNewlines(bytes);
    read += bytes.length;
    offset = start;
  }
  const isAll = newlines <= lines && read < PAGE_BYTES;
  return pageFrom(pieces, lines, isAll);
}

function pageFrom(pieces: readonly Piece[], lines: number, isAll: boolean): OutputPage {
  const bytes = Buffer.concat(pieces.map((piece) => piece.bytes));
  const cut = beginningOfLast(bytes, lines, isAll);
  const all = bytes.subarray(cut).toString('utf8').split('\n');
  if (all.at(-1) === '') all.pop();
  return {
    lines: all.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)),
    before: cut === 0 && isAll ? null : positionOf(pieces, cut),
    isWhole: bytes.length === 0 || bytes.at(-1) === NEWLINE,
  };
}

/** Where the last `lines` lines begin. The first piece may begin in the middle of a line, which is then left for later. */
function beginningOfLast(bytes: Buffer, lines: number, isAll: boolean): number {
  let at = bytes.length;
  // The newline that ends the last line.
  if (bytes[at - 1] === NEWLINE) at -= 1;
  for (let left = lines; left > 0; left -= 1) {
    const newline = at === 0 ? -1 : bytes.lastIndexOf(NEWLINE, at - 1);
    // A line that is longer than a page is reported in pieces.
    if (newline < 0) return isAll || left === lines ? 0 : at + 1;
    at = newline;
  }
  return at + 1;
}

const NEWLINE = 10;

function positionOf(pieces: readonly Piece[], index: number): OutputPosition | null {
  let passed = 0;
  for (const { file, start, bytes } of pieces) {
    if (index < passed + bytes.length || bytes === pieces.at(-1)?.bytes)
      return { file, offset: start + index - passed };
    passed += bytes.length;
  }
  return null;
}

/** Where the output in a file and the older ones beside it ends now. */
export function outputEnd(path: string): FollowPosition {
  return { offset: sizeOf(path), olderInode: inodeOf(fileName(path, 1)) };
}

function appendedTo(path: string, since: FollowPosition): Appended {
  const position = outputEnd(path);
  const wasRotated = position.olderInode !== since.olderInode;
  if (!wasRotated && position.offset >= since.offset) return rangeOf(path, since.offset, position, Buffer.alloc(0), 0);
  if (!wasRotated) return rangeOf(path, 0, position, Buffer.alloc(0), 0);
  const older = fileName(path, 1);
  const left = Math.max(0, sizeOf(older) - since.offset);
  const start = sizeOf(older) - Math.min(left, FOLLOW_BYTES);
  return rangeOf(
    path,
    0,
    position,
    readAt(older, start, Math.min(left, FOLLOW_BYTES)),
    Math.max(0, left - FOLLOW_BYTES),
  );
}

/** What lies between an offset and the end, after what is known already; only the end of it when it is too much. */
function rangeOf(path: string, from: number, position: FollowPosition, known: Buffer, skipped: number): Appended {
  const start = Math.max(from, position.offset - FOLLOW_BYTES);
  const bytes = start === position.offset ? Buffer.alloc(0) : readAt(path, start, position.offset - start);
  const all = known.length === 0 ? bytes : Buffer.concat([known, bytes]);
  const tooMuch = Math.max(0, all.length - FOLLOW_BYTES);
  return {
    bytes: all.subarray(tooMuch),
    skippedBytes: skipped + tooMuch + (start - from),
    // What could not be read, since it was cut off meanwhile, is not asked for again.
    position,
  };
}

function fileName(path: string, file: number): string {
  return file === 0 ? path : `${path}.${file}`;
}

function sizeOf(path: string): number {
  return statOf(path)?.size ?? 0;
}

function inodeOf(path: string): number | null {
  return statOf(path)?.ino ?? null;
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

/** Empty when it can't be read: removed, or cut off meanwhile. */
function readAt(path: string, start: number, length: number): Buffer {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(fd, bytes, 0, length, start));
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
