import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cgroupDir, cgroupMount, type CgroupMount } from '../../../shared/lib/process/cgroups';
import type { MemoryGroups } from '../../engine/ports';
import { groupsFrom, pidsIn } from './cgroups';

/** The controller, and the file in which a group counts its OOM kills, of each version (cgroup-v2.rst, cgroup-v1/memory.rst). */
const VERSIONS = [
  { controller: null, file: 'memory.events.local' },
  { controller: 'memory', file: 'memory.oom_control' },
] as const;

/** Who is in more groups than this is no single program. */
const MAX_GROUPS = 16;

/** The memory control groups of this machine; there are none elsewhere than on Linux. */
export function createMemoryGroups(): MemoryGroups {
  const mountinfo = textOf('/proc/self/mountinfo');
  const hierarchies = VERSIONS.flatMap((version) => {
    const mount = process.platform === 'linux' ? cgroupMount(mountinfo ?? '', version.controller) : null;
    return mount === null ? [] : { ...version, mount };
  });
  const groupOf = (pid: number | 'self'): string | null => {
    const membership = textOf(`/proc/${pid}/cgroup`) ?? '';
    for (const { mount, controller, file } of hierarchies) {
      const found = countedIn(cgroupDir(mount, membership, controller), mount, file);
      if (found !== null) return found;
    }
    return null;
  };
  // Most programs are in it. It is read once: whoever reads a group sees who is in it, this process too.
  const own = groupOf('self');
  return {
    of(pid) {
      const group = groupOf(pid);
      return group === null || own === group || own?.startsWith(`${dirname(group)}/`) === true ? null : group;
    },
    read(group) {
      const kills = /^oom_kill (\d+)$/m.exec(textOf(group) ?? '')?.[1];
      if (kills === undefined) return null;
      const groups = groupsFrom(dirname(group), MAX_GROUPS);
      return groups.length > MAX_GROUPS ? null : { pids: groups.flatMap(pidsIn), oomKills: Number(kills) };
    },
  };
}

/** The counter of the nearest group with the memory controller: what is below it is counted there. The uppermost group is everybody's. */
function countedIn(dir: string | null, mount: CgroupMount, file: string): string | null {
  for (let at = dir; at !== null && at.length > mount.point.length; at = dirname(at)) {
    if (existsSync(join(at, file))) return join(at, file);
  }
  return null;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
