import type { Actor, EventDraft, HealdeckEvent, Severity } from '../../shared/model/event';
import {
  type EndPreview,
  type EndResult,
  type ProcessDetails,
  type ProcessIdentity,
  type ProcessRow,
} from '../../shared/model/process';
import type { ImportConflict, ImportReport, PortableConfig } from '../../shared/model/portable';
import { conflictsOf, resolveSettings, type Settings } from '../../shared/model/settings';
import type { EngineInfo, EngineState, MachineSample, WatchStatus } from '../../shared/model/snapshot';
import type { Target, Watch, WatchSpec } from '../../shared/model/watch';
import type { ConfirmedEnd, EndRequest, Engine, EngineChange, WatchActionRequest } from './engine';
import { Announcer } from './announcer';
import { LatestPass } from './latest-pass';
import { findGap } from './policy/gap';
import { OperatorEnd } from './operator-end';
import { OwnCost } from './own-cost';
import { Storm } from './storm';
import { TickLoop } from './tick-loop';
import {
  engineStarted,
  engineStopped,
  gapFound,
  noticed,
  watchAdded,
  watchEdited,
  watchRemoved,
} from './engine-reports';
import { exportConfig, planImport, type ImportPlan } from './portable-config';
import type { Dispose, EnginePorts } from './ports';
import { Refusal } from './refusal';
import { RemovedWatches } from './removed-watches';
import { Roster } from './roster';
import { changeSettings, type SettingValues } from './settings-change';
import type { Supervisor } from './supervisor';
import { changedFields, checkSpec } from './watch-check';

/** Facts that the engine only passes on. */
export interface EngineIdentity {
  version: string;
  shell: 'desktop' | 'headless';
  dataDir: string;
  /** The newest events of earlier engines, oldest first. */
  recentEvents: readonly HealdeckEvent[];
}

/** Between ticks, at processes whose end nobody tells us. */
const LOOK_MS = 100;

/** An engine over its ports; nothing happens before `start()`. */
export function createEngine(ports: EnginePorts, identity: EngineIdentity): Engine {
  return new PortEngine(ports, identity);
}

class PortEngine implements Engine {
  private readonly roster: Roster;
  private readonly announcer: Announcer;
  private readonly startedAt: number;
  private readonly pass: LatestPass;
  private totals: MachineSample | null = null;
  private readonly cost: OwnCost;
  private readonly loop: TickLoop;
  private cancelLook: Dispose | null = null;
  private readonly storm: Storm;
  private readonly operatorEnd: OperatorEnd;
  private readonly removed = new RemovedWatches();
  /** When both clocks were last read together. */
  private lastTick: { atMs: number; wallMs: number; intervalMs: number } | null = null;
  private disposed = false;

  constructor(
    private readonly ports: EnginePorts,
    private readonly identity: EngineIdentity,
  ) {
    this.announcer = new Announcer(ports, identity.recentEvents);
    this.startedAt = ports.clock.wallMs();
    this.loop = new TickLoop({
      clock: ports.clock,
      report: ports.report,
      intervalMs: () => this.settings()['sampling.intervalMs'],
      isExpecting: () => [...this.roster].some((supervisor) => supervisor.expectsMatch || supervisor.isSuspicious),
      tick: (startedMs, dueMs) => this.tick(startedMs, dueMs),
    });
    this.cost = new OwnCost(ports.clock, ports.machine);
    this.storm = new Storm({
      clock: ports.clock,
      settings: () => this.settings(),
      emit: (draft) => this.announcer.emit(draft),
      changed: () => this.announcer.tell({ engine: this.info() }),
      over: () => {
        for (const supervisor of this.roster) supervisor.stormOver();
      },
    });
    this.roster = new Roster({
      ...ports,
      overrides: () => ports.config.overrides(),
      machineLoad: () => this.machineLoad(),
      isHealingPaused: () => this.storm.pausedUntilMs !== null,
      healed: () => this.storm.onRestart(),
      emit: (draft) => this.announcer.emit(draft),
      changed: (supervisor) => {
        this.announcer.tell({ watches: [supervisor.status()] });
        this.armLook();
      },
      lookSoon: () => this.loop.soon(),
    });
    this.pass = new LatestPass(ports, this.roster);
    this.operatorEnd = new OperatorEnd({
      ...ports,
      emit: (draft) => this.announcer.emit(draft),
      protect: (index) => this.roster.protection(index),
      graceMs: () => this.settings()['stop.graceMs'],
      supervisors: () => [...this.roster],
    });
  }

