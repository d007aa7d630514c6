import type { Actor, EventDraft, HealdeckEvent, Severity } from '../../shared/model/event';
import type { ImportReport, PortableConfig } from '../../shared/model/portable';
import type {
  EndPreview,
  WatchEndPreview,
  EndResult,
  MatchPreview,
  ProcessDetails,
  ProcessIdentity,
  ProcessRow,
} from '../../shared/model/process';
import type { SettingKey, Settings } from '../../shared/model/settings';
import type { EngineInfo, EngineState, WatchStatus } from '../../shared/model/snapshot';
import type { Target, WatchSpec } from '../../shared/model/watch';
import { Announcer } from './events/announcer';
import { Configuration } from './config/configuration';
import type {
  ConfirmedEnd,
  EditRequest,
  EndRequest,
  Engine,
  EngineChange,
  ImportRequest,
  UndoRequest,
  WatchActionRequest,
} from './engine';
import { engineStarted, engineStopped, FIRST_PROCESS_NOTICE, noticed } from './events/engine-reports';
import { gapFound } from './ticks/tick-reports';
import { HiddenValues } from './events/hidden-values';
import { LatestPass } from './ticks/latest-pass';
import { Lookout } from './ticks/lookout';
import { MachineTotals } from './ticks/machine-totals';
import { OperatorEnd } from './watch/operator-end';
import { OwnCost } from './ticks/own-cost';
import type { Dispose, EnginePorts } from './ports';
import { Roster } from './watch/roster';
import type { SettingValues } from './settings-change';
import { SamplingPace } from './ticks/sampling-pace';
import { SkippedPasses } from './ticks/skipped-passes';
import { Storm } from './watch/storm';
import type { Supervisor } from './watch/supervisor';
import { TickGaps } from './ticks/tick-gaps';
import { TickLoop } from './ticks/tick-loop';

/** Facts that the engine only passes on. */
export interface EngineIdentity {
  version: string;
  shell: 'desktop' | 'headless';
  dataDir: string;
  /** The newest events of earlier engines, oldest first. */
  recentEvents: readonly HealdeckEvent[];
}

/** An engine over its ports; nothing happens before `start()`. */
export function createEngine(ports: EnginePorts, identity: EngineIdentity): Engine {
  return new PortEngine(ports, identity);
}

/** Puts the parts together, and ticks. What an operator asks for is answered by the part that it concerns. */
class PortEngine implements Engine {
  private readonly announcer: Announcer;
  private readonly roster: Roster;
  private readonly pass: LatestPass;
  private readonly configuration: Configuration;
  private readonly operatorEnd: OperatorEnd;
  private readonly storm: Storm;
  private readonly skipped: SkippedPasses;
  private readonly loop: TickLoop;
  private readonly lookout: Lookout;
  private readonly gaps: TickGaps;
  private readonly cost: OwnCost;
  private readonly pace: SamplingPace;
  private readonly totals: MachineTotals;
  private readonly hidden: HiddenValues;
  private readonly startedAt: number;
  private disposed = false;

