/** A mounted hierarchy of control groups (cgroups(7)). */
export interface CgroupMount {
  /** Where it is mounted. */
  point: string;
  /** The group that is seen there, as /proc/<pid>/cgroup names it. */
  root: string;
}

/**
 * The hierarchy of version 2 in the text of /proc/<pid>/mountinfo (proc_pid_mountinfo(5)), or that of version 1 with this
 * controller; null: there is none.
 */
export function cgroupMount(mountinfo: string, controller: string | null = null): CgroupMount | null {
  for (const line of mountinfo.split('\n')) {
    const [mount = '', filesystem = ''] = line.split(' - ');
    const [, , , root, point] = mount.split(' ');
    if (root === undefined || point === undefined || !isHierarchy(filesystem, controller)) continue;
    return { point: unescapeOctal(point), root: unescapeOctal(root) };
  }
  return null;
}

function isHierarchy(filesystem: string, controller: string | null): boolean {
  const [type, , options = ''] = filesystem.split(' ');
  return controller === null ? type === 'cgroup2' : type === 'cgroup' && options.split(',').includes(controller);
}

/** The directory of the group that the text of /proc/<pid>/cgroup names, or null when it lies outside the mount. `controller` as above. */
export function cgroupDir(mount: CgroupMount, membership: string, controller: string | null = null): string | null {
  const path = pathOf(membership, controller);
  // `/..`: outside of our cgroup namespace (cgroup_namespaces(7)).
  if (path === undefined || path.startsWith('/..')) return null;
  const root = mount.root === '/' ? '' : mount.root;
  if (path !== root && !path.startsWith(`${root}/`)) return null;
  return `${mount.point}${path.slice(root.length)}`.replace(/\/+$/, '');
}

function pathOf(membership: string, controller: string | null): string | undefined {
  for (const [, id, controllers = '', path] of membership.matchAll(/^(\d+):([^:]*):(\/.*)$/gm)) {
    if (controller === null ? id === '0' : controllers.split(',').includes(controller)) return path;
  }
  return undefined;
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
