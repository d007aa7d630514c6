import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a group of processes with 32 MB of memory, to be removed by rmdir(2) once nobody is in it; null: none can be made here. */
export function makeSmallGroup(name: string): string | null {
  const root = '/sys/fs/cgroup';
  const isUnified = existsSync(join(root, 'cgroup.controllers'));
  const dir = join(root, isUnified ? '' : 'memory', `healdeck-${name}-${process.pid}`);
  try {
    mkdirSync(dir);
    writeFileSync(join(dir, isUnified ? 'memory.max' : 'memory.limit_in_bytes'), String(32 << 20));
    return dir;
  } catch {
    if (existsSync(dir)) rmdirSync(dir);
    return null;
  }
}

/** A script for sh(1) that joins a group and then uses more memory than that has; the limit of its addresses ends it should the group not. */
export function useUpMemoryIn(group: string): string {
  // It reads a line without an end.
  return `ulimit -v 1000000; echo $$ > ${group}/cgroup.procs; exec tail -n 1 /dev/zero`;
}
