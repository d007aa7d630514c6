import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { errorText, type StorageNotice } from './notice';
import { readOwnFile } from './own-files';

/** All files of the data directory: nobody but their owner has to do with them. */
export const FILE_MODE = 0o600;

let writes = 0;

/** Beside the file, so that the rename stays within one file system. `sweepTemporaryFiles` knows the name. */
function temporaryName(path: string): string {
  writes += 1;
  return `${path}.tmp-${process.pid.toString(36)}${Date.now().toString(36)}${writes.toString(36)}`;
}

/**
 * Puts a file in place of another, whole or not at all: also at a power cut (when `durable`), a full disk or kill -9. Throws the
 * error of the file system, and then the old file is as it was.
 * (write-file-atomic ignores how much write(2) took: on a full disk it puts half a file in place.)
 */
export function writeFileAtomicSync(path: string, text: string, durable = true): void {
  const temporary = temporaryName(path);
  const data = Buffer.from(text, 'utf8');
  try {
    const descriptor = openSync(temporary, 'wx', FILE_MODE);
    try {
      let written = 0;
      while (written < data.length) written += writeSync(descriptor, data, written);
      if (durable) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (!durable) return;
  // The new name is on disk only when its directory is. The file is in place already: a failure here is no failed write.
  try {
    const directory = openSync(dirname(path), 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch {
    // Windows can't open directories; there the rename is as durable as it gets.
  }
}

/** Where the last good copy of a file is kept. */
export function backupPath(path: string): string {
  return `${path}.backup`;
}

/** A name for a file that can't be used: `NAME.corrupt-20261122T230510Z`. */
export function corruptPath(path: string, nowMs: number): string {
  return asidePath(path, 'corrupt', nowMs);
}

/** A name for what is set aside: `NAME.WHY-20261122T230510Z`. */
export function asidePath(path: string, reason: string, nowMs: number): string {
  return `${path}.${reason}-${new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')}`;
}

export interface GuardedRead<T> {
  /** null: there is neither a usable file nor a usable backup. */
  value: T | null;
  notices: readonly StorageNotice[];
}

/**
 * Reads a file that must never stop the engine. `parse` throws with a text for people when the content is unusable; then
 * the content is kept aside as NAME.corrupt-<time>, and the backup, if it is good, is put in the file's place. A file
 * that is gone while its backup is there comes back from it, too. Throws what `fatal` marks as not to be touched, and
 * errors of the file system.
 */
export function readGuarded<T>(options: {
  path: string;
  parse: (text: string) => T;
  nowMs: number;
  fatal?: (error: unknown) => boolean;
  /** How the file is read; its backup is always a file of ours alone. */
  read?: (path: string) => string | null;
}): GuardedRead<T> {
  const { path, parse, nowMs, fatal, read = readOwnFile } = options;
  const name = basename(path);
  const notices: StorageNotice[] = [];

  const attempt = (file: string, readText = readOwnFile): { value: T } | { missing: true } | { problem: string } => {
    const text = readText(file);
    if (text === null) return { missing: true };
    try {
      return { value: parse(text) };
    } catch (error) {
      if (fatal?.(error) === true) throw error;
      return { problem: errorText(error) };
    }
  };
  const keepAside = (file: string): string => {
    // A copy: as long as nothing better is in its place, the file stays where it is.
    const aside = corruptPath(file, nowMs);
    copyFileSync(file, aside);
    chmodSync(aside, FILE_MODE);
    return basename(aside);
  };

  const current = attempt(path, read);
  if ('value' in current) return { value: current.value, notices };
  const backup = attempt(backupPath(path));
  if ('missing' in current && 'missing' in backup) return { value: null, notices };

  const what =
    'problem' in current
      ? `${name} can't be used (${current.problem}); it is kept as ${keepAside(path)}.`
      : `${name} was missing.`;
  if ('value' in backup) {
    writeFileAtomicSync(path, readFileSync(backupPath(path), 'utf8'));
    notices.push({
      topic: name,
      severity: 'high',
      detail: `${what} The last good copy, ${name}.backup, is used instead.`,
    });
    return { value: backup.value, notices };
  }
  const reason =
    'problem' in backup
      ? `${name}.backup can't be used either (${backup.problem}); it is kept as ${keepAside(backupPath(path))}`
      : 'There is no backup';
  notices.push({ topic: name, severity: 'critical', detail: `${what} ${reason}. Healdeck starts with an empty one.` });
  rmSync(path, { force: true });
  rmSync(backupPath(path), { force: true });
  return { value: null, notices };
}
