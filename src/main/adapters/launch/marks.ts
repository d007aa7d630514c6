import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { basename } from 'node:path';
import type { Marks } from '../../engine/ports';
import { FILE_MODE } from '../files/files';
import { errorCode, errorText, type Notify } from '../files/notice';

/** Marks of one data directory, and names for public places that do not reveal the id of a watch. */
export interface DataDirMarks extends Marks {
  /** What a watch is called where others can read it, as in the name of a control group; [0-9a-f] only. */
  publicName(watchId: string): string;
  /** A name in a place that all users share, for this data directory in this boot; [0-9a-f] only. */
  sharedName(): string;
}

export interface MarksOptions {
  /** The key: 32 random bytes that only this user can read. */
  file: string;
  /** What a mark holds for: one data directory in one boot of the machine. A copy of the directory has another. */
  place: { dataDirId: string; bootId: string };
  notify: Notify;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 16;
const PUBLIC_NAME_DIGITS = 32;

/** Opens the key of the data directory, or makes one. Never throws: without a file the key lasts as long as this engine. */
export function createMarks({ file, place, notify }: MarksOptions): DataDirMarks {
  const key = openKey(file, notify);
  const digest = (purpose: string, ...parts: readonly string[]): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([purpose, ...parts]))
      .digest();
  const proofOf = (watchId: string, nonce: string): string =>
    digest('mark', place.dataDirId, place.bootId, watchId, nonce).toString('base64url');

  return {
    issue(watchId) {
      const nonce = randomBytes(NONCE_BYTES).toString('base64url');
      return `${nonce}.${proofOf(watchId, nonce)}`;
    },
    verify(watchId, mark) {
      const [nonce = '', proof = '', ...rest] = mark.split('.');
      if (rest.length > 0) return false;
      const [given, expected] = [Buffer.from(proof), Buffer.from(proofOf(watchId, nonce))];
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
    sharedName: () => digest('shared', place.dataDirId, place.bootId).toString('hex').slice(0, PUBLIC_NAME_DIGITS),
    publicName: (watchId) => digest('name', watchId).toString('hex').slice(0, PUBLIC_NAME_DIGITS),
  };
}

function openKey(file: string, notify: Notify): Buffer {
  const name = basename(file);
  try {
    const found = readKey(file);
    if (Buffer.isBuffer(found)) return found;
    if (found !== null) {
      rmSync(file, { recursive: true });
      notify({
        topic: name,
        severity: 'high',
        detail: `${name} can't be trusted (${found}); it was replaced. Running programs are still known by their process ids; what else earlier engines have started is no longer recognized.`,
      });
    }
    return makeKey(file);
  } catch (error) {
    notify({
      topic: name,
      severity: 'warning',
      detail: `${name} can't be read or written (${errorText(error)}); processes started now are known to the next engine by their process ids only.`,
    });
    return randomBytes(KEY_BYTES);
  }
}

/** The key; or what is wrong with the file; null: there is none. */
function readKey(file: string): Buffer | string | null {
  let fd: number;
  try {
    // O_NONBLOCK: the open of a FIFO would wait for a writer (fifo(7)).
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    if (errorCode(error) === 'ELOOP') return 'it is a symbolic link';
    if (lstatSync(file).isSocket()) return 'it is not a regular file';
    throw error;
  }
  try {
    const problem = problemOf(fstatSync(fd));
    if (problem !== null) return problem;
    const key = Buffer.alloc(KEY_BYTES);
    readSync(fd, key, 0, KEY_BYTES, 0);
    return key;
  } finally {
    closeSync(fd);
  }
}

function problemOf(stats: Stats): string | null {
  if (!stats.isFile()) return 'it is not a regular file';
  const uid = process.geteuid?.();
  if (uid !== undefined && stats.uid !== uid) return `it belongs to another user (uid ${stats.uid}, expected ${uid})`;
  if (uid !== undefined && (stats.mode & 0o077) !== 0) {
    return `other users may have read it (mode ${(stats.mode & 0o777).toString(8)}, expected 600)`;
  }
  if (stats.size !== KEY_BYTES) return `it has ${stats.size} bytes, expected ${KEY_BYTES}`;
  return null;
}

function makeKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  const fd = openSync(
    file,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    FILE_MODE,
  );
  try {
    writeSync(fd, key);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return key;
}
