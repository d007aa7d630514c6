import { describe, expect, it } from 'vitest';
import { cgroupDir, cgroupMount, cgroupParents } from './cgroups';

const line = (root: string, point: string, type = 'cgroup2'): string =>
  `36 25 0:31 ${root} ${point} rw,nosuid shared:9 - ${type} cgroup2 rw,nsdelegate\n`;

describe('control groups', () => {
  it('are made in the own group first, then in the highest', () => {
    const mounts = line('/', '/proc', 'proc') + line('/', '/sys/fs/cgroup');
    expect(cgroupParents(mounts, '0::/user.slice/session-3.scope\n')).toEqual([
      '/sys/fs/cgroup/user.slice/session-3.scope',
      '/sys/fs/cgroup',
    ]);
    expect(cgroupParents(mounts, '0::/\n')).toEqual(['/sys/fs/cgroup']);
  });

  it('of version 2 are found beside those of version 1', () => {
    const mounts = line('/', '/sys/fs/cgroup/pids', 'cgroup') + line('/', '/sys/fs/cgroup/unified');
    expect(cgroupParents(mounts, '4:memory:/elsewhere\n0::/a\n')[0]).toBe('/sys/fs/cgroup/unified/a');
    expect(cgroupParents(line('/', '/sys/fs/cgroup/pids', 'cgroup'), '4:memory:/a\n')).toEqual([]);
  });

  it('are found below a mount of a part of them, and not outside of it', () => {
    const mount = cgroupMount(line('/docker/1', '/my\\040groups'))!;
    expect(mount.point).toBe('/my groups');
    expect(cgroupDir(mount, '0::/docker/1/a')).toBe('/my groups/a');
    expect(cgroupDir(mount, '0::/docker/1')).toBe('/my groups');
    expect(cgroupDir(mount, '0::/docker/12/a')).toBeNull();
    expect(cgroupDir({ point: '/x', root: '/' }, '0::/../other')).toBeNull();
    expect(cgroupDir({ point: '/x', root: '/' }, '3:pids:/a\n')).toBeNull();
  });
});
