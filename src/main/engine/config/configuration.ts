import type { Actor } from '../../../shared/model/event';
import type { ImportReport, PortableConfig, SharedProgram } from '../../../shared/model/portable';
import {
  conflictsOf,
  resolveSettings,
  sameValue,
  SETTING_KEYS,
  type SettingKey,
  type Settings,
  type SettingValue,
} from '../../../shared/model/settings';
import type { WatchStatus } from '../../../shared/model/snapshot';
import type { ProcessIdentity } from '../../../shared/model/process';
import { sameName, type Watch, type WatchSpec } from '../../../shared/model/watch';
import type { Announcer } from '../events/announcer';
import { knownId } from '../watch/damaged-ids';
import type { EditRequest, ImportRequest, UndoRequest, WatchActionRequest } from '../engine';
import {
  idRepaired,
  programShared,
  settingsChanged,
  watchAdded,
  watchEdited,
  watchRemoved,
} from '../events/engine-reports';
import type { HiddenValues } from '../events/hidden-values';
import { changesOfSettings, changesOfWatch } from './changes';
import { sharedPrograms } from './kept-elsewhere';
import type { LatestPass } from '../ticks/latest-pass';
import { exportConfig, planImport, type ImportPlan, type Present } from './portable-config';
import type { EnginePorts, KeptElsewhere } from '../ports';
import { Refusal } from '../refusal';
import { RemovedWatches } from './removed-watches';
import type { Roster } from '../watch/roster';
import { UndoHistory } from './undo-history';
import { changeSettings, type SettingValues } from '../settings-change';
import type { Supervisor } from '../watch/supervisor';
import { changedFields, checkName, checkSpec, checkTarget } from './watch-check';

export interface ConfigurationDependencies extends Pick<
  EnginePorts,
  'config' | 'dataDir' | 'machine' | 'output' | 'report' | 'spawner' | 'table'
> {
  roster: Roster;
  pass: LatestPass;
  announcer: Announcer;
  hidden: HiddenValues;
  /** The settings for all watches may be others now. */
  settingsChanged: () => void;
}

/** What is to be watched, and how. Each change is checked, then saved, then in force: what was refused or can't be saved changes nothing. */
export class Configuration {
  private readonly removed = new RemovedWatches();
  private readonly edits = new UndoHistory<Watch>();
  private readonly settingChanges = new UndoHistory<{ before: Partial<Settings>; after: Partial<Settings> }>();
  /** Which overrides the settings were made of. */
  private resolved: { overrides: Partial<Settings>; settings: Settings } | null = null;

  /** The settings that were in force last. */
  private applied: Settings;

  constructor(private readonly dependencies: ConfigurationDependencies) {
    this.applied = this.settings();
  }

  // ---- settings ----

  /** The very same settings until one of them is another: who depends on some of them looks only then. */
  settings(): Settings {
    const overrides = this.dependencies.config.overrides();
    if (this.resolved?.overrides !== overrides) this.resolved = { overrides, settings: resolveSettings(overrides) };
    return this.resolved.settings;
  }

  setSettings(values: SettingValues, actor: Actor): Settings {
    const { config, hidden } = this.dependencies;
    const argv = values['command.argv'];
    const whole = isWords(argv)
      ? { ...values, 'command.argv': hidden.restoreArguments(argv, this.settings()['command.argv']) }
      : values;
    const before = config.overrides();
    config.saveOverrides(changeSettings(before, whole));
    this.settingChanges.keep(SETTINGS_FOR_ALL, { before, after: config.overrides() });
    this.applySettings(actor);
    return this.settings();
  }

  /** Takes the last change of settings back; `keys`: the settings that it is expected to be about, or null for any. */
  undoSettings(keys: readonly SettingKey[] | null, actor: Actor): Settings {
    const { config } = this.dependencies;
    const change = this.settingChanges.last(SETTINGS_FOR_ALL);
    if (change === null) throw new Refusal('conflict', 'Expected settings that were changed since this engine started');
    const { before, after } = change;
    if (differing(after, config.overrides()).length > 0) {
      throw new Refusal(
        'conflict',
        'The settings were changed meanwhile by config.json or an import; look at them again and change them',
      );
    }
    const foreign = keys === null ? undefined : differing(before, after).find((key) => !keys.includes(key));
    if (foreign !== undefined) {
      throw new Refusal('conflict', `${foreign} was changed meanwhile; look at the settings again and change them`);
    }
    config.saveOverrides(before);
    this.settingChanges.drop(SETTINGS_FOR_ALL);
    this.applySettings(actor);
    return this.settings();
  }