  async start(): Promise<void> {
    const { machine, config } = this.ports;
    const { version, shell } = this.identity;
    this.announcer.emit(engineStarted(version, shell, machine.pid));
    await this.pass.renew();
    this.roster.boot(config.watches(), this.pass.index);
    await this.loop.start();
  }

  dispose(reason: string): void {
    if (this.disposed) return;
    this.announcer.emit(engineStopped(reason, this.ports.machine.pid));
    this.disposed = true;
    this.loop.dispose();
    this.cancelLook?.();
    this.storm.dispose();
    this.roster.dispose();
    this.announcer.dispose();
  }

  snapshot(): EngineState {
    return {
      seq: this.announcer.seq,
      engine: this.info(),
      machine: this.totals,
      watches: this.watches(),
      events: this.announcer.recent,
    };
  }

  subscribe(listener: (change: EngineChange) => void): Dispose {
    return this.announcer.subscribe(listener);
  }

  processes(): readonly ProcessRow[] {
    return this.pass.rows();
  }

  describe(identity: ProcessIdentity): ProcessDetails {
    return this.pass.describe(identity);
  }

  endPreview(request: EndRequest): Promise<EndPreview> {
    return this.operatorEnd.preview(request);
  }

  end(request: ConfirmedEnd): Promise<EndResult> {
    return this.operatorEnd.end(request);
  }

  preview(target: Target): readonly ProcessRow[] {
    return this.pass.preview(target);
  }

  watches(): readonly WatchStatus[] {
    return [...this.roster].map((supervisor) => supervisor.status());
  }

  async add(spec: WatchSpec, actor: Actor): Promise<WatchStatus> {
    const [status] = await this.addAll([spec], actor);
    if (status === undefined) throw new Error('expected the status of the watch that was added');
    return status;
  }

  edit(request: { watch: string; revision: number; spec: WatchSpec; actor: Actor }): WatchStatus {
    const supervisor = this.roster.find(request.watch);
    const old = supervisor.watch;
    if (request.revision !== old.revision) {
      throw new Refusal('conflict', `${old.name} was edited meanwhile; look at it again and repeat the edit`);
    }
    this.checkName(request.spec.name, old.id);
    this.checkSpec(request.spec);
    this.checkTarget(supervisor, request.spec);
    const watch: Watch = { ...request.spec, id: old.id, revision: old.revision + 1 };
    this.ports.config.saveWatches(this.ports.config.watches().map((kept) => (kept.id === watch.id ? watch : kept)));
    this.putInForce(supervisor, watch, request.actor);
    return supervisor.status();
  }

  remove(request: WatchActionRequest): { leftRunning: readonly number[] } {
    const supervisor = this.roster.findAsShown(request);
    const { watch } = supervisor;
    this.ports.config.saveWatches(this.ports.config.watches().filter((kept) => kept.id !== watch.id));
    this.removed.keep({ watch, memory: supervisor.memory() });
    return { leftRunning: this.letGo(supervisor, request.actor) };
  }

  async restore(ref: string, actor: Actor): Promise<WatchStatus> {
    const removed = this.removed.find(ref);
    if (removed === null) {
      throw new Refusal('not_found', `Expected a watch that was removed since this engine started; "${ref}" is none`);
    }
    await this.pass.renew();
    const { watch, memory } = removed;
    this.checkName(watch.name, null);
    // What has died since is no crash: nobody watched it. It is started, not healed.
    const alive = memory.processes.filter((process) => this.ports.table.isAlive(process));
    const thief = this.roster.keeperOf(alive);
    if (thief !== null) {
      throw new Refusal('conflict', `The program of ${watch.name} is watched by ${thief.watch.name} by now`);
    }
    // Its definition was in force before: it is taken back as it was, as after a restart of the engine.
    this.ports.config.saveWatches([...this.ports.config.watches(), watch]);
    this.removed.forget(removed);
    const supervisor = this.roster.supervise(watch);
    this.announcer.emit(watchAdded(watch, actor));
    supervisor.boot({ ...memory, processes: alive }, true, this.pass.index);
    this.roster.persist();
    this.announcer.tell({ watches: [supervisor.status()] });
    return supervisor.status();
  }

