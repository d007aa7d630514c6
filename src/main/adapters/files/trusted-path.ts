import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseGroups, parsePasswd } from './passwd';

/** As the kernel: a path with more links than that is a circle (path_resolution(7)). */
const MAX_LINKS = 40;

/** The sticky bit (inode(7)); Node has no name for it. */
const S_ISVTX = 0o1000;

/** A file that was opened, and the one user besides root who could have put it there; or why anybody could. */
export type TrustedFile =
  | { kind: 'open'; fd: number; facts: Stats; writerUid: number }
  | { kind: 'missing' }
  | { kind: 'untrusted'; problem: string };

/**
 * Opens a file for reading when only root and one other user may write it, replace it, or lead its path elsewhere, as sshd's
 * StrictModes has it for keys: every directory from the root on belongs to root or that user and may be written by nobody
 * else. A sticky directory (/tmp) is writable for all, but what lies in it only its owner replaces. A group that has no other
 * members may write. The file itself is never reached through a link; links to directories count as their owner's.
 */
export function openTrusted(path: string): TrustedFile {
  const writers = new Set<number>();
  const walked = walk(dirname(path), writers);
  if (walked.kind !== 'directory') return walked;
  let fd: number;
  try {
    // O_NONBLOCK: opening a named pipe must not wait for its writer.
    const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
    fd = openSync(join(walked.path, basename(path)), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'ELOOP') return untrusted('is a symbolic link; expected the path of the file itself');
    return untrusted(`can't be opened (${code ?? 'unknown error'})`);
  }
  const facts = fstatSync(fd);
  const problem = !facts.isFile()
    ? 'is not a regular file'
    : (writersOf(facts, 'the file itself', writers) ?? linked(facts));
  if (problem !== null) {
    closeSync(fd);
    return untrusted(problem);
  }
  const [writerUid = 0, another] = writers;
  if (another !== undefined) {
    closeSync(fd);
    return untrusted(
      `may be replaced by several users (${[...writers].join(', ')}); expected root and one other at most`,
    );
  }
  return { kind: 'open', fd, facts, writerUid };
}

/** In a directory where others may make names, one of theirs may be a second name of somebody else's file (link(2)). */
function linked({ nlink }: Stats): string | null {
  return nlink > 1 ? `has ${nlink} names (hard links), of which another user may have made this one` : null;
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Follows a path of directories one by one, and collects who besides root could have led it here. */
function walk(
  path: string,
  writers: Set<number>,
): { kind: 'directory'; path: string } | Exclude<TrustedFile, { kind: 'open' }> {
  const todo = path.split('/').filter((part) => part !== '');
  let at = '/';
  let links = 0;
  let problem = writersOf(lstatSync('/'), 'the directory /', writers);
  while (problem === null && todo.length > 0) {
    const part = todo.shift() ?? '';
    const next = join(at, part);
    if (part === '.' || part === '..') {
      at = next;
      continue;
    }
    let facts: Stats;
    try {
      facts = lstatSync(next);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
      return untrusted(`can't be reached (${code ?? 'unknown error'} at ${next})`);
    }
    if (facts.isSymbolicLink()) {
      links += 1;
      if (links > MAX_LINKS) return untrusted('is reached through a loop of symbolic links');
      if (facts.uid !== 0) writers.add(facts.uid);
      const target = readlinkSync(next);
      todo.unshift(...target.split('/').filter((name) => name !== ''));
      if (target.startsWith('/')) at = '/';
      continue;
    }
    if (!facts.isDirectory()) return { kind: 'missing' };
    problem = writersOf(facts, `the directory ${next}`, writers);
    at = next;
  }
  return problem === null ? { kind: 'directory', path: at } : untrusted(problem);
}

/** Adds who may write this; the problem when that is anybody, or a group. */
function writersOf(facts: Stats, what: string, writers: Set<number>): string | null {
  if (facts.uid !== 0) writers.add(facts.uid);
  const isSticky = facts.isDirectory() && (facts.mode & S_ISVTX) !== 0;
  if (isSticky) return null;
  if ((facts.mode & 0o002) !== 0) return `may be written by every user (${what}), so its content proves nothing`;
  if ((facts.mode & 0o020) !== 0 && facts.gid !== 0 && !isOwnGroup(facts.gid, facts.uid)) {
    return `may be written by the members of group ${facts.gid} (${what}), so its content proves nothing`;
  }
  return null;
}

/** Whether a group has this user and nobody else in it, as the groups that Debian makes for each user and daemon. */
function isOwnGroup(gid: number, uid: number): boolean {
  try {
    const accounts = parsePasswd(readFileSync('/etc/passwd', 'utf8'));
    const members = new Set(accounts.filter((account) => account.gid === gid).map((account) => account.uid));
    const names = parseGroups(readFileSync('/etc/group', 'utf8')).flatMap((group) =>
      group.gid === gid ? group.members : [],
    );
    for (const name of names) members.add(accounts.find((account) => account.name === name)?.uid ?? -1);
    members.delete(0);
    return [...members].every((member) => member === uid);
  } catch {
    return false;
  }
}

function untrusted(problem: string): Exclude<TrustedFile, { kind: 'open' | 'missing' }> {
  return { kind: 'untrusted', problem };
}
