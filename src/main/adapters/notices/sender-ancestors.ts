import { readFileSync } from 'node:fs';

/** More than there are between a program and a helper of it. */
const MAX_ANCESTORS = 8;

/**
 * Pids of the parent of a process, of its parent, and so on, up to the first process of the machine, which is left out. A sender may end
 * right after it has sent: nothing shows later whose helper it was. Some 10 µs for each; as far as they may be read (proc(5)).
 */
export function ancestorsOf(pid: number, procDir = '/proc'): readonly number[] {
  const ancestors: number[] = [];
  for (let at = pid; ancestors.length < MAX_ANCESTORS;) {
    const parent = parentOf(at, procDir);
    if (parent === null || parent <= 1) break;
    ancestors.push(parent);
    at = parent;
  }
  return ancestors;
}

function parentOf(pid: number, procDir: string): number | null {
  try {
    const stat = readFileSync(`${procDir}/${pid}/stat`, 'latin1');
    // The name before it may hold anything.
    const [, , parent] = stat.slice(stat.lastIndexOf(')')).split(' ');
    return Number(parent) || null;
  } catch {
    return null;
  }
}