  startWatch(request: WatchActionRequest): Promise<WatchStatus> {
    return this.act(request, (supervisor) => supervisor.start(request.actor));
  }

  stopWatch(request: WatchActionRequest): Promise<WatchStatus> {
    return this.act(request, (supervisor) => supervisor.stop(request.actor));
  }

  restartWatch(request: WatchActionRequest): Promise<WatchStatus> {
    return this.act(request, (supervisor) => supervisor.restart(request.actor));
  }

  publish(draft: EventDraft): void {
    this.announcer.emit(draft);
  }

  note(notice: { topic: string; severity: Severity; detail: string }): void {
    this.publish(noticed(notice));
  }

  settings(): Settings {
    return resolveSettings(this.ports.config.overrides());
  }

  setSettings(values: SettingValues): Settings {
    this.ports.config.saveOverrides(changeSettings(this.ports.config.overrides(), values));
    this.settingsChanged();
    return this.settings();
  }

  resetCooldown(ref: string | null, actor: Actor): { reset: readonly string[] } {
    if (ref === null) this.storm.release(actor);
    const asked = ref === null ? [...this.roster] : [this.roster.find(ref)];
    const reset = asked.filter((supervisor) => supervisor.resetCooldown(actor));
    return { reset: reset.map((supervisor) => supervisor.watch.name) };
  }

  extendCooldown(ref: string, byMs: number, actor: Actor): WatchStatus {
    const supervisor = this.roster.find(ref);
    supervisor.extendCooldown(byMs, actor);
    return supervisor.status();
  }

  observe(ref: string, on: boolean, actor: Actor): WatchStatus {
    const { watch } = this.roster.find(ref);
    const { id, revision, ...spec } = watch;
    const overrides = { ...spec.overrides, observe: on };
    return this.edit({ watch: id, revision, spec: { ...spec, overrides }, actor });
  }

  async addAll(specs: readonly WatchSpec[], actor: Actor): Promise<readonly WatchStatus[]> {
    await this.pass.renew();
    const watches: Watch[] = [];
    for (const spec of specs) {
      const twin = watches.find((watch) => sameName(watch.name, spec.name));
      if (twin !== undefined) throw new Refusal('conflict', `Expected each name once; "${spec.name}" is there twice`);
      this.checkName(spec.name, null);
      this.checkSpec(spec);
      watches.push({ ...spec, id: this.ports.machine.newId(), revision: 1 });
    }
    this.ports.config.saveWatches([...this.ports.config.watches(), ...watches]);
    for (const watch of watches) await this.takeIn(watch, actor);
    return watches.map((watch) => this.roster.find(watch.id).status());
  }

  exportConfig(): PortableConfig {
    return exportConfig({ overrides: this.ports.config.overrides(), watches: this.ports.config.watches() });
  }

  async importConfig(request: {
    file: PortableConfig;
    conflict: ImportConflict;
    dryRun: boolean;
    actor: Actor;
  }): Promise<ImportReport> {
    const { file, conflict, dryRun, actor } = request;
    const { config, machine } = this.ports;
    await this.pass.renew();
    const present = { overrides: config.overrides(), watches: config.watches() };
    const plan = planImport({ present, file, conflict, newId: () => machine.newId() });
    this.checkPlan(plan);
    if (dryRun) return { applied: false, ...plan.report };
    config.saveAll(plan);
    this.settingsChanged();
    for (const watch of plan.replaced) this.putInForce(this.roster.find(watch.id), watch, actor);
    for (const watch of plan.added) await this.takeIn(watch, actor);
    return { applied: true, ...plan.report };
  }

