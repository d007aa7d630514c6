/** A local file system that can be written to. */
export interface Mount {
  path: string;
  /** Another one at the same place is another number. */
  id: number;
}

/**
 * File systems on disks of this machine, and in its memory. Those on servers and in user space are not here: statfs(2) of one
 * whose server does not answer never returns. Neither are those that are always full, such as squashfs.
 */
const LOCAL = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'zfs', 'bcachefs', 'jfs', 'reiserfs', 'nilfs2', 'ubifs'],
  ...['vfat', 'exfat', 'ntfs3', 'hfsplus', 'tmpfs'],
]);

/** What container engines mount over single files of a container lies there. */
const SYSTEM_FOLDERS = /^\/(?:etc|proc|sys|run\/credentials)\//;

/** A line of /proc/self/mountinfo (proc(5)). */
interface Line extends Mount {
  device: string;
  root: string;
  type: string;
  source: string;
  isReadOnly: boolean;
}

/**
 * The disks in the text of /proc/self/mountinfo, each once, however often it is mounted: where all of it is mounted, else at the shortest path.
 * An overlay has the space of the disk below it: only that of a container's own root is listed.
 */
export function localMounts(mountinfo: string): readonly Mount[] {
  const visible = new Map<string, Line>();
  // A later mount covers an earlier one at the same place.
  for (const text of mountinfo.split('\n')) {
    const line = parseLine(text);
    if (line !== null) visible.set(line.path, line);
  }
  const byDisk = new Map<string, Line>();
  for (const line of visible.values()) {
    const isRootOverlay = line.type === 'overlay' && line.path === '/';
    if (line.isReadOnly || SYSTEM_FOLDERS.test(line.path) || (!LOCAL.has(line.type) && !isRootOverlay)) continue;
    // Each subvolume of btrfs has a device number of its own.
    const disk = line.type === 'btrfs' ? line.source : line.device;
    const before = byDisk.get(disk);
    if (before === undefined || isBetter(line, before)) byDisk.set(disk, line);
  }
  return [...byDisk.values()].map(({ path, id }) => ({ path, id }));
}

function isBetter(one: Line, other: Line): boolean {
  const [whole, otherWhole] = [one.root === '/', other.root === '/'];
  return whole === otherWhole ? one.path.length < other.path.length : whole;
}

/** `36 35 98:0 /root /mnt rw,noatime master:1 - ext3 /dev/root rw`; null: it is none. */
function parseLine(text: string): Line | null {
  const [mount = '', filesystem = ''] = text.split(' - ');
  const [id, , device, root, path, options] = mount.split(' ');
  const [type, source = '', superOptions = ''] = filesystem.split(' ');
  if (device === undefined || root === undefined || path === undefined || type === undefined) return null;
  const isReadOnly = [options ?? '', superOptions].some((list) => list.split(',').includes('ro'));
  return { id: Number(id), device, root, path: unescaped(path), type, source, isReadOnly };
}

/** Blanks and backslashes are written as `\040` and the like, byte by byte. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}
