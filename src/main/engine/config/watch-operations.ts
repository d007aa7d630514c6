import { baseNameOf, membersOf, specOfInstance } from '../../../shared/lib/instances';
import { scaledTo } from '../../../shared/lib/scaled-to';
import type { Actor } from '../../../shared/model/event';
import type { MatchPreview, ProcessIdentity, WatchEndPreview } from '../../../shared/model/process';
import { isJob } from '../../../shared/model/schedule';
import type { WatchPorts } from '../../../shared/model/ports';
import type { RollingResult, WatchStatus } from '../../../shared/model/snapshot';
import { sameName, watchSpecSchema, type Target, type Watch, type WatchSpec } from '../../../shared/model/watch';
import type {
  EditRequest,
  ProbeTrial,
  RollingRequest,
  ScaleRequest,
  UndoRequest,
  WatchActionRequest,
  WatchControl,
} from '../engine';
import type { ChangeBus } from '../events/change-bus';
import { watchAdded } from '../events/engine-reports';
import type { HiddenValues } from '../events/hidden-values';
import type { EnginePorts, ProbeAnswer } from '../ports';
import { isOfProgram, remoteCheck } from '../probes/remote-check';
import type { GraphOperations } from '../graph/graph-operations';
import { Refusal } from '../refusal';
import type { ProcessSnapshot } from '../ticks/process-snapshot';
import type { ProcessOperations } from '../ticks/process-operations';
import type { InstanceScaling } from '../instances/instance-scaling';
import type { RollingRestarts } from '../instances/rolling-restarts';
import type { Roster } from '../watch/roster';
import type { Storm } from '../watch/storm';
import type { Supervisor } from '../watch/supervisor';
import { sharedPrograms } from './kept-elsewhere';
import { RemovedWatches } from './removed-watches';
import type { WatchActivation } from './watch-activation';
import { checkDependencies, checkNotAwaited, renamedDependencies } from './dependency-check';
import { checkName, checkSpec, checkTarget } from './watch-check';

export interface WatchOperationsDependencies extends Pick<
  EnginePorts,
  'config' | 'dataDir' | 'machine' | 'prober' | 'report' | 'spawner' | 'table'
> {
  roster: Roster;
  latestScan: ProcessSnapshot;
  graph: Pick<GraphOperations, 'ports'>;
  processes: ProcessOperations;
  activation: WatchActivation;
  scaling: InstanceScaling;
  rolling: RollingRestarts;
  storm: Storm;
  changeBus: ChangeBus;
  hidden: HiddenValues;
}

/**
 * What an operator asks of watches. Each change of a definition is checked, then saved, then in force: what was refused or can't be
 * saved changes nothing.
 */
export class WatchOperations implements WatchControl {
  private readonly removed = new RemovedWatches();

  constructor(private readonly dependencies: WatchOperationsDependencies) {}

  // ---- what it shows ----

  list(): readonly WatchStatus[] {
    return this.dependencies.roster.inOrder().map((supervisor) => supervisor.status());
  }

  private statusesOf({ id }: Watch): readonly WatchStatus[] {
    return this.dependencies.roster.instancesOf(id).map((supervisor) => supervisor.status());
  }

  async preview(target: Target, watch?: string): Promise<MatchPreview> {
    const { latestScan, processes, roster } = this.dependencies;
    await latestScan.refresh();
    return processes.matchesOf(target, watch === undefined ? null : roster.findKept(watch).id);
  }

  async tryProbe({ probe, target: shown, watch: ref }: ProbeTrial): Promise<ProbeAnswer> {
    const { hidden, machine, roster, prober, spawner } = this.dependencies;
    const before = ref === undefined ? null : roster.findKept(ref);
    const target = hidden.restore(shown, before === null ? {} : { before: before.target });
    const parsed = watchSpecSchema.parse({ name: before?.name ?? 'probe', target, probes: [probe] });
    // Its numbers are those of the first instance.
    const spec = { ...specOfInstance(parsed, 1), name: parsed.name };
    this.checkSpec(spec);
    const [{ check: asked } = probe] = spec.probes;
    if (isOfProgram(asked)) {
      throw new Refusal(
        'invalid',
        `A ${asked.kind} probe is answered by what the program writes while it runs; expected one that asks over the network or by a command`,
      );
    }
    const check = remoteCheck(asked, { ...spec, id: before?.id ?? machine.newId(), revision: 1 }, spawner);
    // Checked above: a command probe has a start command.
    if (check === null) throw new Refusal('invalid', `Expected a start command for probe ${probe.name}`);
    return prober.ask(check, probe.timeoutMs).answer;
  }

  ports(watch: string | null): Promise<readonly WatchPorts[]> {
    return this.dependencies.graph.ports(watch);
  }

  async endPreview(watch: string): Promise<WatchEndPreview> {
    const { processes, roster } = this.dependencies;
    return processes.watchEndPreview(roster.find(watch));
  }

