import { identityKey, sameIdentity, type ProcessIdentity } from '../../shared/model/process';
import type { Watch } from '../../shared/model/watch';
import type { WatchActionRequest } from './engine';
import type { PersistedWatch, StateStore } from './ports';
import { Protection } from './policy/protection';
import type { ProcessIndex } from './process-index';
import { Refusal } from './refusal';
import { Supervisor, type SupervisorDependencies } from './supervisor';

/** What a supervisor must know of all the others, the roster tells it. */
export interface RosterDependencies extends Omit<SupervisorDependencies, 'protect' | 'keeperBeside'> {
  state: StateStore;
}

/** The watches in force, each with its supervisor: who keeps which process, and what the next engine must know of it. */
export class Roster implements Iterable<Supervisor> {
  private readonly byId = new Map<string, Supervisor>();
  private readonly shared: SupervisorDependencies;
  private disposed = false;

  constructor(private readonly dependencies: RosterDependencies) {
    this.shared = {
      ...dependencies,
      changed: (supervisor) => {
        this.persist();
        dependencies.changed(supervisor);
      },
      protect: (index) => this.protection(index),
      keeperBeside: (identity, supervisor) => this.keeperOf([identity], supervisor)?.watch.name ?? null,
    };
  }

  [Symbol.iterator](): IterableIterator<Supervisor> {
    return this.byId.values();
  }

  /** Takes up what the engine before this one left of these watches. */
  boot(watches: readonly Watch[], index: ProcessIndex): void {
    const before = this.dependencies.state.load();
    const sameBoot = before !== null && before.bootId === this.dependencies.machine.bootId;
    for (const watch of watches) this.supervise(watch);
    // Those that know their processes first: a pattern must not take what belongs to another watch.
    const [commands, matches] = partition([...this], ({ watch }) => watch.target.kind === 'command');
    for (const supervisor of [...commands, ...matches]) {
      supervisor.boot(before?.watches[supervisor.watch.id] ?? null, sameBoot, index);
    }
    this.persist();
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
    this.persist();
  }

  /** Keeps what the next engine must know. */
  persist(): void {
    if (this.disposed) return;
    const { machine, state } = this.dependencies;
    const watches: Record<string, PersistedWatch> = {};
    for (const [id, supervisor] of this.byId) watches[id] = supervisor.memory();
    state.save({ bootId: machine.bootId, watches });
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
    const found = this.get(ref) ?? [...this].find(({ watch }) => watch.name === ref);
    if (found !== undefined) return found;
    throw new Refusal('not_found', `No watch is called "${ref}"; expected one of those that "healdeck status" lists`);
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
  keeperOf(identities: readonly ProcessIdentity[], except: Supervisor | null = null): Supervisor | null {
    for (const supervisor of this) {
      if (supervisor === except) continue;
      const { processes } = supervisor;
      if (processes.some((process) => identities.some((identity) => sameIdentity(process, identity)))) {
        return supervisor;
      }
    }
    return null;
  }

  /** What may never be touched in this pass. */
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
