import { describe, expect, it } from 'vitest';
import { localMounts } from './mounts';

const line = (id: number, device: string, root: string, path: string, type: string, source: string, options = 'rw') =>
  `${id} 1 ${device} ${root} ${path} ${options},relatime shared:1 - ${type} ${source} rw`;
const paths = (...lines: readonly string[]): readonly string[] => localMounts(lines.join('\n')).map(({ path }) => path);

describe('the disks of a machine', () => {
  it('are those on which something can be written here', () => {
    expect(
      paths(
        line(1, '8:1', '/', '/', 'ext4', '/dev/sda1'),
        line(2, '0:5', '/', '/proc', 'proc', 'proc'),
        line(3, '0:6', '/', '/mnt/server', 'nfs4', 'server:/export'),
        line(4, '0:7', '/', '/mnt/ssh', 'fuse.sshfs', 'ada@host:'),
        line(5, '7:0', '/', '/snap/core', 'squashfs', '/dev/loop0', 'ro'),
        line(6, '8:2', '/', '/usr', 'xfs', '/dev/sda2', 'ro'),
        line(7, '0:8', '/', '/tmp', 'tmpfs', 'tmpfs'),
        '8 1 0:9 / /dev/shm rw - tmpfs tmpfs rw,size=1k',
      ),
    ).toEqual(['/', '/tmp', '/dev/shm']);
  });

  it('count once, wherever they are mounted', () => {
    expect(
      paths(
        line(1, '8:1', '/srv', '/a', 'ext4', '/dev/sda1'),
        line(2, '8:1', '/', '/whole/disk', 'ext4', '/dev/sda1'),
        line(3, '0:31', '/@', '/', 'btrfs', '/dev/sdb'),
        line(4, '0:32', '/@home', '/home', 'btrfs', '/dev/sdb'),
      ),
    ).toEqual(['/whole/disk', '/']);
  });

  it("are one of a container's own, and none of the containers of a host", () => {
    const container = line(1, '0:40', '/', '/', 'overlay', 'overlay');
    const hosts = line(2, '8:1', '/var/lib/docker/containers/1/hosts', '/etc/hosts', 'ext4', '/dev/sda1');
    expect(paths(container, hosts)).toEqual(['/']);
    const host = line(3, '8:1', '/', '/', 'ext4', '/dev/sda1');
    expect(paths(host, line(4, '0:41', '/', '/var/lib/docker/overlay2/x/merged', 'overlay', 'overlay'))).toEqual(['/']);
  });

  it('are seen where no other mount covers them, with the names that they have', () => {
    expect(
      paths(
        line(1, '0:1', '/', '/dev/shm', 'tmpfs', 'tmpfs'),
        line(2, '0:2', '/', '/dev/shm', 'tmpfs', 'tmpfs'),
        line(3, '8:3', '/', '/mnt/my\\040disk', 'ext4', '/dev/sdc'),
        'nonsense',
      ),
    ).toEqual(['/dev/shm', '/mnt/my disk']);
  });
});