  adoptConfig(): void {
    const wanted = this.ports.config.watches();
    for (const supervisor of this.roster) {
      if (!wanted.some(({ id }) => id === supervisor.watch.id)) this.letGo(supervisor, 'engine');
    }
    for (const watch of wanted) {
      const supervisor = this.roster.get(watch.id);
      if (supervisor === null) {
        this.takeIn(watch, 'engine').catch((error: unknown) => this.ports.report(`taking in ${watch.name}`, error));
      } else if (changedFields(supervisor.watch, watch).length > 0) {
        this.putInForce(supervisor, { ...watch, revision: supervisor.watch.revision + 1 }, 'engine');
      }
    }
    this.settingsChanged();
  }

  // ---- the loop ----

  /** One pass and what follows from it. */
  private async tick(startedMs: number, dueMs: number): Promise<void> {
    await this.pass.renew();
    if (this.disposed) return;
    this.noticeGap(startedMs);
    for (const supervisor of this.roster) {
      try {
        supervisor.observe(this.pass.index);
      } catch (error) {
        this.ports.report(`watching ${supervisor.watch.name}`, error);
      }
    }
    this.cost.onTick(startedMs, dueMs);
    this.record();
    this.announcer.tell({ engine: this.info(), watches: this.watches(), processesChanged: true });
    void this.readTotals();
  }

  /** Time in which nobody watched must not be judged: a tick that is far too late, or a wall clock that jumped. */
  private noticeGap(startedMs: number): void {
    const { clock } = this.ports;
    const now = { atMs: startedMs, wallMs: clock.wallMs() - (clock.monotonicMs() - startedMs) };
    const intervalMs = this.settings()['sampling.intervalMs'];
    const last = this.lastTick;
    this.lastTick = { ...now, intervalMs };
    // A tick that was planned by a longer interval is not late by a shorter one.
    const gap = last === null ? null : findGap(last, now, Math.max(intervalMs, last.intervalMs));
    if (gap === null) return;
    for (const supervisor of this.roster) supervisor.forgetReadings();
    this.announcer.emit(gapFound(gap));
  }

  private armLook(): void {
    if (this.cancelLook !== null || this.disposed) return;
    const needed = [...this.roster].some((supervisor) =>
      supervisor.processes.some((process) => process.origin !== 'child'),
    );
    if (!needed) return;
    this.cancelLook = this.ports.clock.after(LOOK_MS, () => {
      this.cancelLook = null;
      for (const supervisor of this.roster) supervisor.lookBetweenTicks();
      this.armLook();
    });
  }

  private record(): void {
    const readings = [...this.roster].flatMap((supervisor) => {
      if (!supervisor.processes.some((process) => this.pass.index.find(process) !== null)) return [];
      return { watchId: supervisor.watch.id, ...supervisor.use() };
    });
    if (readings.length > 0) this.ports.samples.recordSamples(this.ports.clock.wallMs(), readings);
  }

  private async readTotals(): Promise<void> {
    try {
      const machine = { ...(await this.ports.machine.totals()), processes: this.pass.index.samples.length };
      if (this.isDisposed()) return;
      this.totals = machine;
      const cores = machine.corePercents;
      const cpuPercent = cores.length === 0 ? 0 : sum(cores) / cores.length;
      const [load] = machine.loadAverages;
      this.ports.samples.recordSamples(machine.at, [
        { watchId: null, cpuPercent, memoryBytes: machine.memoryUsedBytes, load },
      ]);
      this.announcer.tell({ machine });
    } catch (error) {
      this.ports.report('reading the totals of the machine', error);
    }
  }

  // ---- watches that come and go ----

  /** A watch that is in the configuration from now on. */
  private async takeIn(watch: Watch, actor: Actor): Promise<void> {
    const supervisor = this.roster.supervise(watch);
    this.announcer.emit(watchAdded(watch, actor));
    if (watch.autostart) await this.startAdded(supervisor, actor);
    else supervisor.boot(null, false, this.pass.index);
  }

