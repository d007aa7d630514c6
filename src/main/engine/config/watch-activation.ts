import type { Actor } from '../../../shared/model/event';
import type { SharedProgram } from '../../../shared/model/portable';
import { isJob } from '../../../shared/model/schedule';
import type { Watch } from '../../../shared/model/watch';
import type { ChangeBus } from '../events/change-bus';
import { programShared, watchAdded, watchEdited, watchRemoved } from '../events/engine-reports';
import type { HiddenValues } from '../events/hidden-values';
import type { EnginePorts } from '../ports';
import { Refusal } from '../refusal';
import type { ProcessSnapshot } from '../ticks/process-snapshot';
import type { Roster } from '../watch/roster';
import type { Supervisor } from '../watch/supervisor';
import { changesOfWatch } from './changes';
import { UndoHistory } from './undo-history';
import { changedFields } from './watch-check';

export interface WatchActivationDependencies extends Pick<EnginePorts, 'output'> {
  roster: Roster;
  latestScan: ProcessSnapshot;
  changeBus: ChangeBus;
  hidden: HiddenValues;
}

/** What is saved of watches comes into force, and is reported. */
export class WatchActivation {
  /** The definitions before each edit that is in force. */
  readonly edits = new UndoHistory<Watch>();

  constructor(private readonly dependencies: WatchActivationDependencies) {}

  /** A watch that is in the configuration from now on. */
  async activate(watch: Watch, actor: Actor): Promise<void> {
    const { roster, latestScan, changeBus } = this.dependencies;
    const supervisor = roster.supervise(watch);
    changeBus.record(watchAdded(watch, actor));
    // A job is started by its schedule.
    if (!watch.autostart || isJob(watch)) return supervisor.boot(null, false, latestScan.index);
    try {
      await supervisor.start(actor);
    } catch (error) {
      // The watch is there and its start is retried: the status shows its state.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  /** A watch that is in the configuration as another one from now on. */
  apply(supervisor: Supervisor, watch: Watch, actor: Actor): void {
    const { output, changeBus, hidden } = this.dependencies;
    const old = supervisor.watch;
    const changed = changedFields(old, watch);
    this.edits.keep(watch.id, old);
    if (watch.name !== old.name) output.rename(old.name, watch.name);
    supervisor.edit(watch);
    const changes = changesOfWatch(old, watch, hidden);
    changeBus.record(watchEdited(old, watch, { changed, changes }, actor));
  }

  /** A watch that is not in the configuration any more. Returns the pids that go on running. */
  release(supervisor: Supervisor, actor: Actor): readonly number[] {
    const { roster, changeBus } = this.dependencies;
    const { watch } = supervisor;
    const leftRunning = supervisor.processes.map((process) => process.pid);
    this.edits.forget(watch.id);
    roster.drop(supervisor);
    changeBus.record(watchRemoved(watch, leftRunning, actor));
    changeBus.publish({ removedWatchIds: [watch.id] });
    return leftRunning;
  }

  /** A second copy of a command may be meant; two keepers of one process never are. */
  reportShared(shared: readonly SharedProgram[]): void {
    const conflicts = shared.filter(({ same }) => same === 'process');
    for (const conflict of conflicts) this.dependencies.changeBus.record(programShared(conflict));
  }
}
