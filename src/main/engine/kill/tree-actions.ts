import type { EventDraft } from '../../../shared/model/event';
import type { ProcessIdentity, ProcessSample } from '../../../shared/model/process';
import type { ClearResult } from '../heal/heal-state';
import { freezeAndKill, killTree, type KillRequest } from './kill-ladder';
import type { Protection } from '../processes/protection';
import type { ProcessIndex } from '../processes/process-index';
import type { DumpSignal, EnginePorts } from '../ports';

export interface TreeActionsDependencies extends Pick<
  EnginePorts,
  'clock' | 'table' | 'signaller' | 'treeKiller' | 'boost'
> {
  protect: (index: ProcessIndex) => Pick<Protection, 'reasonFor'>;
  changeBus: { record(draft: EventDraft): number };
}

/** What is done to the processes of a watch. Every signal passes the protected list and the identity check. */
export class TreeActions {
  constructor(
    private readonly dependencies: TreeActionsDependencies,
    /** What events of signals that were not sent are about. */
    private readonly about: () => { watch: string | null; incident: number | null },
  ) {}

  /** Ends trees: asking first, or frozen and at once. */
  end(request: KillRequest, atOnce: boolean): Promise<ClearResult> {
    return (atOnce ? freezeAndKill : killTree)(request, {
      ...this.dependencies,
      refused: (sample, signal, reason, detail) => {
        this.dependencies.changeBus.record({
          type: 'signal_refused',
          severity: 'warning',
          pid: sample.pid,
          ...this.about(),
          message: `${signal} was not sent to pid ${sample.pid}: ${detail}`,
          data: { reason, signal, detail },
        });
      },
    });
  }

  /** Suspends trees, or lets them go on. */
  signalTrees(roots: readonly ProcessIdentity[], signal: 'SIGSTOP' | 'SIGCONT', index: ProcessIndex): void {
    const protection = this.dependencies.protect(index);
    for (const root of roots) {
      const sample = index.find(root);
      if (sample === null) continue;
      for (const member of [sample, ...index.treeBelow(sample)]) {
        if (protection.reasonFor(member) === null) this.dependencies.signaller.send(member, signal);
      }
    }
  }

  /** Asks the parent of a zombie to take its exit status; false when it can't be asked. A zombie itself is never signalled. */
  reap(zombie: ProcessSample, index: ProcessIndex): boolean {
    const parent = index.byPidOrNull(zombie.ppid);
    if (parent === null || this.dependencies.protect(index).reasonFor(parent) !== null) return false;
    return this.dependencies.signaller.send(parent, 'SIGCHLD') === 'sent';
  }

  /** Asks the runtime of a process for a dump of its threads; false when it can't be asked. */
  requestDump(process: ProcessIdentity, signal: DumpSignal, index: ProcessIndex): boolean {
    const sample = index.find(process);
    if (sample === null || this.dependencies.protect(index).reasonFor(sample) !== null) return false;
    return this.dependencies.signaller.send(sample, signal) === 'sent';
  }

  /** Lowers the priority; returns the pids for which that could be done. */
  lowerPriority(processes: readonly ProcessIdentity[]): readonly number[] {
    const { signaller } = this.dependencies;
    return processes.flatMap((process) => (signaller.lowerPriority(process) === null ? [] : [process.pid]));
  }
}