  /** An edited watch, saved already. */
  private putInForce(supervisor: Supervisor, watch: Watch, actor: Actor): void {
    const old = supervisor.watch;
    const changed = changedFields(old, watch);
    if (watch.name !== old.name) this.ports.output.rename(old.name, watch.name);
    supervisor.edit(watch);
    this.announcer.emit(watchEdited(old, watch, changed, actor));
  }

  /** A watch that is not in the configuration any more. Returns the pids that go on running. */
  private letGo(supervisor: Supervisor, actor: Actor): readonly number[] {
    const { watch } = supervisor;
    const leftRunning = supervisor.processes.map((process) => process.pid);
    this.roster.drop(supervisor);
    this.announcer.emit(watchRemoved(watch, leftRunning, actor));
    this.announcer.tell({ removedWatchIds: [watch.id] });
    return leftRunning;
  }

  private settingsChanged(): void {
    for (const supervisor of this.roster) supervisor.settingsChanged();
    this.loop.rearm();
    this.announcer.tell({ engine: this.info(), watches: this.watches() });
  }

  // ---- small parts ----

  private async startAdded(supervisor: Supervisor, actor: Actor): Promise<void> {
    try {
      await supervisor.start(actor);
    } catch (error) {
      // The watch is there and its start is retried: the status says how it stands.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  private async act(
    request: WatchActionRequest,
    action: (supervisor: Supervisor) => Promise<void>,
  ): Promise<WatchStatus> {
    const supervisor = this.roster.findAsShown(request);
    await action(supervisor);
    return supervisor.status();
  }

  private checkName(name: string, ownId: string | null): void {
    const taken = this.ports.config.watches().find((watch) => watch.id !== ownId && sameName(watch.name, name));
    if (taken !== undefined) {
      throw new Refusal('conflict', `Expected a name that is not in use; "${taken.name}" is watched already`);
    }
  }

  private machineLoad(): { cpuPercent: number; memoryBytes: number } | null {
    if (this.totals === null) return null;
    const { corePercents, memoryTotalBytes } = this.totals;
    const cpuPercent = corePercents.length === 0 ? 0 : sum(corePercents) / corePercents.length;
    return { cpuPercent, memoryBytes: memoryTotalBytes };
  }

  private checkSpec(spec: WatchSpec, overrides = this.ports.config.overrides()): void {
    checkSpec(spec, this.ports, (target) => this.pass.preview(target));
    const [conflict] = conflictsOf(resolveSettings(overrides, spec.overrides));
    if (conflict !== undefined) throw new Refusal('invalid', conflict);
  }

  private checkTarget(supervisor: Supervisor, { target }: WatchSpec): void {
    const { watch, processes } = supervisor;
    if (target.kind === watch.target.kind || processes.length === 0) return;
    throw new Refusal(
      'conflict',
      `Expected ${watch.name} to be stopped before it is found in another way; stop it first`,
    );
  }

  private checkPlan({ overrides, added, replaced }: ImportPlan): void {
    const [conflict] = conflictsOf(resolveSettings(overrides));
    if (conflict !== undefined) throw new Refusal('invalid', conflict);
    for (const watch of [...added, ...replaced]) {
      try {
        this.checkSpec(watch, overrides);
        const supervisor = this.roster.get(watch.id);
        if (supervisor !== null) this.checkTarget(supervisor, watch);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw new Refusal(error.code, `Nothing was imported: "${watch.name}": ${error.message}`);
      }
    }
  }

  private info(): EngineInfo {
    const { machine, events } = this.ports;
    return {
      version: this.identity.version,
      shell: this.identity.shell,
      dataDir: this.identity.dataDir,
      pid: machine.pid,
      hostname: machine.hostname,
      platform: machine.platform,
      startedAt: this.startedAt,
      settings: this.settings(),
      ...this.cost.figures,
      healingPausedUntil: this.storm.pausedUntilAt,
      unwrittenEvents: events.unwritten,
    };
  }

  /** Asked again after each await: TypeScript takes a field it has seen false for false for ever. */
  private isDisposed(): boolean {
    return this.disposed;
  }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
