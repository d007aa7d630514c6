import { identityKey, sameIdentity, type ProcessIdentity } from '../../../shared/model/process';
import type { InstanceStatus, RollingProgress } from '../../../shared/model/snapshot';
import { sameName, type Watch } from '../../../shared/model/watch';
import type { WatchActionRequest } from '../engine';
import type { ConfigStore, DataDir, PersistedState, PersistedWatch } from '../ports';
import type { ChangeBus } from '../events/change-bus';
import { copyFound, idRepaired } from '../events/engine-reports';
import { findDamagedIds } from './damaged-ids';
import { KeptWatches } from './kept-watches';
import { Protection } from '../processes/protection';
import type { ProcessIndex } from '../processes/process-index';
import { Refusal, unknownWatch } from '../refusal';
import { Attribution } from './dependencies/attribution';
import { DependencyGraph } from './dependencies/dependency-graph';
import { Supervisor, type SupervisorDependencies } from './supervisor';
import {
  baseNameOf,
  furtherInstanceIds,
  instanceIdOf,
  instanceNumberOf,
  memberOf,
  membersOf,
} from '../../../shared/lib/instances';
import { findByReference, severalText } from '../../../shared/lib/watch-reference';

/** What the roster provides to each supervisor about all the others. */
export interface RosterDependencies extends Omit<
  SupervisorDependencies,
  | 'changeBus'
  | 'changed'
  | 'protect'
  | 'ownerBeside'
  | 'instanceOf'
  | 'graph'
  | 'incidentOpened'
  | 'readinessLost'
  | 'restartedWith'
> {
  changeBus: Pick<ChangeBus, 'record' | 'publish'>;
  config: Pick<ConfigStore, 'saveWatches'>;
  dataDir: DataDir;
  /** How far a rolling restart of a watch is, by its id; undefined: there is none. */
  rollingOf: (keptId: string) => RollingProgress | undefined;
}

/** The watches in force, each with its supervisor: which watch owns which process, and what the next engine must know. */
export class Roster implements Iterable<Supervisor> {
  private readonly byId = new Map<string, Supervisor>();
  /** The watches as they are kept: one with instances has a supervisor for each of them. */
  private readonly kept = new KeptWatches();
  private readonly shared: SupervisorDependencies;
  private readonly graph: DependencyGraph<Supervisor>;
  /** The state of another living engine, of which this data directory is a copy: it stays as it is as long as nothing is started. */
  private copied: PersistedState | null = null;
  /** What an earlier engine of this boot knew of watches that are not restored yet; null: nothing. */
  private readonly notBooted = new Map<string, PersistedWatch | null>();
  private disposed = false;

