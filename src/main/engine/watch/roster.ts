import { identityKey, sameIdentity, type ProcessIdentity } from '../../../shared/model/process';
import type { DependencyCondition } from '../../../shared/model/dependency';
import { isJob } from '../../../shared/model/schedule';
import { sameName, type Watch } from '../../../shared/model/watch';
import type { WatchActionRequest } from '../engine';
import type { ConfigStore, DataDir, PersistedState, PersistedWatch } from '../ports';
import type { ChangeBus } from '../events/change-bus';
import { copyFound, idRepaired } from '../events/engine-reports';
import { findDamagedIds } from './damaged-ids';
import { Protection } from '../processes/protection';
import type { ProcessIndex } from '../processes/process-index';
import { Refusal, unknownWatch } from '../refusal';
import { Supervisor, type SupervisorDependencies } from './supervisor';
import { findByReference } from '../../../shared/lib/watch-reference';

/** What is missing of a watch that others wait for. */
const UNMET: Readonly<Record<DependencyCondition, string>> = {
  started: 'does not run',
  ready: 'is not ready',
  completed: 'has not ended successfully',
};

/** Of a job at rest: nobody starts it for those that wait. */
const JOB_RESTS = ', and runs only by its schedule or when it is started';

/** What the roster provides to each supervisor about all the others. */
export interface RosterDependencies extends Omit<
  SupervisorDependencies,
  'changeBus' | 'changed' | 'protect' | 'ownerBeside' | 'blockersOf'
> {
  changeBus: Pick<ChangeBus, 'record' | 'publish'>;
  config: Pick<ConfigStore, 'saveWatches'>;
  dataDir: DataDir;
}

/** The watches in force, each with its supervisor: which watch owns which process, and what the next engine must know. */
export class Roster implements Iterable<Supervisor> {
  private readonly byId = new Map<string, Supervisor>();
  private readonly shared: SupervisorDependencies;
  /** The state of another living engine, of which this data directory is a copy: it stays as it is as long as nothing is started. */
  private copied: PersistedState | null = null;
  /** What an earlier engine of this boot knew of watches that are not restored yet; null: nothing. */
  private readonly notBooted = new Map<string, PersistedWatch | null>();
  private disposed = false;

  constructor(private readonly dependencies: RosterDependencies) {
    this.shared = {
      ...dependencies,
      changed: (supervisor) => this.onChange(supervisor),
      protect: (index) => this.protection(index),
      blockersOf: ({ watch }) => this.blockersOf(watch),
      ownerBeside: (identity, supervisor) => this.ownerOf([identity], supervisor)?.watch.name ?? null,
    };
  }

  [Symbol.iterator](): IterableIterator<Supervisor> {
    return this.byId.values();
  }

  /** Restores what the previous engine left of these watches. */
  boot(watches: readonly Watch[], index: ProcessIndex): void {
    const { dataDir, machine, state } = this.dependencies;
    const before = state.load();
    const origin = before?.dataDir ?? null;
    if (before !== null && origin !== null && origin.id !== dataDir.identity.id && dataDir.isOwnedByAnother(origin)) {
      this.copied = before;
      return this.leaveAlone(watches, origin.path, index);
    }
    const sameBoot = before !== null && before.bootId === machine.bootId;
    const known = sameBoot
      ? this.repairIds(watches, before, index)
      : watches.map((watch) => ({ watch, formerId: null }));
    for (const { watch } of known) this.supervise(watch);
    const memories = new Map(
      known.map(({ watch, formerId }) => [watch.id, before?.watches[formerId ?? watch.id] ?? null]),
    );
    // Those that know their processes first: a pattern must not take what belongs to another watch.
    const [commands, matches] = partition([...this], ({ watch }) => watch.target.kind === 'command');
    const all = [...commands, ...matches];
    // Whatever ends this engine in between: the next one must know of the others what this one does.
    for (const { watch } of all) this.notBooted.set(watch.id, sameBoot ? (memories.get(watch.id) ?? null) : null);
    this.persist();
    for (const supervisor of all) {
      this.notBooted.delete(supervisor.watch.id);
      supervisor.boot(memories.get(supervisor.watch.id) ?? null, sameBoot, index);
    }
    this.persist();
  }

  /** A copied data directory: what it names belongs to the engine of the original. Nothing is adopted, ended or started. */
  private leaveAlone(watches: readonly Watch[], original: string, index: ProcessIndex): void {
    this.dependencies.changeBus.record(copyFound(original));
    const reason = `this data directory is a copy of ${original}, and the engine that runs there watches the program; start it manually to run a second copy`;
    for (const watch of watches) this.supervise(watch).leaveAlone(reason, index);
  }

  /** The watches, each with the id under which the last engine knew it. */
  private repairIds(
    watches: readonly Watch[],
    before: PersistedState,
    index: ProcessIndex,
  ): readonly { watch: Watch; formerId: string | null }[] {
    const { config, changeBus, report } = this.dependencies;
    const former = findDamagedIds(watches, before, index);
    if (former.size === 0) return watches.map((watch) => ({ watch, formerId: null }));
    const repaired = watches.map((watch) => ({ ...watch, id: former.get(watch.id) ?? watch.id }));
    try {
      config.saveWatches(repaired);
    } catch (error) {
      // It is known under the id that it has now, until it can be written down.
      report('repairing the id of a watch in config.json', error);
      return watches.map((watch) => ({ watch, formerId: former.get(watch.id) ?? null }));
    }
    for (const watch of watches) {
      const id = former.get(watch.id);
      if (id !== undefined) changeBus.record(idRepaired(watch, id));
    }
    return repaired.map((watch) => ({ watch, formerId: null }));
  }

