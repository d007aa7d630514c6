import { sameIdentity, type ProcessIdentity, type ProcessSample } from '../../shared/model/process';
import type { ProcessScan } from './ports';

/** One pass over the process table, ready to be asked. Built lazily: most ticks ask little. */
export class ProcessIndex {
  readonly atMs: number;
  readonly samples: readonly ProcessSample[];
  private byPid: Map<number, ProcessSample> | null = null;
  private byParent: Map<number, ProcessSample[]> | null = null;

  constructor(scan: ProcessScan) {
    this.atMs = scan.atMs;
    this.samples = scan.samples;
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
    if (this.byParent === null) {
      this.byParent = new Map();
      for (const sample of this.samples) {
        const siblings = this.byParent.get(sample.ppid);
        if (siblings === undefined) this.byParent.set(sample.ppid, [sample]);
        else siblings.push(sample);
      }
    }
    return this.byParent.get(pid) ?? [];
  }

  /** All descendants, parents before their children. */
  descendantsOf(pid: number): readonly ProcessSample[] {
    const found: ProcessSample[] = [];
    const seen = new Set([pid]);
    const queue = [...this.childrenOf(pid)];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      // A pass is no instant: with a pid reused half-way through, parents could seem to form a circle.
      if (seen.has(next.pid)) continue;
      seen.add(next.pid);
      found.push(next);
      queue.push(...this.childrenOf(next.pid));
    }
    return found;
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

/** A pass over nothing, for before the first tick. */
export const EMPTY_INDEX = new ProcessIndex({ atMs: 0, samples: [] });