  /** What the store has by now is in force, and reported where it differs. */
  private applySettings(actor: Actor): void {
    const { announcer, hidden } = this.dependencies;
    const before = this.applied;
    this.applied = this.settings();
    this.dependencies.settingsChanged();
    const changes = changesOfSettings(before, this.applied, hidden);
    if (changes.length > 0) announcer.emit(settingsChanged(changes, actor));
  }

  // ---- watches ----

  /** `hiddenFrom`: the living process whose arguments those of the spec hide. */
  async add(spec: WatchSpec, actor: Actor, hiddenFrom?: ProcessIdentity): Promise<WatchStatus> {
    const [status] = await this.addAll([spec], actor, hiddenFrom);
    if (status === undefined) throw new Error('expected the status of the watch that was added');
    return status;
  }

  async addAll(
    specs: readonly WatchSpec[],
    actor: Actor,
    hiddenFrom?: ProcessIdentity,
  ): Promise<readonly WatchStatus[]> {
    const { config, dataDir, machine, pass, roster, hidden } = this.dependencies;
    const elsewhere = await dataDir.keptElsewhere();
    await pass.renew();
    const living = hiddenFrom === undefined ? undefined : pass.index.find(hiddenFrom);
    if (living === null) {
      throw new Refusal('conflict', `Process ${hiddenFrom?.pid} has ended since it was shown; nothing was added`);
    }
    const added: Watch[] = [];
    for (const shown of specs) {
      const spec = {
        ...shown,
        target: hidden.restore(shown.target, living === undefined ? {} : { living: living.argv }),
      };
      const twin = added.find((watch) => sameName(watch.name, spec.name));
      if (twin !== undefined) throw new Refusal('conflict', `Expected each name once; "${spec.name}" is there twice`);
      checkName(spec.name, config.watches());
      this.checkSpec(spec);
      added.push({ ...spec, id: machine.newId(), revision: 1 });
    }
    config.saveWatches([...config.watches(), ...added]);
    this.reportShared(this.sharedOf(added, elsewhere));
    for (const watch of added) await this.takeIn(watch, actor);
    const supervisors = added.map(({ id }) => roster.find(id));
    // What has just come up is in no pass yet.
    await pass.renew();
    return supervisors.map((supervisor) => {
      supervisor.show(pass.index);
      return supervisor.status();
    });
  }

  /** What the spec hides stays as it is. */
  edit({ watch: ref, revision, spec: shown, actor }: EditRequest): WatchStatus {
    const { roster, hidden } = this.dependencies;
    const supervisor = roster.find(ref);
    const old = supervisor.watch;
    if (revision !== old.revision) {
      throw new Refusal('conflict', `${old.name} was edited meanwhile; look at it again and repeat the edit`);
    }
    this.change(supervisor, { ...shown, target: hidden.restore(shown.target, { before: old.target }) }, actor);
    return supervisor.status();
  }

  /** The definition before the last edit, whole: what it hides never left this engine. */
  undoEdit({ watch: ref, revision, actor }: UndoRequest): WatchStatus {
    const supervisor = this.dependencies.roster.find(ref);
    const { watch } = supervisor;
    if (revision !== watch.revision) {
      throw new Refusal('conflict', `${watch.name} was edited meanwhile; look at it again and repeat the undo`);
    }
    const before = this.edits.last(watch.id);
    if (before === null) {
      throw new Refusal(
        'conflict',
        `Expected a watch that was edited since this engine started; ${watch.name} was not, or all of it was undone`,
      );
    }
    const { id, revision: _, ...spec } = before;
    this.change(supervisor, spec, actor);
    // Once for the edit, and once for this, which is none to take back.
    this.edits.drop(id);
    this.edits.drop(id);
    return supervisor.status();
  }

