/** An account of passwd(5). */
export interface PasswdEntry {
  name: string;
  uid: number;
  gid: number;
  home: string;
  /** Empty: /bin/sh. */
  shell: string;
}

/** The accounts of a passwd file, in its order; other lines are skipped. */
export function parsePasswd(text: string): readonly PasswdEntry[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':');
    if (name === '' || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home, shell }];
  });
}

/** A group of group(5), with the names of its members. */
export interface GroupEntry {
  gid: number;
  members: readonly string[];
}

/** The groups of a group file, in its order; other lines are skipped. */
export function parseGroups(text: string): readonly GroupEntry[] {
  return text.split('\n').flatMap((line) => {
    const [, , gid = '', members = ''] = line.split(':');
    return /^\d+$/.test(gid) ? [{ gid: Number(gid), members: members.split(',').filter((name) => name !== '') }] : [];
  });
}
