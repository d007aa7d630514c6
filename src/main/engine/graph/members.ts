import type { ProcessIdentity } from '../../../shared/model/process';
import type { SocketHolder } from '../../../shared/model/ports';
import type { ProcessIndex } from '../processes/process-index';

/** A process that belongs to a watch, by the name of that. */
export interface Member extends ProcessIdentity, SocketHolder {
  watch: string;
}

/** A watch, and the processes that it keeps. */
export interface KeptProcesses {
  watch: string;
  processes: readonly ProcessIdentity[];
}

/**
 * The processes of watches with their whole trees, by pid. What stands in the trees of two belongs to that whose process is nearest
 * above it.
 */
export function membersOf(kept: readonly KeptProcesses[], index: ProcessIndex): readonly Member[] {
  const watchOfRoot = new Map<number, string>();
  for (const { watch, processes } of kept) {
    for (const process of processes) if (index.find(process) !== null) watchOfRoot.set(process.pid, watch);
  }
  const members = new Map<number, Member>();
  for (const [pid, watch] of watchOfRoot) {
    const root = index.byPidOrNull(pid);
    if (root === null) continue;
    for (const sample of [root, ...index.treeBelow(root)]) {
      const above = [sample, ...index.ancestorsOf(sample.pid)].find((one) => watchOfRoot.has(one.pid));
      // In the session of a root, but below none: it has outlived its parent.
      if (above === undefined && members.has(sample.pid)) continue;
      const owner = (above === undefined ? null : watchOfRoot.get(above.pid)) ?? watch;
      members.set(sample.pid, { pid: sample.pid, startTime: sample.startTime, name: sample.name, watch: owner });
    }
  }
  return [...members.values()].sort((one, other) => one.pid - other.pid);
}