  private change(supervisor: Supervisor, spec: WatchSpec, actor: Actor): void {
    const { config } = this.dependencies;
    const old = supervisor.watch;
    checkName(
      spec.name,
      config.watches().filter(({ id }) => id !== old.id),
    );
    this.checkSpec(spec);
    checkTarget(spec, old, supervisor.processes.length > 0);
    const watch: Watch = { ...spec, id: old.id, revision: old.revision + 1 };
    config.saveWatches(config.watches().map((kept) => (kept.id === watch.id ? watch : kept)));
    this.putInForce(supervisor, watch, actor);
  }

  observe(ref: string, on: boolean, actor: Actor): WatchStatus {
    const { id, revision, ...spec } = this.dependencies.roster.find(ref).watch;
    const overrides = { ...spec.overrides, observe: on };
    return this.edit({ watch: id, revision, spec: { ...spec, overrides }, actor });
  }

  remove(request: WatchActionRequest): { leftRunning: readonly number[] } {
    const { config, roster } = this.dependencies;
    const supervisor = roster.findAsShown(request);
    const { watch } = supervisor;
    config.saveWatches(config.watches().filter((kept) => kept.id !== watch.id));
    this.removed.keep({ watch, memory: supervisor.memory() });
    return { leftRunning: this.letGo(supervisor, request.actor) };
  }

  async restore(ref: string, actor: Actor): Promise<WatchStatus> {
    const { config, table, roster, pass, announcer } = this.dependencies;
    const removed = this.removed.find(ref);
    if (removed === null) {
      throw new Refusal('not_found', `Expected a watch that was removed since this engine started; "${ref}" is none`);
    }
    await pass.renew();
    const { watch, memory } = removed;
    checkName(watch.name, config.watches());
    // What has died since is no crash: nobody watched it. It is started, not healed.
    const alive = memory.processes.filter((process) => table.isAlive(process));
    const thief = roster.keeperOf(alive);
    if (thief !== null) {
      throw new Refusal('conflict', `The program of ${watch.name} is watched by ${thief.watch.name} by now`);
    }
    // Its definition was in force before: it is taken back as it was, as after a restart of the engine.
    config.saveWatches([...config.watches(), watch]);
    this.removed.forget(removed);
    const supervisor = roster.supervise(watch);
    announcer.emit(watchAdded(watch, actor));
    supervisor.boot({ ...memory, processes: alive }, true, pass.index);
    roster.persist();
    announcer.tell({ watches: [supervisor.status()] });
    return supervisor.status();
  }

  // ---- all of it ----

  export(): PortableConfig {
    return exportConfig(this.present());
  }

  async import({ file, conflict, dryRun, actor }: ImportRequest): Promise<ImportReport> {
    const { config, dataDir, machine, roster, pass } = this.dependencies;
    const elsewhere = await dataDir.keptElsewhere();
    await pass.renew();
    const plan = planImport({ present: this.present(), file, conflict, newId: () => machine.newId() });
    this.checkPlan(plan);
    const report = { ...plan.report, keptElsewhere: this.sharedOf([...plan.added, ...plan.replaced], elsewhere) };
    if (dryRun) return { applied: false, ...report };
    config.saveAll(plan);
    this.applySettings(actor);
    for (const watch of plan.replaced) this.putInForce(roster.find(watch.id), watch, actor);
    this.reportShared(report.keptElsewhere);
    for (const watch of plan.added) await this.takeIn(watch, actor);
    return { applied: true, ...report };
  }

  /** Puts in force what was changed in the store from outside. */
  adopt(): void {
    const { roster, report } = this.dependencies;
    const wanted = this.withKnownIds();
    for (const supervisor of roster) {
      if (!wanted.some(({ id }) => id === supervisor.watch.id)) this.letGo(supervisor, 'engine');
    }
    for (const watch of wanted) {
      const supervisor = roster.get(watch.id);
      if (supervisor === null) {
        this.takeIn(watch, 'engine').catch((error: unknown) => report(`taking in ${watch.name}`, error));
      } else if (changedFields(supervisor.watch, watch).length > 0) {
        this.putInForce(supervisor, { ...watch, revision: supervisor.watch.revision + 1 }, 'engine');
      }
    }
    this.applySettings('engine');
  }

