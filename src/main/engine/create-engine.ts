import type { EventDraft, HealdeckEvent, Severity } from '../../shared/model/event';
import type { CrashSeen } from '../../shared/model/crash-group';
import type { Distress, EngineInfo, EngineState } from '../../shared/model/snapshot';
import { dependencyProblem } from './config/dependency-check';
import { ConfigOperations } from './config/config-operations';
import { ResolvedSettings } from './config/resolved-settings';
import { SettingsOperations } from './config/settings-operations';
import { WatchActivation } from './config/watch-activation';
import { WatchOperations } from './config/watch-operations';
import type { Engine, EngineChange } from './engine';
import { ChangeBus } from './events/change-bus';
import {
  dependenciesUnusable,
  engineStarted,
  engineStopped,
  FIRST_PROCESS_NOTICE,
  noticed,
} from './events/engine-reports';
import { HiddenValues } from './events/hidden-values';
import { KnownCrashes } from './events/known-crashes';
import { AttemptLog } from './probes/attempt-log';
import { AttemptQueue } from './probes/attempt-queue';
import { Coincidences } from './explain/coincidences';
import { StartFilesReader } from './explain/start-files-reader';
import { GraphOperations } from './graph/graph-operations';
import { InstanceScaling } from './instances/instance-scaling';
import { RollingRestarts } from './instances/rolling-restarts';
import { MachineWatch } from './distress/machine-watch';
import type { Dispose, EnginePorts, SampleReading } from './ports';
import { ProcessSnapshot } from './ticks/process-snapshot';
import { LivenessPoller } from './ticks/liveness-poller';
import { MachineTotals } from './ticks/machine-totals';
import { GroupOomKills } from './processes/group-oom-kills';
import { OomKills } from './processes/oom-kills';
import { OwnCost } from './ticks/own-cost';
import { ProcessOperations } from './ticks/process-operations';
import { SamplingPace } from './ticks/sampling-pace';
import { SkippedScans } from './ticks/skipped-scans';
import { TickGaps } from './ticks/tick-gaps';
import { TickLoop } from './ticks/tick-loop';
import { gapFound } from './ticks/tick-reports';
import { NoticeDelivery } from './watch/probing/notice-delivery';
import { Roster } from './watch/roster';
import { Storm } from './watch/storm';

/** Facts that the engine only passes on. */
export interface EngineIdentity {
  version: string;
  shell: 'desktop' | 'headless';
  dataDir: string;
  /** The newest events of earlier engines, oldest first. */
  recentEvents: readonly HealdeckEvent[];
  /** How often crashes came under earlier engines, the one that was seen last at the end. */
  crashesSeen: readonly CrashSeen[];
  /** What earlier engines reported of the machine's distress, oldest first. */
  distressEvents: readonly HealdeckEvent[];
}

/** An engine over its ports; nothing happens before `start()`. */
export function createEngine(ports: EnginePorts, identity: EngineIdentity): Engine {
  return new PortEngine(ports, identity);
}

/** Puts the parts together, and ticks. What an operator asks for is answered by the part of its group. */
class PortEngine implements Engine {
  readonly processes: ProcessOperations;
  readonly watches: WatchOperations;
  readonly graph: GraphOperations;
  readonly settings: SettingsOperations;
  readonly config: ConfigOperations;
  private readonly changeBus: ChangeBus;
  private readonly roster: Roster;
  private readonly scaling: InstanceScaling;
  private readonly rolling: RollingRestarts;
  private readonly latestScan: ProcessSnapshot;
  private readonly storm: Storm;
  private readonly oomKills: OomKills;
  private readonly groupOomKills: GroupOomKills;
  private readonly coincidences: Coincidences;
  private readonly skipped: SkippedScans;
  private readonly loop: TickLoop;
  private readonly notices: NoticeDelivery;
  private readonly livenessPoller: LivenessPoller;
  private readonly gaps: TickGaps;
  private readonly cost: OwnCost;
  private readonly pace: SamplingPace;
  private readonly totals: MachineTotals;
  private readonly machineWatch: MachineWatch;
  private readonly attempts = new AttemptLog();
  private readonly startedAt: number;
  private disposed = false;

