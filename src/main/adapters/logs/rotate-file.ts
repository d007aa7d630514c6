import { closeSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { open, readdir, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { planShift } from './shift-plan';

/** What became of the content: bytes copied to `.1`, and bytes that had to be given up. */
export interface Rotation {
  keptBytes: number;
  droppedBytes: number;
  /** Why bytes were given up: the error of the copy, or that the writer was faster. */
  problem: string | null;
}

const CHUNK_BYTES = 256 * 1024;
/** What may be copied while the event loop is blocked: a few milliseconds of work. */
const FINAL_BYTES = 4 * 1024 * 1024;
/** The loop copies until no more than this is left, or for this many rounds when the program writes faster than we read. */
const CAUGHT_UP_BYTES = 64 * 1024;
const MAX_ROUNDS = 8;
/** Kept of a file that can't be copied because the disk is full. */
const EMERGENCY_BYTES = 64 * 1024;

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Moves the content of a file that a running program holds open to `path.1`, and what was there to `.2` and on; `files`
 * counts the file itself too. The program keeps its descriptor, so the file can't be renamed away: it is copied and then
 * emptied (O_APPEND makes the next write begin at 0). What is written between the last look and the truncation is lost: that
 * window is two system calls wide, but a write(2) that is under way in it is lost to its end, because the truncation waits
 * for it. Nothing short of stopping the program could close it. Outside of it every line is whole in `.n … .1` and the
 * file, read in this order.
 *
 * A disk that is too full for the copy does not stop the emptying: a file that grows on and on takes the disk from every
 * program on the machine, the watched ones included, and healing must go on. The last 64 kB are kept in memory
 * meanwhile and written to `.1` when the truncation has made room. Any other error leaves the file as it is and is thrown.
 *
 * A program that writes faster than we copy would make the copy as large as the file: when that has grown beyond `mostBytes`
 * meanwhile, null is returned and nothing was changed.
 */
export async function rotateFile(
  path: string,
  files: number,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<Rotation | null> {
  if (files <= 1) return emptyFile(path);
  const part = `${path}.part`;
  const source = await open(path, 'r+');
  let shifted = false;
  try {
    // A `.part` that an engine left behind is a copy of what is still in the file.
    await rm(part, { force: true });
    const target = await open(part, 'wx', 0o600);
    try {
      const copied = await copyAhead(source, target, mostBytes);
      if (copied === null) {
        await rm(part, { force: true });
        return null;
      }
      await shiftOlder(path, files);
      shifted = true;
      return finish(path, source.fd, target.fd, copied);
    } finally {
      await target.close();
    }
  } catch (error) {
    await rm(part, { force: true });
    if (!DISK_FULL.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // It also gives up the oldest file: the least missed, and what it frees is what the machine needs now.
    if (!shifted) await shiftOlder(path, files);
    return emptyOnFullDisk(path, source.fd, (error as Error).message);
  } finally {
    await source.close();
  }
}

/** Copies without blocking until next to nothing is left; null: the file has grown too large for that. */
async function copyAhead(source: FileHandle, target: FileHandle, mostBytes: number): Promise<number | null> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let position = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { size } = await source.stat();
    if (size > mostBytes) return null;
    if (size - position <= CAUGHT_UP_BYTES) break;
    while (position < size) {
      const { bytesRead } = await source.read(buffer, 0, CHUNK_BYTES, position);
      if (bytesRead === 0) break;
      await writeAll(target, buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
  }
  return position;
}

async function writeAll(target: FileHandle, bytes: Buffer): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await target.write(bytes, written)).bytesWritten;
}

/** Makes room for a new `.1`: see `planShift`. */
export async function shiftOlder(path: string, files: number): Promise<void> {
  const folder = dirname(path);
  const { remove, rename: renames } = planShift(await readdir(folder), basename(path), files);
  for (const [from, to] of renames) await rename(join(folder, from), join(folder, to));
  for (const name of remove) await rm(join(folder, name));
}

/**
 * The last part in one go, so that no other code of ours runs between the last read and the truncation. `.1` gets its name
 * before the file is emptied: an engine that dies in between leaves lines twice, never none.
 */
function finish(path: string, source: number, target: number, copiedBefore: number): Rotation {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const limit = copiedBefore + FINAL_BYTES;
  let copied = copiedBefore;
  renameSync(`${path}.part`, `${path}.1`);
  for (;;) {
    const bytesRead = copied < limit ? readSync(source, buffer, 0, CHUNK_BYTES, copied) : 0;
    if (bytesRead === 0) break;
    for (let written = 0; written < bytesRead;) {
      written += writeSync(target, buffer, written, bytesRead - written);
    }
    copied += bytesRead;
  }
  // Looked at only when the limit was hit: the look itself would widen the window.
  const droppedBytes = copied >= limit ? Math.max(0, fstatSync(source).size - copied) : 0;
  ftruncateSync(source, 0);
  const problem = droppedBytes > 0 ? 'the program writes faster than the disk can copy' : null;
  return { keptBytes: copied, droppedBytes, problem };
}

/**
 * Cuts a file that grows faster than it could be copied: its last `keepBytes` become `path.1`, all before is dropped. Only
 * the first cut of a flood moves what was there before it on to `.2`: it would be gone within a second otherwise.
 */
export async function cutToTail(
  path: string,
  { files, keepBytes, isFirst }: { files: number; keepBytes: number; isFirst: boolean },
): Promise<Rotation> {
  if (files <= 1) return emptyFile(path);
  const { lines, droppedBytes } = takeTail(path, keepBytes);
  if (isFirst) await shiftOlder(path, files);
  await writeFile(`${path}.part`, lines, { mode: 0o600 });
  await rename(`${path}.part`, `${path}.1`);
  return { keptBytes: lines.length, droppedBytes, problem: 'it is written faster than it can be rotated' };
}

/**
 * Reads the end of a file and empties it. In one go: what was written last is in the kernel's cache, and at each step that waits
 * for a turn of ours the program writes on. Memory holds the end then, so the disk is made free before it is written.
 */
function takeTail(path: string, keepBytes: number): { lines: Buffer; droppedBytes: number } {
  const source = openSync(path, 'r+');
  try {
    const { size } = fstatSync(source);
    const tail = Buffer.allocUnsafe(Math.min(size, keepBytes));
    const bytesRead = readSync(source, tail, 0, tail.length, size - tail.length);
    const newline = bytesRead < size ? tail.subarray(0, bytesRead).indexOf(NEWLINE) : -1;
    const lines = tail.subarray(newline + 1, bytesRead);
    const droppedBytes = fstatSync(source).size - lines.length;
    ftruncateSync(source, 0);
    return { lines, droppedBytes };
  } finally {
    closeSync(source);
  }
}

const NEWLINE = 10;

async function emptyFile(path: string): Promise<Rotation> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    await file.truncate(0);
    return { keptBytes: 0, droppedBytes: size, problem: null };
  } finally {
    await file.close();
  }
}

function emptyOnFullDisk(path: string, source: number, problem: string): Rotation {
  const { size } = fstatSync(source);
  const tail = Buffer.alloc(Math.min(size, EMERGENCY_BYTES));
  const tailBytes = readSync(source, tail, 0, tail.length, size - tail.length);
  ftruncateSync(source, 0);
  let keptBytes = 0;
  try {
    const target = openSync(`${path}.1`, 'w', 0o600);
    try {
      keptBytes = writeSync(target, tail, 0, tailBytes);
    } finally {
      closeSync(target);
    }
  } catch {
    // Somebody else took the room; the caller reports the loss.
  }
  return { keptBytes, droppedBytes: size - keptBytes, problem };
}
