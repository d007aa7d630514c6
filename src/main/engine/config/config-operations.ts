import { membersOf } from '../../../shared/lib/instances';
import type { ImportReport, PortableConfig, SharedProgram } from '../../../shared/model/portable';
import { conflictsOf, resolveSettings } from '../../../shared/model/settings';
import type { Watch } from '../../../shared/model/watch';
import type { ConfigControl, ImportRequest } from '../engine';
import type { ChangeBus } from '../events/change-bus';
import { configImported, dependenciesUnusable, idRepaired } from '../events/engine-reports';
import type { EnginePorts, KeptElsewhere } from '../ports';
import { Refusal } from '../refusal';
import type { ProcessSnapshot } from '../ticks/process-snapshot';
import type { ProcessOperations } from '../ticks/process-operations';
import { knownId } from '../watch/damaged-ids';
import type { Roster } from '../watch/roster';
import { sharedPrograms } from './kept-elsewhere';
import { exportConfig, planImport, type ImportPlan, type Present } from './portable-config';
import type { SettingsOperations } from './settings-operations';
import type { WatchActivation } from './watch-activation';
import { checkDependencies, dependencyProblem } from './dependency-check';
import { changedFields, checkSpec, checkTarget } from './watch-check';

export interface ConfigOperationsDependencies extends Pick<
  EnginePorts,
  'config' | 'dataDir' | 'machine' | 'report' | 'spawner'
> {
  roster: Roster;
  latestScan: ProcessSnapshot;
  processes: ProcessOperations;
  settings: SettingsOperations;
  activation: WatchActivation;
  changeBus: ChangeBus;
}

/** Watches and settings as a whole: exported, imported, and reloaded after an edit of config.json. */
export class ConfigOperations implements ConfigControl {
  constructor(private readonly dependencies: ConfigOperationsDependencies) {}

  export(): PortableConfig {
    return exportConfig(this.present());
  }

  async import({ file, conflict, dryRun, actor }: ImportRequest): Promise<ImportReport> {
    const { changeBus, config, dataDir, machine, roster, latestScan, settings, activation } = this.dependencies;
    const elsewhere = await dataDir.keptElsewhere();
    await latestScan.refresh();
    const plan = planImport({ present: this.present(), file, conflict, newId: () => machine.newId() });
    this.checkPlan(plan);
    const report = { ...plan.report, keptElsewhere: this.sharedOf([...plan.added, ...plan.replaced], elsewhere) };
    if (dryRun) return { applied: false, ...report };
    config.saveAll(plan);
    changeBus.record(configImported(report, actor));
    settings.apply(actor);
    for (const watch of plan.replaced) activation.apply(roster.findKept(watch.id), watch, actor);
    activation.reportShared(report.keptElsewhere);
    for (const watch of plan.added) await activation.activate(watch, actor);
    return { applied: true, ...report };
  }

  /** Puts in force what was changed in the store from outside. */
  reload(): void {
    const { roster, settings, activation, changeBus, report } = this.dependencies;
    const wanted = this.withKnownIds();
    for (const watch of roster.keptWatches) {
      if (!wanted.some(({ id }) => id === watch.id)) activation.release(watch, 'engine');
    }
    for (const watch of wanted) {
      const old = roster.definition(watch.id);
      if (old === undefined) {
        activation.activate(watch, 'engine').catch((error: unknown) => report(`taking in ${watch.name}`, error));
      } else if (changedFields(old, watch).length > 0) {
        activation.apply(old, { ...watch, revision: old.revision + 1 }, 'engine');
      }
    }
    settings.apply('engine');
    const problem = dependencyProblem(wanted);
    if (problem !== null) changeBus.record(dependenciesUnusable(problem));
  }

  /** The watches of the store, as far as it is known with the ids that they have here. */
  private withKnownIds(): readonly Watch[] {
    const { config, roster, changeBus, report } = this.dependencies;
    const found = config.watches();
    const inForce = roster.keptWatches;
    const repaired = found.map((watch) => ({ ...watch, id: knownId(watch, found, inForce) }));
    const changed = found.filter(({ id }, at) => id !== repaired[at]?.id);
    if (changed.length === 0) return found;
    try {
      config.saveWatches(repaired);
      for (const watch of changed) changeBus.record(idRepaired(watch, repaired[found.indexOf(watch)]?.id ?? ''));
    } catch (error) {
      // It has its id here all the same, and in the file with the next change that is taken over.
      report('repairing the id of a watch in config.json', error);
    }
    return repaired;
  }

  private sharedOf(watches: readonly Watch[], elsewhere: readonly KeptElsewhere[]): readonly SharedProgram[] {
    const { processes } = this.dependencies;
    return sharedPrograms(watches.flatMap(membersOf), elsewhere, (target, id) => processes.matchesOf(target, id));
  }

  private present(): Present {
    const { config } = this.dependencies;
    return { overrides: config.overrides(), watches: config.watches() };
  }

  private checkPlan({ overrides, added, replaced, watches }: ImportPlan): void {
    const { spawner, processes, roster } = this.dependencies;
    const [conflict] = conflictsOf(resolveSettings(overrides));
    if (conflict !== undefined) throw new Refusal('invalid', conflict);
    checkDependencies(watches);
    for (const watch of [...added, ...replaced]) {
      try {
        checkSpec(watch, { spawner, overrides, matchesOf: (target) => processes.matchesOf(target, watch.id) });
        const here = roster.definition(watch.id);
        const runs = roster.instancesOf(watch.id).some(({ processes }) => processes.length > 0);
        if (here !== undefined) checkTarget(watch, here, runs);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw new Refusal(error.code, `Nothing was imported: "${watch.name}": ${error.message}`);
      }
    }
  }
}
