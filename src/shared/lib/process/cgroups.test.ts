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

  it('of version 1 are found by their controller', () => {
    const mounts =
      '31 25 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n' +
      '32 25 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n' +
      '33 25 0:32 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n';
    const mount = cgroupMount(mounts, 'memory')!;
    expect(mount.point).toBe('/sys/fs/cgroup/memory');
    expect(cgroupDir(mount, '5:cpu,cpuacct:/b\n4:memory:/a:b/c\n0::/\n', 'memory')).toBe('/sys/fs/cgroup/memory/a:b/c');
    expect(cgroupDir(mount, '0::/a\n', 'memory')).toBeNull();
    expect(cgroupMount(mounts, 'pids')).toBeNull();
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