  constructor(
    private readonly ports: EnginePorts,
    private readonly identity: EngineIdentity,
  ) {
    const { clock, config, machine, memoryGroups, report, table } = ports;
    this.startedAt = clock.wallMs();
    const resolved = new ResolvedSettings(config);
    const hidden = new HiddenValues(() => resolved.inForce['mask.words']);
    this.changeBus = new ChangeBus({ ...ports, hidden }, identity.recentEvents);
    const { changeBus } = this;
    this.storm = new Storm({
      ...{ clock, changeBus },
      settings: () => resolved.inForce,
      changed: () => changeBus.publish({ engine: this.info() }),
      over: () => {
        for (const supervisor of this.roster) supervisor.stormOver();
      },
    });
    this.oomKills = new OomKills(machine);
    this.groupOomKills = new GroupOomKills(memoryGroups, clock);
    this.coincidences = new Coincidences(clock);
    const { storm, oomKills, groupOomKills, coincidences } = this;
    this.roster = new Roster({
      ...ports,
      ...{ changeBus, hidden, storm, oomKills, groupOomKills, coincidences },
      startFiles: new StartFilesReader(ports.scenes),
      changeFiles: new StartFilesReader(ports.changeScenes),
      knownCrashes: new KnownCrashes(clock, identity.crashesSeen),
      overrides: () => config.overrides(),
      machineLoad: () => this.totals.load,
      machineReading: () => this.totals.latest,
      attempts: this.attempts,
      probeQueue: new AttemptQueue(clock, () => resolved.inForce['probes.concurrency']),
      scanSoon: () => this.loop.soon(),
      rollingOf: (keptId) => this.rolling.progressOf(keptId),
    });
    this.latestScan = new ProcessSnapshot(table);
    const { roster, latestScan } = this;
    this.loop = new TickLoop({
      clock,
      report,
      intervalMs: () => this.pace.intervalMs,
      isExpecting: () => [...roster].some((supervisor) => supervisor.expectsMatch || supervisor.isSuspicious),
      tick: (startedMs, dueMs) => this.tick(startedMs, dueMs),
    });
    this.notices = new NoticeDelivery({
      ...{ ...ports, roster },
      index: () => latestScan.index,
      refresh: () => latestScan.refresh(),
    });
    this.livenessPoller = new LivenessPoller(clock, roster, changeBus);
    this.gaps = new TickGaps(clock);
    this.cost = new OwnCost(clock, machine);
    this.pace = new SamplingPace({
      settings: () => resolved.inForce,
      isUndecided: () => [...roster].some((supervisor) => supervisor.isUndecided),
      changeBus,
    });
    this.skipped = new SkippedScans({
      clock,
      machine,
      intervals: () => ({ setMs: resolved.inForce['sampling.intervalMs'], inForceMs: this.pace.intervalMs }),
      scanSoon: () => this.loop.soon(),
    });
    this.totals = new MachineTotals({ ...ports, latestScan, changeBus });
    this.machineWatch = new MachineWatch({
      ...{ ...ports, changeBus },
      settings: () => resolved.inForce,
      totals: () => this.totals.latest,
      changed: () => changeBus.publish({ engine: this.info() }),
      events: identity.distressEvents,
    });
    this.processes = new ProcessOperations({
      ...ports,
      ...{ latestScan, roster, hidden, changeBus },
      graceMs: () => resolved.inForce['stop.graceMs'],
    });
    this.settings = new SettingsOperations({
      ...{ config, resolved, changeBus, hidden },
      changed: () => this.settingsChanged(),
    });
    const { processes, settings } = this;
    this.scaling = new InstanceScaling({ report, roster, latestScan, changeBus });
    this.rolling = new RollingRestarts({ clock, roster, changeBus });
    const { scaling, rolling } = this;
    const activation = new WatchActivation({ ...ports, roster, scaling, changeBus, hidden });
    this.graph = new GraphOperations({ ...ports, roster, latestScan });
    const { graph } = this;
    this.watches = new WatchOperations({
      ...ports,
      ...{ roster, latestScan, graph, processes, activation, scaling, rolling, storm, changeBus, hidden },
    });
    this.config = new ConfigOperations({
      ...ports,
      ...{ roster, latestScan, processes, settings, activation, changeBus },
    });
  }

  // ---- from start to end ----

  async start(): Promise<void> {
    const { machine, config } = this.ports;
    const { version, shell } = this.identity;
    this.changeBus.record(engineStarted(version, shell, machine.pid));
    if (machine.pid === 1) this.note(FIRST_PROCESS_NOTICE);
    await this.latestScan.refresh();
    if (this.disposed) return;
    const watches = config.watches();
    this.roster.boot(watches, this.latestScan.index);
    for (const { id } of this.roster.keptWatches) this.scaling.endUnwanted(id, 'engine');
    this.rolling.reportInterrupted(this.identity.recentEvents);
    const problem = dependencyProblem(watches);
    if (problem !== null) this.changeBus.record(dependenciesUnusable(problem));
    await this.loop.start();
    if (!this.disposed) this.machineWatch.start();
  }

