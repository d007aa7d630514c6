import { isJob } from '../../../shared/model/schedule';
import type { Actor } from '../../../shared/model/event';
import type { ChangeBus } from '../events/change-bus';
import type { EnginePorts } from '../ports';
import { Refusal } from '../refusal';
import type { ProcessSnapshot } from '../ticks/process-snapshot';
import type { Roster } from '../watch/roster';
import type { Supervisor } from '../watch/supervisor';

export interface InstanceScalingDependencies extends Pick<EnginePorts, 'report'> {
  roster: Roster;
  latestScan: ProcessSnapshot;
  changeBus: ChangeBus;
}

/**
 * Brings the supervisors of a watch to the instances that it is to have. Those with the highest numbers leave: each keeps its supervisor until
 * nothing of it lives, so that its program is never left running without one, nor started a second time beside it.
 */
export class InstanceScaling {
  private readonly leaving = new Set<Supervisor>();

  constructor(private readonly dependencies: InstanceScalingDependencies) {}

  /** New supervisors of a watch begin their work: they start, or wait for their schedule. Resolves when they run, or have failed. */
  async bringUp(
    supervisors: readonly Supervisor[],
    actor: Actor,
    { asked }: { asked: boolean } = { asked: true },
  ): Promise<void> {
    if (asked) await Promise.all(supervisors.map((supervisor) => this.start(supervisor, actor)));
    else for (const supervisor of supervisors) supervisor.boot(null, false, this.dependencies.latestScan.index);
  }

  /** Ends the instances that a watch is not to have any more. It goes on in the background. */
  endUnwanted(keptId: string, actor: Actor): void {
    const { roster, report } = this.dependencies;
    for (const supervisor of [...roster.instancesOf(keptId)].reverse()) {
      if (roster.isWanted(supervisor) || this.leaving.has(supervisor)) continue;
      this.leaving.add(supervisor);
      this.leave(supervisor, actor).catch((error: unknown) => report(`ending ${supervisor.watch.name}`, error));
    }
  }

  private async leave(supervisor: Supervisor, actor: Actor): Promise<void> {
    const { roster, changeBus } = this.dependencies;
    try {
      // A restart that was asked for while it was still wanted may bring it up once more.
      do await supervisor.stop(actor);
      while (!roster.isWanted(supervisor) && supervisor.runs);
    } catch (error) {
      // It stands as failed until somebody ends it: its state shows the reason.
      if (error instanceof Refusal) return;
      throw error;
    } finally {
      this.leaving.delete(supervisor);
    }
    const { watch } = supervisor;
    if (roster.get(watch.id) !== supervisor) return;
    // The watch was scaled up again meanwhile.
    if (roster.isWanted(supervisor)) return this.start(supervisor, actor);
    roster.drop(supervisor);
    changeBus.publish({ removedWatchIds: [watch.id] });
    roster.wakeDependants(watch);
  }

  private async start(supervisor: Supervisor, actor: Actor): Promise<void> {
    const { watch } = supervisor;
    // A job is started by its schedule.
    if (isJob(watch)) return supervisor.boot(null, false, this.dependencies.latestScan.index);
    try {
      await supervisor.start(actor);
    } catch (error) {
      // It is there and its start is retried: the status shows its state.
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
