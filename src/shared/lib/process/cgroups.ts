/** A mounted hierarchy of control groups of version 2 (cgroups(7)). */
export interface CgroupMount {
  /** Where it is mounted. */
  point: string;
  /** The group that is seen there, as /proc/<pid>/cgroup names it. */
  root: string;
}

/** The hierarchy of version 2 in the text of /proc/<pid>/mountinfo (proc_pid_mountinfo(5)), or null. */
export function cgroupMount(mountinfo: string): CgroupMount | null {
  for (const line of mountinfo.split('\n')) {
    const [mount = '', filesystem = ''] = line.split(' - ');
    const [, , , root, point] = mount.split(' ');
    if (root === undefined || point === undefined || !filesystem.startsWith('cgroup2 ')) continue;
    return { point: unescapeOctal(point), root: unescapeOctal(root) };
  }
  return null;
}

/** The directory of the group that the text of /proc/<pid>/cgroup names, or null when it lies outside the mount. */
export function cgroupDir(mount: CgroupMount, membership: string): string | null {
  const path = /^0::(\/.*)$/m.exec(membership)?.[1];
  // `/..`: outside of our cgroup namespace (cgroup_namespaces(7)).
  if (path === undefined || path.startsWith('/..')) return null;
  const root = mount.root === '/' ? '' : mount.root;
  if (path !== root && !path.startsWith(`${root}/`)) return null;
  return `${mount.point}${path.slice(root.length)}`.replace(/\/+$/, '');
}

/** Where a process may try to make groups, best first: in its own one, then in the highest that is mounted. */
export function cgroupParents(mountinfo: string, membership: string): readonly string[] {
  const mount = cgroupMount(mountinfo);
  if (mount === null) return [];
  const own = cgroupDir(mount, membership);
  return own === null || own === mount.point ? [mount.point] : [own, mount.point];
}

/** Space, tab, newline and backslash stand as octal numbers in mountinfo. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
