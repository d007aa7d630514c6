import type { EventDraft, HealdeckEvent, Severity } from '../../shared/model/event';
import type { EngineInfo, EngineState } from '../../shared/model/snapshot';
import { ConfigOperations } from './config/config-operations';
import { ResolvedSettings } from './config/resolved-settings';
import { SettingsOperations } from './config/settings-operations';
import { WatchActivation } from './config/watch-activation';
import { WatchOperations } from './config/watch-operations';
import type { Engine, EngineChange } from './engine';
import { Announcer } from './events/change-bus';
import { engineStarted, engineStopped, FIRST_PROCESS_NOTICE, noticed } from './events/engine-reports';
import { HiddenValues } from './events/hidden-values';
import type { Dispose, EnginePorts } from './ports';
import { LatestPass } from './ticks/process-snapshot';
import { Lookout } from './ticks/liveness-poller';
import { MachineTotals } from './ticks/machine-totals';
import { OwnCost } from './ticks/own-cost';
import { ProcessOperations } from './ticks/process-operations';
import { SamplingPace } from './ticks/sampling-pace';
import { SkippedPasses } from './ticks/skipped-passes';
import { TickGaps } from './ticks/tick-gaps';
import { TickLoop } from './ticks/tick-loop';
import { gapFound } from './ticks/tick-reports';
import { Roster } from './watch/roster';
import { Storm } from './watch/storm';

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

/** Puts the parts together, and ticks. What an operator asks for is answered by the part of its group. */
class PortEngine implements Engine {
  readonly processes: ProcessOperations;
  readonly watches: WatchOperations;
  readonly settings: SettingsOperations;
  readonly config: ConfigOperations;
  private readonly announcer: Announcer;
  private readonly roster: Roster;
  private readonly pass: LatestPass;
  private readonly storm: Storm;
  private readonly skipped: SkippedPasses;
  private readonly loop: TickLoop;
  private readonly lookout: Lookout;
  private readonly gaps: TickGaps;
  private readonly cost: OwnCost;
  private readonly pace: SamplingPace;
  private readonly totals: MachineTotals;
  private readonly startedAt: number;
  private disposed = false;

  constructor(
    private readonly ports: EnginePorts,
    private readonly identity: EngineIdentity,
  ) {
    const { clock, config, machine, report, table } = ports;
    this.startedAt = clock.wallMs();
    const resolved = new ResolvedSettings(config);
    const hidden = new HiddenValues(() => resolved.inForce['mask.words']);
    this.announcer = new Announcer({ ...ports, hidden }, identity.recentEvents);
    const { announcer } = this;
    this.storm = new Storm({
      ...{ clock, announcer },
      settings: () => resolved.inForce,
      changed: () => announcer.tell({ engine: this.info() }),
      over: () => {
        for (const supervisor of this.roster) supervisor.stormOver();
      },
    });
    const { storm } = this;
    this.roster = new Roster({
      ...ports,
      ...{ announcer, hidden, storm },
      overrides: () => config.overrides(),
      machineLoad: () => this.totals.load,
      lookSoon: () => this.loop.soon(),
    });
    this.pass = new LatestPass(table);
    const { roster, pass } = this;
    this.loop = new TickLoop({
      clock,
      report,
      intervalMs: () => this.pace.intervalMs,
      isExpecting: () => [...roster].some((supervisor) => supervisor.expectsMatch || supervisor.isSuspicious),
      tick: (startedMs, dueMs) => this.tick(startedMs, dueMs),
    });
    this.lookout = new Lookout(clock, roster, announcer);
    this.gaps = new TickGaps(clock);
    this.cost = new OwnCost(clock, machine);
    this.pace = new SamplingPace({
      settings: () => resolved.inForce,
      isUndecided: () => [...roster].some((supervisor) => supervisor.isUndecided),
      announcer,
    });
    this.skipped = new SkippedPasses({
      clock,
      machine,
      intervals: () => ({ setMs: resolved.inForce['sampling.intervalMs'], inForceMs: this.pace.intervalMs }),
      lookSoon: () => this.loop.soon(),
    });
    this.totals = new MachineTotals({ ...ports, pass, announcer });
    this.processes = new ProcessOperations({
      ...ports,
      ...{ pass, roster, hidden, announcer },
      graceMs: () => resolved.inForce['stop.graceMs'],
    });
    this.settings = new SettingsOperations({
      ...{ config, resolved, announcer, hidden },
      changed: () => this.settingsChanged(),
    });
    const { processes, settings } = this;
    const activation = new WatchActivation({ ...ports, roster, pass, announcer, hidden });
    this.watches = new WatchOperations({
      ...ports,
      ...{ roster, pass, processes, activation, storm, announcer, hidden },
    });
    this.config = new ConfigOperations({
      ...ports,
      ...{ roster, pass, processes, settings, activation, announcer },
    });
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
      watches: this.watches.list(),
      events: this.announcer.recent,
    };
  }

  subscribe(listener: (change: EngineChange) => void): Dispose {
    return this.announcer.subscribe(listener);
  }

  publish(draft: EventDraft): void {
    this.announcer.emit(draft);
  }

  note(notice: { topic: string; severity: Severity; detail: string }): void {
    this.publish(noticed(notice));
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
    this.announcer.tell({ engine: this.info(), watches: this.watches.list(), processesChanged: true });
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
    this.announcer.tell({ engine: this.info(), watches: this.watches.list() });
  }

  private info(): EngineInfo {
    const { machine, events, endNotices } = this.ports;
    return {
      version: this.identity.version,
      shell: this.identity.shell,
      dataDir: this.identity.dataDir,
      pid: machine.pid,
      hostname: machine.hostname,
      platform: machine.platform,
      startedAt: this.startedAt,
      settings: this.settings.shown(),
      ...this.cost.figures,
      samplingIntervalMs: this.pace.intervalMs,
      healingPausedUntil: this.storm.pausedUntilAt,
      unwrittenEvents: events.unwritten,
      unwrittenSince: events.unwrittenSince,
      historyProblem: events.readProblem,
      endNotices: endNotices.status,
    };
  }
}