  /** The watches of the store, as far as it is known with the ids that they have here. */
  private withKnownIds(): readonly Watch[] {
    const { config, roster, announcer, report } = this.dependencies;
    const found = config.watches();
    const inForce = [...roster].map(({ watch }) => watch);
    const repaired = found.map((watch) => ({ ...watch, id: knownId(watch, found, inForce) }));
    const changed = found.filter(({ id }, at) => id !== repaired[at]?.id);
    if (changed.length === 0) return found;
    try {
      config.saveWatches(repaired);
      for (const watch of changed) announcer.emit(idRepaired(watch, repaired[found.indexOf(watch)]?.id ?? ''));
    } catch (error) {
      // It has its id here all the same, and in the file with the next change that is taken over.
      report('repairing the id of a watch in config.json', error);
    }
    return repaired;
  }

  private sharedOf(watches: readonly Watch[], elsewhere: readonly KeptElsewhere[]): readonly SharedProgram[] {
    return sharedPrograms(watches, elsewhere, (target, id) => this.dependencies.pass.preview(target, id));
  }

  /** A second copy of a command may be meant; two keepers of one process never are. */
  private reportShared(shared: readonly SharedProgram[]): void {
    const conflicts = shared.filter(({ same }) => same === 'process');
    for (const conflict of conflicts) this.dependencies.announcer.emit(programShared(conflict));
  }

  private present(): Present {
    const { config } = this.dependencies;
    return { overrides: config.overrides(), watches: config.watches() };
  }

  // ---- checks ----

  private checkSpec(spec: WatchSpec, overrides = this.dependencies.config.overrides()): void {
    const { spawner, pass } = this.dependencies;
    checkSpec(spec, { spawner, preview: (target) => pass.preview(target), overrides });
  }

  private checkPlan({ overrides, added, replaced }: ImportPlan): void {
    const [conflict] = conflictsOf(resolveSettings(overrides));
    if (conflict !== undefined) throw new Refusal('invalid', conflict);
    for (const watch of [...added, ...replaced]) {
      try {
        this.checkSpec(watch, overrides);
        const here = this.dependencies.roster.get(watch.id);
        if (here !== null) checkTarget(watch, here.watch, here.processes.length > 0);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw new Refusal(error.code, `Nothing was imported: "${watch.name}": ${error.message}`);
      }
    }
  }

  // ---- what is saved comes into force ----

  /** A watch that is in the configuration from now on. */
  private async takeIn(watch: Watch, actor: Actor): Promise<void> {
    const { roster, pass, announcer } = this.dependencies;
    const supervisor = roster.supervise(watch);
    announcer.emit(watchAdded(watch, actor));
    if (!watch.autostart) return supervisor.boot(null, false, pass.index);
    try {
      await supervisor.start(actor);
    } catch (error) {
      // The watch is there and its start is retried: the status says how it stands.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  /** A watch that is in the configuration as another one from now on. */
  private putInForce(supervisor: Supervisor, watch: Watch, actor: Actor): void {
    const { output, announcer, hidden } = this.dependencies;
    const old = supervisor.watch;
    const changed = changedFields(old, watch);
    this.edits.keep(watch.id, old);
    if (watch.name !== old.name) output.rename(old.name, watch.name);
    supervisor.edit(watch);
    const changes = changesOfWatch(old, watch, hidden);
    announcer.emit(watchEdited(old, watch, { changed, changes }, actor));
  }

  /** A watch that is not in the configuration any more. Returns the pids that go on running. */
  private letGo(supervisor: Supervisor, actor: Actor): readonly number[] {
    const { roster, announcer } = this.dependencies;
    const { watch } = supervisor;
    const leftRunning = supervisor.processes.map((process) => process.pid);
    this.edits.forget(watch.id);
    roster.drop(supervisor);
    announcer.emit(watchRemoved(watch, leftRunning, actor));
    announcer.tell({ removedWatchIds: [watch.id] });
    return leftRunning;
  }
}

/** All settings together are one thing that changes. */
const SETTINGS_FOR_ALL = 'settings';

/** The settings in which two sets of overrides differ. */
function differing(one: Partial<Settings>, other: Partial<Settings>): readonly SettingKey[] {
  return SETTING_KEYS.filter((key) => !sameOverride(one[key], other[key]));
}

function sameOverride(one: SettingValue | undefined, other: SettingValue | undefined): boolean {
  return one === undefined || other === undefined ? one === other : sameValue(one, other);
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}