  constructor(
    private readonly ports: EnginePorts,
    private readonly identity: EngineIdentity,
  ) {
    const { clock, config, machine, report } = ports;
    this.hidden = new HiddenValues(() => this.settings()['mask.words']);
    const { hidden } = this;
    const emit = (draft: EventDraft): number => this.announcer.emit(draft);
    this.startedAt = clock.wallMs();
    this.announcer = new Announcer({ ...ports, hidden }, identity.recentEvents);
    this.roster = new Roster({
      ...ports,
      hidden,
      overrides: () => config.overrides(),
      machineLoad: () => this.totals.load,
      isHealingPaused: (lastRestartAtMs) => this.storm.holds(lastRestartAtMs),
      healed: (heal) => this.storm.onRestart(heal),
      refunded: (heal) => this.storm.onRefund(heal),
      emit,
      changed: (supervisor) => {
        this.announcer.tell({ watches: [supervisor.status()] });
        this.lookout.arm();
      },
      lookSoon: () => this.loop.soon(),
    });
    this.pass = new LatestPass({ ...ports, hidden }, this.roster);
    const { announcer, roster, pass } = this;
    this.configuration = new Configuration({
      ...ports,
      ...{ announcer, roster, pass, hidden },
      settingsChanged: () => this.settingsChanged(),
    });
    this.operatorEnd = new OperatorEnd({
      ...ports,
      ...{ emit, hidden },
      protect: (index) => roster.protection(index),
      graceMs: () => this.settings()['stop.graceMs'],
      supervisors: () => [...roster],
    });
    this.storm = new Storm({
      clock,
      settings: () => this.settings(),
      emit,
      changed: () => announcer.tell({ engine: this.info() }),
      over: () => {
        for (const supervisor of roster) supervisor.stormOver();
      },
    });
    this.loop = new TickLoop({
      clock,
      report,
      intervalMs: () => this.pace.intervalMs,
      isExpecting: () => [...roster].some((supervisor) => supervisor.expectsMatch || supervisor.isSuspicious),
      tick: (startedMs, dueMs) => this.tick(startedMs, dueMs),
    });
    this.lookout = new Lookout(clock, roster);
    this.gaps = new TickGaps(clock);
    this.cost = new OwnCost(clock, machine);
    this.pace = new SamplingPace({
      settings: () => this.settings(),
      isUndecided: () => [...roster].some((supervisor) => supervisor.isUndecided),
      emit,
    });
    this.skipped = new SkippedPasses({
      clock,
      machine,
      intervals: () => ({ setMs: this.settings()['sampling.intervalMs'], inForceMs: this.pace.intervalMs }),
      lookSoon: () => this.loop.soon(),
    });
    this.totals = new MachineTotals({ ...ports, pass, announcer });
  }

  // ---- from start to end ----

  async start(): Promise<void> {
    const { machine, config } = this.ports;
    const { version, shell } = this.identity;
    this.announcer.emit(engineStarted(version, shell, machine.pid));
    if (machine.pid === 1) this.note(FIRST_PROCESS_NOTICE);
    await this.pass.renew();
    if (this.disposed) return;
    this.roster.boot(config.watches(), this.pass.index);
    await this.loop.start();
  }

  dispose(reason: string): void {
    if (this.disposed) return;
    this.announcer.emit(engineStopped(reason, this.ports.machine.pid));
    this.disposed = true;
    this.loop.dispose();
    this.skipped.dispose();
    this.lookout.dispose();
    this.storm.dispose();
    this.totals.dispose();
    this.roster.dispose();
    this.announcer.dispose();
  }

  // ---- what there is to see and to tell ----

  snapshot(): EngineState {
    return {
      seq: this.announcer.seq,
      engine: this.info(),
      machine: this.totals.latest,
      watches: this.watches(),
      events: this.announcer.recent,
    };
  }

  subscribe(listener: (change: EngineChange) => void): Dispose {
    return this.announcer.subscribe(listener);
  }

  watches(): readonly WatchStatus[] {
    return [...this.roster].map((supervisor) => supervisor.status());
  }

  processes(): readonly ProcessRow[] {
    return this.pass.rows();
  }

  describe(identity: ProcessIdentity): ProcessDetails {
    return this.pass.describe(identity);
  }

  async preview(target: Target, watch?: string): Promise<MatchPreview> {
    await this.pass.renew();
    return this.pass.preview(target, watch === undefined ? null : this.roster.find(watch).watch.id);
  }

  publish(draft: EventDraft): void {
    this.announcer.emit(draft);
  }

  note(notice: { topic: string; severity: Severity; detail: string }): void {
    this.publish(noticed(notice));
  }

  // ---- what is to be watched, and how ----

  add(spec: WatchSpec, actor: Actor, hiddenFrom?: ProcessIdentity): Promise<WatchStatus> {
    return this.configuration.add(spec, actor, hiddenFrom);
  }

  addAll(specs: readonly WatchSpec[], actor: Actor): Promise<readonly WatchStatus[]> {
    return this.configuration.addAll(specs, actor);
  }

  edit(request: EditRequest): WatchStatus {
    return this.configuration.edit(request);
  }

