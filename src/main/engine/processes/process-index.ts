import { sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { BirthCount, ProcessScan } from '../ports';

/** One scan over the process table, ready to be asked. Built lazily: most ticks ask little. */
export class ProcessIndex {
  readonly atMs: number;
  readonly samples: readonly ProcessSample[];
  readonly births: BirthCount | null;
  private byPid: Map<number, ProcessSample> | null = null;
  private byParent: ReadonlyMap<number, readonly ProcessSample[]> | null = null;
  private bySession: ReadonlyMap<number, readonly ProcessSample[]> | null = null;

  constructor(scan: ProcessScan) {
    this.atMs = scan.atMs;
    this.samples = scan.samples;
    this.births = scan.births;
  }

  byPidOrNull(pid: number): ProcessSample | null {
    this.byPid ??= new Map(this.samples.map((sample) => [sample.pid, sample]));
    return this.byPid.get(pid) ?? null;
  }

  /** The sample of exactly this process, or null when it is gone or its pid belongs to another. */
  find(identity: ProcessIdentity): ProcessSample | null {
    const sample = this.byPidOrNull(identity.pid);
    return sample !== null && sameIdentity(sample, identity) ? sample : null;
  }

  childrenOf(pid: number): readonly ProcessSample[] {
    this.byParent ??= groupBy(this.samples, (sample) => sample.ppid);
    return this.byParent.get(pid) ?? [];
  }

  /** All descendants, parents before their children. */
  descendantsOf(pid: number): readonly ProcessSample[] {
    const found: ProcessSample[] = [];
    const seen = new Set([pid]);
    const queue = [...this.childrenOf(pid)];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      // A scan is no instant: with a pid reused half-way through, parents could seem to form a circle.
      if (seen.has(next.pid)) continue;
      seen.add(next.pid);
      found.push(next);
      queue.push(...this.childrenOf(next.pid));
    }
    return found;
  }

  /**
   * The whole tree below a process: its descendants, and whoever else is in the session that it leads. A child whose parent
   * ends is handed to the first process of the machine, but stays in its session.
   */
  treeBelow(root: ProcessSample): readonly ProcessSample[] {
    const descendants = this.descendantsOf(root.pid);
    if (root.session !== root.pid) return descendants;
    this.bySession ??= groupBy(this.samples, (sample) => sample.session);
    const session = this.bySession.get(root.session) ?? [];
    if (session.length <= 1) return descendants;
    const found = new Map(descendants.map((sample) => [sample.pid, sample]));
    for (const member of session) {
      if (member.pid === root.pid || found.has(member.pid)) continue;
      found.set(member.pid, member);
      for (const descendant of this.descendantsOf(member.pid)) found.set(descendant.pid, descendant);
    }
    return [...found.values()];
  }

  /** From the parent up to the first process. */
  ancestorsOf(pid: number): readonly ProcessSample[] {
    const found: ProcessSample[] = [];
    const seen = new Set([pid]);
    let parent = this.byPidOrNull(this.byPidOrNull(pid)?.ppid ?? 0);
    while (parent !== null && !seen.has(parent.pid)) {
      seen.add(parent.pid);
      found.push(parent);
      parent = this.byPidOrNull(parent.ppid);
    }
    return found;
  }
}

/** Whether a process comes from another one: by its parents, or by the session that the other leads. */
export function descends(sample: ProcessSample, from: number, index: ProcessIndex): boolean {
  if (sample.pid === from) return false;
  return sample.session === from || index.ancestorsOf(sample.pid).some(({ pid }) => pid === from);
}

/** A scan over nothing, for before the first tick. */
export const EMPTY_INDEX = new ProcessIndex({ atMs: 0, samples: [], births: null });

function groupBy(
  samples: readonly ProcessSample[],
  key: (sample: ProcessSample) => number,
): Map<number, ProcessSample[]> {
  const groups = new Map<number, ProcessSample[]>();
  for (const sample of samples) {
    const group = groups.get(key(sample));
    if (group === undefined) groups.set(key(sample), [sample]);
    else group.push(sample);
  }
  return groups;
}
