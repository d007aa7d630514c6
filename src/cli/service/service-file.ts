import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { judgePath, unsafeText } from '../../shared/lib/host/path-safety';
import { readPathPart } from '../../host/read-path-part';
import { CliFailure } from '../failure';

/** What is at the place of a service's file. */
export type FoundFile =
  | { state: 'absent' }
  | { state: 'file'; text: string }
  /** Something that must not be replaced or removed, in words. */
  | { state: 'in_the_way'; problem: string };

/** A link is never followed: who reads and writes a unit file through it would do so somewhere else. */
export function findServiceFile(file: string, uid: number): FoundFile {
  let stats;
  try {
    stats = lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    return { state: 'in_the_way', problem: `${file} can't be read (${codeOf(error)})` };
  }
  if (stats === undefined) return { state: 'absent' };
  if (stats.isSymbolicLink()) {
    const target = readlinkSync(file);
    const problem =
      target === '/dev/null'
        ? `${file} is masked (a link to /dev/null); unmask it first: systemctl unmask`
        : `${file} is a symbolic link to ${target}; remove it, or install there by hand`;
    return { state: 'in_the_way', problem };
  }
  if (!stats.isFile()) return { state: 'in_the_way', problem: `${file} is not a file; move it away` };
  if (uid >= 0 && stats.uid !== uid)
    return { state: 'in_the_way', problem: `${file} belongs to another user (uid ${stats.uid}); move it away` };
  try {
    return { state: 'file', text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { state: 'in_the_way', problem: `${file} can't be read (${codeOf(error)})` };
  }
}

/** Replaces the file whole or not at all. @throws CliFailure that says what is missing */
export function writeServiceFile(file: string, text: string, mode: number, uid: number): void {
  const { unsafe } = uid < 0 ? { unsafe: null } : judgePath({ path: file, uid, judgeLast: false, read: readPathPart });
  if (unsafe !== null) throw new CliFailure(unsafeText(unsafe));
  const temporary = `${file}.${process.pid}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, text, { flag: 'wx', mode });
    // Whatever the umask is: a unit file that systemd can't read starts nothing.
    chmodSync(temporary, mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new CliFailure(`${file} can't be written: ${reasonOf(error)}`);
  }
}

/** @throws CliFailure that says what is missing */
export function removeServiceFile(file: string): void {
  try {
    rmSync(file);
  } catch (error) {
    throw new CliFailure(`${file} can't be removed: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case 'EROFS':
      return 'its file system is read-only (EROFS); remount it writable, or add the file to the image';
    case 'EACCES':
    case 'EPERM':
      return `missing rights (${code}); a service of the machine is installed by root, one of your own with --user`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `no space is left (${code})`;
    case 'ENOTDIR':
      return 'a part of its path is not a directory (ENOTDIR)';
    default:
      return code;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
