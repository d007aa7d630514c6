import { instanceNumberOf, memberOf } from '../../../shared/lib/instances';
import type { Actor } from '../../../shared/model/event';
import type { SharedProgram } from '../../../shared/model/portable';
import type { Watch } from '../../../shared/model/watch';
import type { ChangeBus } from '../events/change-bus';
import { programShared, watchAdded, watchEdited, watchRemoved } from '../events/engine-reports';
import type { HiddenValues } from '../events/hidden-values';
import type { EnginePorts } from '../ports';
import type { InstanceScaling } from '../instances/instance-scaling';
import type { Roster } from '../watch/roster';
import { changesOfWatch } from './changes';
import { UndoHistory } from './undo-history';
import { changedFields } from './watch-check';

export interface WatchActivationDependencies extends Pick<EnginePorts, 'output' | 'report'> {
  roster: Roster;
  scaling: InstanceScaling;
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
    const { roster, scaling, changeBus } = this.dependencies;
    const supervisors = roster.keep(watch);
    changeBus.record(watchAdded(watch, actor));
    // A job is started by its schedule, which begins with it.
    await scaling.bringUp(supervisors, actor, { asked: watch.autostart });
  }

  /** A watch that is in the configuration as another one from now on: what runs of it goes on, as far as it is to have so many. */
  apply(old: Watch, watch: Watch, actor: Actor): void {
    const { roster, scaling, changeBus, hidden, output, report } = this.dependencies;
    const changed = changedFields(old, watch);
    this.edits.keep(watch.id, old);
    const present = roster.instancesOf(watch.id);
    const added = roster.keep(watch);
    for (const supervisor of present) {
      const before = supervisor.watch;
      const number = instanceNumberOf(before.name) ?? 1;
      const member = watch.instances === undefined && number === 1 ? watch : memberOf(watch, number);
      if (member.name !== before.name) output.rename(before.name, member.name);
      supervisor.edit(member);
    }
    changeBus.record(watchEdited(old, watch, { changed, changes: changesOfWatch(old, watch, hidden) }, actor));
    scaling.endUnwanted(watch.id, actor);
    scaling.bringUp(added, actor).catch((error: unknown) => report(`starting ${watch.name}`, error));
    if (added.length > 0) roster.wakeDependants(watch);
  }

  /** A watch that is not in the configuration any more. Returns the pids that go on running. */
  release(watch: Watch, actor: Actor): readonly number[] {
    const { roster, changeBus } = this.dependencies;
    const supervisors = roster.instancesOf(watch.id);
    const leftRunning = supervisors.flatMap(({ processes }) => processes.map(({ pid }) => pid));
    this.edits.forget(watch.id);
    roster.forget(watch.id);
    for (const supervisor of supervisors) roster.drop(supervisor);
    changeBus.record(watchRemoved(watch, leftRunning, actor));
    changeBus.publish({ removedWatchIds: supervisors.map((supervisor) => supervisor.watch.id) });
    return leftRunning;
  }

  /** A second copy of a command may be meant; two keepers of one process never are. */
  reportShared(shared: readonly SharedProgram[]): void {
    const conflicts = shared.filter(({ same }) => same === 'process');
    for (const conflict of conflicts) this.dependencies.changeBus.record(programShared(conflict));
  }
}