  dispose(reason: string): void {
    if (this.disposed) return;
    this.rolling.dispose();
    this.changeBus.record(engineStopped(reason, this.ports.machine.pid));
    this.recordSamples([]);
    this.disposed = true;
    this.loop.dispose();
    this.skipped.dispose();
    this.notices.dispose();
    this.livenessPoller.dispose();
    this.storm.dispose();
    this.totals.dispose();
    this.machineWatch.dispose();
    this.graph.dispose();
    this.roster.dispose();
    this.changeBus.dispose();
  }

  // ---- what it shows and publishes ----

  snapshot(): EngineState {
    return {
      seq: this.changeBus.seq,
      engine: this.info(),
      machine: this.totals.latest,
      watches: this.watches.list(),
      events: this.changeBus.recent,
    };
  }

  subscribe(listener: (change: EngineChange) => void): Dispose {
    return this.changeBus.subscribe(listener);
  }

  distress(): readonly Distress[] {
    return this.machineWatch.distress;
  }

  publish(draft: EventDraft): void {
    this.changeBus.record(draft);
  }

  note(notice: { topic: string; severity: Severity; detail: string }): void {
    this.publish(noticed(notice));
  }

  // ---- what happens at each tick ----

  /** One scan, and what follows from it. */
  private async tick(startedMs: number, dueMs: number): Promise<void> {
    await this.refreshFirst();
    if (this.disposed) return;
    this.noticeGap(startedMs);
    for (const supervisor of this.roster) {
      try {
        supervisor.observe(this.latestScan.index);
      } catch (error) {
        this.ports.report(`watching ${supervisor.watch.name}`, error);
      }
    }
    this.cost.onTick(startedMs, dueMs);
    this.pace.onTick(this.cost.figures, this.cost.elapsedMs);
    this.skipped.onTick();
    this.oomKills.onTick();
    const programs = [...this.roster].map(({ processes }) => processes);
    this.groupOomKills.onTick(programs, this.latestScan.index);
    this.record();
    this.changeBus.publish({ engine: this.info(), watches: this.watches.list(), processesChanged: true, ticked: true });
    void this.totals.read();
  }

  /** A scan that has to wait for the processor while a thousand processes come or go would take seconds, and miss what happens. */
  private async refreshFirst(): Promise<void> {
    const endBoost = this.ports.boost();
    try {
      await this.latestScan.refresh();
    } finally {
      endBoost();
    }
  }

  /** Time in which nobody watched must not be judged. */
  private noticeGap(startedMs: number): void {
    const gap = this.gaps.onTick(startedMs, this.pace.intervalMs);
    if (gap === null) return;
    for (const supervisor of this.roster) supervisor.onGap({ clockJumped: gap.clockJumpMs !== 0 });
    this.changeBus.record(gapFound(gap));
    this.coincidences.noteGap(Math.max(gap.lateMs, gap.clockJumpMs));
  }

  /** Keeps what each watch uses, if anything of it runs: for charts, and for the case that it dies. */
  private record(): void {
    const readings = [...this.roster].flatMap((supervisor) => {
      if (!supervisor.processes.some((process) => this.latestScan.index.find(process) !== null)) return [];
      const use = supervisor.use();
      supervisor.keepReading(use);
      return { watchId: supervisor.watch.id, ...use };
    });
    this.recordSamples(readings);
  }

  /** Readings, and all attempts of probes since the last ones. */
  private recordSamples(readings: readonly SampleReading[]): void {
    const { samples, clock } = this.ports;
    const attempts = this.attempts.take();
    if (readings.length + attempts.length > 0) samples.recordSamples(clock.wallMs(), readings, attempts);
  }

  // ---- small parts ----

  private settingsChanged(): void {
    for (const supervisor of this.roster) supervisor.settingsChanged();
    this.loop.rearm();
    this.machineWatch.settingsChanged();
    this.changeBus.publish({ engine: this.info(), watches: this.watches.list() });
  }

  private info(): EngineInfo {
    const { machine, events, endNotices, serviceNotices } = this.ports;
    return {
      version: this.identity.version,
      shell: this.identity.shell,
      dataDir: this.identity.dataDir,
      pid: machine.pid,
      hostname: machine.hostname,
      platform: machine.platform,
      home: machine.home,
      timeZone: machine.timeZone,
      startedAt: this.startedAt,
      settings: this.settings.shown(),
      ...this.cost.figures,
      samplingIntervalMs: this.pace.intervalMs,
      healingPausedUntil: this.storm.pausedUntilAt,
      unwrittenEvents: events.unwritten,
      unwrittenSince: events.unwrittenSince,
      historyProblem: events.readProblem,
      distress: this.machineWatch.distress,
      endNotices: endNotices.status,
      serviceNotices: serviceNotices.status,
    };
  }
}
