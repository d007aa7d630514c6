import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** A user of this machine, as passwd(5) has it. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
}

/** The user with that name, from `/etc/passwd`, or else this process's own; null when there is none. */
export function findAccount(name: string, passwdFile = '/etc/passwd'): Account | null {
  for (const line of readPasswd(passwdFile).split('\n')) {
    const [account, , uid, gid, , home, shell] = line.split(':');
    if (account !== name || uid === undefined || gid === undefined) continue;
    if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) continue;
    return { name, uid: Number(uid), gid: Number(gid), home: home ?? '/', shell: shell || '/bin/sh' };
  }
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

function readPasswd(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