  undoEdit(request: UndoRequest): WatchStatus {
    return this.configuration.undoEdit(request);
  }

  observe(watch: string, on: boolean, actor: Actor): WatchStatus {
    return this.configuration.observe(watch, on, actor);
  }

  remove(request: WatchActionRequest): { leftRunning: readonly number[] } {
    return this.configuration.remove(request);
  }

  restore(watch: string, actor: Actor): Promise<WatchStatus> {
    return this.configuration.restore(watch, actor);
  }

  settings(): Settings {
    return this.configuration.settings();
  }

  shownSettings(): Settings {
    return this.hidden.settings(this.settings());
  }

  setSettings(values: SettingValues, actor: Actor): Settings {
    this.configuration.setSettings(values, actor);
    return this.shownSettings();
  }

  undoSettings(keys: readonly SettingKey[] | null, actor: Actor): Settings {
    this.configuration.undoSettings(keys, actor);
    return this.shownSettings();
  }

  exportConfig(): PortableConfig {
    return this.configuration.export();
  }

  importConfig(request: ImportRequest): Promise<ImportReport> {
    return this.configuration.import(request);
  }

  adoptConfig(): void {
    this.configuration.adopt();
  }

  // ---- what an operator does ----

  startWatch(request: WatchActionRequest): Promise<WatchStatus> {
    return this.act(request, (supervisor) => supervisor.start(request.actor));
  }

  stopWatch(request: WatchActionRequest): Promise<WatchStatus> {
    return this.act(request, (supervisor) => supervisor.stop(request.actor));
  }

  restartWatch(request: WatchActionRequest): Promise<WatchStatus> {
    return this.act(request, (supervisor) => supervisor.restart(request.actor));
  }

  private async act(
    request: WatchActionRequest,
    action: (supervisor: Supervisor) => Promise<void>,
  ): Promise<WatchStatus> {
    const supervisor = this.roster.findAsShown(request);
    await action(supervisor);
    // What has just come up is in no pass yet.
    await this.pass.renew();
    supervisor.show(this.pass.index);
    return supervisor.status();
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

  endPreview(request: EndRequest): Promise<EndPreview> {
    return this.operatorEnd.preview(request);
  }

  watchEndPreview(ref: string): Promise<WatchEndPreview> {
    return this.operatorEnd.previewWatch(this.roster.find(ref));
  }

  end(request: ConfirmedEnd): Promise<EndResult> {
    return this.operatorEnd.end(request);
  }

  // ---- what happens at each tick ----

  /** One pass, and what follows from it. */
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
    this.pace.onTick(this.cost.figures, this.cost.elapsedMs);
    this.skipped.onTick();
    this.record();
    this.announcer.tell({ engine: this.info(), watches: this.watches(), processesChanged: true });
    void this.totals.read();
  }

  /** Time in which nobody watched must not be judged. */
  private noticeGap(startedMs: number): void {
    const gap = this.gaps.onTick(startedMs, this.pace.intervalMs);
    if (gap === null) return;
    for (const supervisor of this.roster) supervisor.forgetReadings();
    this.announcer.emit(gapFound(gap));
  }

  /** Keeps for charts what each watch uses, if anything of it runs. */
  private record(): void {
    const readings = [...this.roster].flatMap((supervisor) => {
      if (!supervisor.processes.some((process) => this.pass.index.find(process) !== null)) return [];
      return { watchId: supervisor.watch.id, ...supervisor.use() };
    });
    if (readings.length > 0) this.ports.samples.recordSamples(this.ports.clock.wallMs(), readings);
  }

  // ---- small parts ----

  private settingsChanged(): void {
    for (const supervisor of this.roster) supervisor.settingsChanged();
    this.loop.rearm();
    this.announcer.tell({ engine: this.info(), watches: this.watches() });
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
      settings: this.shownSettings(),
      ...this.cost.figures,
      samplingIntervalMs: this.pace.intervalMs,
      healingPausedUntil: this.storm.pausedUntilAt,
      unwrittenEvents: events.unwritten,
      unwrittenSince: events.unwrittenSince,
      historyProblem: events.readProblem,
    };
  }
}
