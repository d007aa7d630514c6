import { lstatSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parseGroups, parsePasswd, type PasswdEntry } from '../files/passwd';
import { readText } from '../../../host/read-text';

/** A user of this machine, as passwd(5) has it. */
export type Account = PasswdEntry;

/** Where a login finds programs when /etc/login.defs does not set it; the same as systemd's default. */
const LOGIN_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** PATH of a login (login.defs(5): ENV_SUPATH for root, ENV_PATH for all others). */
export function loginPath(account: Account, loginDefs = '/etc/login.defs'): string {
  const key = account.uid === 0 ? 'ENV_SUPATH' : 'ENV_PATH';
  const given = new RegExp(String.raw`^\s*${key}\s+(?:PATH=)?(\S+)`, 'm').exec(readText(loginDefs) ?? '')?.[1];
  return given ?? LOGIN_PATH;
}

/** The groups that /etc/group lists for a user beside the own one (initgroups(3)). */
export function supplementaryGroups(name: string, groupFile = '/etc/group'): readonly number[] {
  return parseGroups(readText(groupFile) ?? '')
    .filter(({ members }) => members.includes(name))
    .map(({ gid }) => gid);
}

/** The session directory of a user who is logged in, as logind makes it; null when there is none, or it is not theirs. */
export function runtimeDirectory(uid: number, root = '/run/user'): string | null {
  const path = join(root, String(uid));
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() && stats.uid === uid ? path : null;
}

/** The user with that name, from `/etc/passwd`, or else this process's own; null when there is none. */
export function findAccount(name: string, passwdFile = '/etc/passwd'): Account | null {
  const found = parsePasswd(readText(passwdFile) ?? '').find((account) => account.name === name);
  if (found !== undefined) return { ...found, home: found.home || '/', shell: found.shell || '/bin/sh' };
  // A user of a directory service is in no file; our own can still be had.
  const own = ownAccount();
  return own?.name === name ? own : null;
}

/** The user that this process runs as; null where the system has no name for it. */
export function ownAccount(): Account | null {
  try {
    const { username, uid, gid, homedir, shell } = userInfo();
    return { name: username, uid, gid, home: homedir, shell: shell ?? '' };
  } catch {
    // ENOENT: a uid without a passwd entry, as containers have it.
    return null;
  }
}