  /** A supervisor for one more watch; it does nothing before it is booted or started. */
  supervise(watch: Watch): Supervisor {
    const supervisor = new Supervisor(watch, this.shared);
    this.byId.set(watch.id, supervisor);
    return supervisor;
  }

  /** Watches no more, and leaves the program running. */
  drop(supervisor: Supervisor): void {
    supervisor.dispose();
    this.byId.delete(supervisor.watch.id);
    this.dependencies.launchTraces.forget(supervisor.watch.id);
    this.persist();
  }

  /** Keeps what the next engine must know. */
  persist(): void {
    if (this.disposed) return;
    const { machine, state, dataDir } = this.dependencies;
    const watches: Record<string, PersistedWatch> = {};
    for (const [id, supervisor] of this.byId) {
      const memory = this.notBooted.has(id) ? (this.notBooted.get(id) ?? null) : supervisor.memory();
      if (memory !== null) watches[id] = memory;
    }
    const touched = Object.values(watches).some(({ launch, processes }) => launch !== null || processes.length > 0);
    if (touched) this.copied = null;
    state.save(this.copied ?? { bootId: machine.bootId, dataDir: dataDir.identity, watches });
  }

  private onChange(supervisor: Supervisor): void {
    this.keep(supervisor);
    this.dependencies.changeBus.publish({ watches: [supervisor.status()] });
    this.wakeDependants(supervisor.watch);
  }

  /** Starts that wait for a watch may take place, now that it is another; what they still wait for is shown. */
  private wakeDependants({ name }: Pick<Watch, 'name'>): void {
    for (const supervisor of this.byId.values()) {
      if (!supervisor.isBlocked || !supervisor.watch.after.some(({ watch }) => sameName(watch, name))) continue;
      supervisor.onDependenciesChanged();
      if (supervisor.isBlocked) this.dependencies.changeBus.publish({ watches: [supervisor.status()] });
    }
  }

  private blockersOf({ after }: Watch): readonly string[] {
    return after.flatMap(({ watch: name, until }) => {
      const supervisor = [...this].find(({ watch }) => sameName(watch.name, name));
      if (supervisor === undefined) return [`${name} does not exist`];
      if (supervisor.meets(until)) return [];
      const rests = isJob(supervisor.watch) && supervisor.needsStart ? JOB_RESTS : '';
      return [`${supervisor.watch.name} ${UNMET[until]}${rests}`];
    });
  }

  /** The same after a change of one watch. */
  private keep(supervisor: Supervisor): void {
    if (this.disposed || this.byId.get(supervisor.watch.id) !== supervisor) return;
    // A copy may be a copy no more by this change.
    if (this.copied !== null) return this.persist();
    this.dependencies.state.saveWatch(supervisor.watch.id, supervisor.memory());
  }

  /** Keeps what is known now, and watches no more. */
  dispose(): void {
    this.persist();
    this.disposed = true;
    for (const supervisor of this) supervisor.dispose();
  }

  get(id: string): Supervisor | null {
    return this.byId.get(id) ?? null;
  }

  /** By id or name. @throws Refusal `not_found` */
  find(ref: string): Supervisor {
    const found = findByReference(this, ref);
    if (found !== undefined) return found;
    throw unknownWatch(ref);
  }

  /** The watch that an operator acts on. @throws Refusal `conflict` when other processes run by now than the operator saw. */
  findAsShown({ watch, expect }: WatchActionRequest): Supervisor {
    const supervisor = this.find(watch);
    if (expect === undefined) return supervisor;
    const { processes } = supervisor;
    if (keysOf(expect) === keysOf(processes)) return supervisor;
    const now =
      processes.length === 0
        ? 'nothing of it runs now'
        : `it runs as pid ${processes.map(({ pid }) => pid).join(', ')} now`;
    throw new Refusal('conflict', `${supervisor.watch.name} has changed since it was shown (${now}); nothing was done`);
  }

  /** The first that keeps one of these processes, or null. */
  ownerOf(identities: readonly ProcessIdentity[], except: Supervisor | null = null): Supervisor | null {
    for (const supervisor of this) {
      if (supervisor === except) continue;
      const { processes } = supervisor;
      if (processes.some((process) => identities.some((identity) => sameIdentity(process, identity)))) {
        return supervisor;
      }
    }
    return null;
  }

  /** What may never be touched in this scan. */
  protection(index: ProcessIndex): Protection {
    const owned = new Set([...this].flatMap(({ ownPids }) => ownPids));
    return new Protection(index, this.dependencies.machine.pid, owned);
  }
}

function keysOf(processes: readonly ProcessIdentity[]): string {
  return processes.map(identityKey).sort().join();
}

function partition<T>(all: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((item) => !belongs(item))];
}