  constructor(private readonly dependencies: RosterDependencies) {
    this.graph = new DependencyGraph({
      all: this,
      named: (name) => this.named(name),
      isTakenOver: ({ watch }) => !this.notBooted.has(watch.id),
    });
    const attribution = new Attribution({
      ...{ ...dependencies, graph: this.graph },
      changed: (supervisor: Supervisor) => this.onChange(supervisor),
    });
    this.shared = {
      ...dependencies,
      changed: (supervisor) => this.onChange(supervisor),
      protect: (index) => this.protection(index),
      instanceOf: (supervisor) => this.instanceOf(supervisor),
      graph: this.graph,
      incidentOpened: (supervisor) => attribution.onOpened(supervisor),
      readinessLost: (supervisor) => attribution.onReadinessLost(supervisor),
      restartedWith: (supervisor, watches) => attribution.onFollow(supervisor, watches),
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
    const memories = new Map<string, PersistedWatch | null>();
    for (const { watch, formerId } of known) {
      for (const supervisor of this.keep(watch)) {
        const number = instanceNumberOf(supervisor.watch.name) ?? 1;
        const id = instanceIdOf(formerId ?? watch.id, number);
        memories.set(supervisor.watch.id, before?.watches[id] ?? null);
      }
    }
    if (sameBoot) for (const [id, memory] of this.superviseLeaving(before)) memories.set(id, memory);
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
    for (const supervisor of watches.flatMap((watch) => this.keep(watch))) supervisor.leaveAlone(reason, index);
  }

  /** Instances that the watch is not to have any more and that the last engine had not ended yet: nobody else would end them. */
  private superviseLeaving(before: PersistedState): readonly [id: string, memory: PersistedWatch][] {
    const orphans = Object.keys(before.watches).filter((id) => !this.byId.has(id));
    if (orphans.length === 0) return [];
    return [...this.kept].flatMap((watch) =>
      furtherInstanceIds(watch.id).flatMap(({ id, number }): [string, PersistedWatch][] => {
        const memory = before.watches[id];
        if (memory === undefined || this.byId.has(id)) return [];
        this.supervise(memberOf(watch, number), watch.id);
        const isAlive = memory.processes.some((process) => this.dependencies.table.isAlive(process));
        // What is gone is not brought back to be ended: what it has left is ended with it.
        return [[id, isAlive || memory.starting ? memory : { ...memory, desired: 'stopped', reason: 'operator' }]];
      }),
    );
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

  /** A watch as it is kept from now on; returns new supervisors of it, which do nothing before they are booted or started. */
  keep(watch: Watch): readonly Supervisor[] {
    this.kept.set(watch);
    return membersOf(watch)
      .filter(({ id }) => !this.byId.has(id))
      .map((member) => this.supervise(member, watch.id));
  }

  /** Those of a watch that is kept no more are to be dropped. */
  forget(keptId: string): void {
    this.kept.delete(keptId);
  }

  private supervise(watch: Watch, keptId: string): Supervisor {
    const supervisor = new Supervisor(watch, this.shared, keptId);
    this.byId.set(watch.id, supervisor);
    return supervisor;
  }

  /** The watches as they are kept. */
  get keptWatches(): readonly Watch[] {
    return [...this.kept];
  }

  /** A watch as it is kept, by its id. */
  definition(keptId: string): Watch | undefined {
    return this.kept.get(keptId);
  }

  /** A watch as it is kept, by its id or name. @throws Refusal `not_found`, or `invalid` for an instance */
  findKept(ref: string): Watch {
    const found = this.kept.find(ref);
    if (found !== undefined) return found;
    const member = findByReference(this, ref);
    if (member === undefined) throw unknownWatch(ref);
    const name = baseNameOf(member.watch.name);
    throw new Refusal(
      'invalid',
      `${member.watch.name} is an instance of ${name} and has no definition of its own; expected ${name}`,
    );
  }

  /** The supervisors of a kept watch by the number of their instance, those that are being ended among them. */
  instancesOf(keptId: string): readonly Supervisor[] {
    return byNumber([...this].filter((supervisor) => supervisor.keptId === keptId));
  }

  /** All supervisors in the order of the kept watches: instances that came later stand with the others. */
  inOrder(): readonly Supervisor[] {
    const ofWatch = new Map([...this.kept].map(({ id }): [string, Supervisor[]] => [id, []]));
    for (const supervisor of this) ofWatch.get(supervisor.keptId)?.push(supervisor);
    return [...ofWatch.values()].flatMap(byNumber);
  }

  /** Whether the watch is to have this instance. */
  isWanted({ watch, keptId }: Supervisor): boolean {
    const kept = this.kept.get(keptId);
    return kept !== undefined && (instanceNumberOf(watch.name) ?? 1) <= (kept.instances?.count ?? 1);
  }

  private instanceOf(supervisor: Supervisor): InstanceStatus | undefined {
    const { watch, keptId } = supervisor;
    const [of, number] = [this.kept.get(keptId), instanceNumberOf(watch.name)];
    if (of === undefined || number === null) return undefined;
    const rolling = this.dependencies.rollingOf(keptId);
    return {
      ...{ number, of },
      ...(!this.isWanted(supervisor) && { leaving: true }),
      ...(rolling !== undefined && { rolling }),
    };
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
    this.remember(supervisor);
    this.dependencies.changeBus.publish({ watches: [supervisor.status()] });
    this.wakeDependants(supervisor.watch);
  }

  /** Starts that wait for a watch may take place, now that it is another; what they still wait for is shown. */
  wakeDependants(watch: Pick<Watch, 'name'>): void {
    for (const dependant of this.graph.dependantsOf(watch)) {
      dependant.onDependenciesChanged();
      if (dependant.isBlocked) this.dependencies.changeBus.publish({ watches: [dependant.status()] });
    }
  }

  /** The watch of this name, or the instances that it is to have. */
  named(name: string): readonly Supervisor[] {
    return [...this].filter(
      (supervisor) => sameName(baseNameOf(supervisor.watch.name), name) && this.isWanted(supervisor),
    );
  }

  /** The same after a change of one watch. */
  private remember(supervisor: Supervisor): void {
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
    const kept = this.kept.find(ref);
    if (kept === undefined) throw unknownWatch(ref);
    const names = this.instancesOf(kept.id).map(({ watch }) => watch.name);
    throw new Refusal('invalid', severalText(kept.name, names));
  }

  /** The watch that an operator acts on. @throws Refusal `conflict` when other processes run by now than the operator saw. */
  findAsShown({ watch, expect }: WatchActionRequest): Supervisor {
    const supervisor = this.find(watch);
    this.checkAsShown(supervisor.watch, [supervisor], expect);
    return supervisor;
  }

  /** @throws Refusal `conflict` when others than these processes run; undefined: nothing was shown. */
  checkAsShown(
    { name }: Pick<Watch, 'name'>,
    supervisors: readonly Supervisor[],
    expect: readonly ProcessIdentity[] | undefined,
  ): void {
    const processes = supervisors.flatMap((supervisor) => supervisor.processes);
    if (expect === undefined || keysOf(expect) === keysOf(processes)) return;
    const now =
      processes.length === 0
        ? 'nothing of it runs now'
        : `it runs as pid ${processes.map(({ pid }) => pid).join(', ')} now`;
    throw new Refusal('conflict', `${name} has changed since it was shown (${now}); nothing was done`);
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

function byNumber(supervisors: readonly Supervisor[]): readonly Supervisor[] {
  if (supervisors.length < 2) return supervisors;
  const number = ({ watch }: Supervisor): number => instanceNumberOf(watch.name) ?? 0;
  return [...supervisors].sort((one, other) => number(one) - number(other));
}

function keysOf(processes: readonly ProcessIdentity[]): string {
  return processes.map(identityKey).sort().join();
}

function partition<T>(all: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((item) => !belongs(item))];
}