  // ---- definitions ----

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
    const { config, dataDir, machine, latestScan, processes, roster, hidden, activation } = this.dependencies;
    const elsewhere = await dataDir.keptElsewhere();
    await latestScan.refresh();
    const living = hiddenFrom === undefined ? undefined : latestScan.index.find(hiddenFrom);
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
    checkDependencies([...config.watches(), ...added]);
    config.saveWatches([...config.watches(), ...added]);
    activation.reportShared(
      sharedPrograms(added.flatMap(membersOf), elsewhere, (target, id) => processes.matchesOf(target, id)),
    );
    for (const watch of added) await activation.activate(watch, actor);
    return this.showStarted(added.map(({ id }) => roster.find(id)));
  }

  /** What the spec hides stays as it is. */
  edit({ watch: ref, revision, spec: shown, actor }: EditRequest): WatchStatus {
    const { roster, hidden } = this.dependencies;
    const old = roster.findKept(ref);
    if (revision !== old.revision) {
      throw new Refusal('conflict', `${old.name} was edited meanwhile; reload it and repeat the edit`);
    }
    return this.change(old, { ...shown, target: hidden.restore(shown.target, { before: old.target }) }, actor);
  }

  /** The definition before the last edit, whole: what it hides never left this engine. */
  undo({ watch: ref, revision, actor }: UndoRequest): WatchStatus {
    const { roster, activation } = this.dependencies;
    const watch = roster.findKept(ref);
    if (revision !== watch.revision) {
      throw new Refusal('conflict', `${watch.name} was edited meanwhile; reload it and repeat the undo`);
    }
    const before = activation.edits.last(watch.id);
    if (before === null) {
      throw new Refusal(
        'conflict',
        `Expected a watch that was edited since this engine started; ${watch.name} was not, or all of it was undone`,
      );
    }
    const { id, revision: _, ...spec } = before;
    const status = this.change(watch, spec, actor);
    // Once for the edit, and once for this undo, which can't be undone itself.
    activation.edits.drop(id);
    activation.edits.drop(id);
    return status;
  }

  observe(ref: string, on: boolean, actor: Actor): WatchStatus {
    const { id, revision, ...spec } = this.dependencies.roster.findKept(ref);
    const overrides = { ...spec.overrides, observe: on };
    return this.edit({ watch: id, revision, spec: { ...spec, overrides }, actor });
  }

  remove(request: WatchActionRequest): { leftRunning: readonly number[] } {
    const { config, roster, activation } = this.dependencies;
    const watch = roster.findKept(request.watch);
    const supervisors = roster.instancesOf(watch.id);
    roster.checkAsShown(watch, supervisors, request.expect);
    const others = config.watches().filter((kept) => kept.id !== watch.id);
    checkNotAwaited(watch, others);
    config.saveWatches(others);
    const memories = new Map(supervisors.map((supervisor) => [supervisor.watch.id, supervisor.memory()]));
    this.removed.keep({ watch, memories });
    return { leftRunning: activation.release(watch, request.actor) };
  }

  async restore(ref: string, actor: Actor): Promise<WatchStatus> {
    const { config, table, roster, latestScan, changeBus } = this.dependencies;
    const removed = this.removed.find(ref);
    if (removed === null) {
      throw new Refusal(
        'not_found',
        `Expected a watch that was removed since this engine started; "${ref}" is not one`,
      );
    }
    await latestScan.refresh();
    const { watch, memories } = removed;
    checkName(watch.name, config.watches());
    // What has died since is no crash: nobody watched it. It is started, not healed.
    const isAlive = (process: ProcessIdentity): boolean => table.isAlive(process);
    const alive = [...memories.values()].flatMap(({ processes }) => processes.filter(isAlive));
    const newOwner = roster.ownerOf(alive);
    if (newOwner !== null) {
      throw new Refusal('conflict', `The program of ${watch.name} is watched by ${newOwner.watch.name} by now`);
    }
    // Its definition was in force before: it is taken back as it was, as after a restart of the engine.
    checkDependencies([...config.watches(), watch]);
    config.saveWatches([...config.watches(), watch]);
    this.removed.forget(removed);
    const supervisors = roster.keep(watch);
    changeBus.record(watchAdded(watch, actor));
    for (const supervisor of supervisors) {
      const memory = memories.get(supervisor.watch.id) ?? null;
      const living = memory === null ? null : { ...memory, processes: memory.processes.filter(isAlive) };
      supervisor.boot(living, true, latestScan.index);
    }
    roster.persist();
    const statuses = supervisors.map((supervisor) => supervisor.status());
    changeBus.publish({ watches: statuses, processesChanged: true });
    return firstOf(statuses);
  }

  private change(old: Watch, spec: WatchSpec, actor: Actor): WatchStatus {
    const { config, roster, activation } = this.dependencies;
    checkName(
      spec.name,
      config.watches().filter(({ id }) => id !== old.id),
    );
    this.checkSpec(spec, old.id);
    const supervisors = roster.instancesOf(old.id);
    checkTarget(
      spec,
      old,
      supervisors.some(({ processes }) => processes.length > 0),
    );
    const watch: Watch = { ...spec, id: old.id, revision: old.revision + 1 };
    const edited = config.watches().map((kept) => (kept.id === watch.id ? watch : kept));
    const watches = renamedDependencies(edited, old.name, watch.name).map((kept, at) =>
      kept === edited[at] ? kept : { ...kept, revision: kept.revision + 1 },
    );
    checkDependencies(watches);
    config.saveWatches(watches);
    for (const kept of watches) {
      const own = roster.definition(kept.id);
      if (own !== undefined && own.revision !== kept.revision) activation.apply(own, kept, actor);
    }
    return firstOf(this.statusesOf(old));
  }

  private checkSpec(spec: WatchSpec, watchId: string | null = null): void {
    const { config, spawner, processes } = this.dependencies;
    checkSpec(spec, {
      spawner,
      overrides: config.overrides(),
      matchesOf: (target) => processes.matchesOf(target, watchId),
    });
  }

  // ---- programs ----

  start(request: WatchActionRequest): Promise<WatchStatus> {
    return this.act(request, (supervisor) => {
      this.checkWanted(supervisor);
      this.startAwaited(supervisor, request.actor, new Set());
      return supervisor.start(request.actor);
    });
  }

  /** Starts what a start would wait for and nobody has started. What comes of it is reported there. */
  private startAwaited(waiting: Supervisor, actor: Actor, seen: Set<Supervisor>): void {
    const { roster, report } = this.dependencies;
    if (seen.has(waiting)) return;
    seen.add(waiting);
    for (const { watch, until } of waiting.watch.after) {
      for (const awaited of roster.named(watch)) {
        // A job runs by its schedule or when the operator starts it, not because another one waits for it.
        if (isJob(awaited.watch) || !awaited.needsStart || awaited.meets(until)) continue;
        this.startAwaited(awaited, actor, seen);
        awaited.start(actor).catch((error: unknown) => {
          if (!(error instanceof Refusal)) report(`starting ${awaited.watch.name}`, error);
        });
      }
    }
  }

  stop(request: WatchActionRequest): Promise<WatchStatus> {
    return this.act(request, async (supervisor) => {
      await supervisor.stop(request.actor);
      // One that was to leave and could not be ended leaves now.
      this.dependencies.scaling.endUnwanted(supervisor.keptId, request.actor);
    });
  }

  restart(request: WatchActionRequest): Promise<WatchStatus> {
    return this.act(request, (supervisor) => {
      this.checkWanted(supervisor);
      return supervisor.restart(request.actor);
    });
  }

  /** @throws Refusal `conflict` for an instance that its watch is not to have any more */
  private checkWanted(supervisor: Supervisor): void {
    if (this.dependencies.roster.isWanted(supervisor)) return;
    const { name } = supervisor.watch;
    throw new Refusal('conflict', `${name} is being ended; scale ${baseNameOf(name)} up to have it back`);
  }

  // ---- instances ----

  scale({ watch: ref, change, actor }: ScaleRequest): WatchStatus {
    const watch = this.dependencies.roster.findKept(ref);
    const { id: _id, revision: _revision, ...spec } = watch;
    const scaled = scaledTo(watch, change);
    if (!scaled.ok) throw new Refusal('invalid', scaled.error);
    if (scaled.instances.count === watch.instances?.count) return firstOf(this.statusesOf(watch));
    return this.change(watch, { ...spec, instances: scaled.instances }, actor);
  }

  rollingRestart({ watch: ref, keep, actor }: RollingRequest): Promise<RollingResult> {
    const { roster, rolling } = this.dependencies;
    return rolling.run({ watch: roster.findKept(ref), keep, actor });
  }

  private async act(
    request: WatchActionRequest,
    action: (supervisor: Supervisor) => Promise<void>,
  ): Promise<WatchStatus> {
    const supervisor = this.dependencies.roster.findAsShown(request);
    await action(supervisor);
    await this.showStarted([supervisor]);
    return supervisor.status();
  }

  /** What has just come up is in no scan yet; readers and recorders of the process table get it with this one. */
  private async showStarted(supervisors: readonly Supervisor[]): Promise<readonly WatchStatus[]> {
    const { latestScan, changeBus } = this.dependencies;
    await latestScan.refresh();
    for (const supervisor of supervisors) supervisor.show(latestScan.index);
    const watches = supervisors.map((supervisor) => supervisor.status());
    changeBus.publish({ watches, processesChanged: true });
    return watches;
  }

  resetCooldown(ref: string | null, actor: Actor): { reset: readonly string[] } {
    const { roster, storm } = this.dependencies;
    if (ref === null) storm.release(actor);
    const asked = ref === null ? [...roster] : [roster.find(ref)];
    const reset = asked.filter((supervisor) => supervisor.resetCooldown(actor));
    return { reset: reset.map((supervisor) => supervisor.watch.name) };
  }

  extendCooldown(ref: string, byMs: number, actor: Actor): WatchStatus {
    const supervisor = this.dependencies.roster.find(ref);
    supervisor.extendCooldown(byMs, actor);
    return supervisor.status();
  }
}

/** A watch has one instance at least. */
function firstOf(statuses: readonly WatchStatus[]): WatchStatus {
  const [first] = statuses;
  if (first === undefined) throw new Error('expected a watch that is in force');
  return first;
}
