import { readlinkSync } from 'node:fs';
import { readStatusFacts } from './process-facts';

/** Distinguishes processes of containers from those of the engine's own pid namespace (pid_namespaces(7)). */
export class PidNamespace {
  private readonly own: string | null;
  private readonly ownPidCount: number | null;

  constructor(procDir: string) {
    this.own = readNamespace(`${procDir}/self`);
    this.ownPidCount = readStatusFacts(`${procDir}/self`)?.pidCount ?? null;
  }

  /**
   * Whether a process lives in another namespace than ours, by its link in /proc/PID/ns; null where that can't be determined. The link decides, but only who may trace a
   * process may read it; how many pids it has, everybody may: one more than ours for each namespace that is nested in ours.
   */
  isForeign(namespace: string | null, pidCount: number | null): boolean | null {
    if (namespace !== null && this.own !== null) return namespace !== this.own;
    // A kernel without namespaces has neither.
    if (this.own === null && this.ownPidCount === null) return false;
    return pidCount === null || this.ownPidCount === null ? null : pidCount !== this.ownPidCount;
  }
}

function readNamespace(processDir: string): string | null {
  try {
    return readlinkSync(`${processDir}/ns/pid`);
  } catch {
    return null;
  }
}
