import { fnv1a64 } from '../../../../shared/lib/hash';
import type { RestartReason } from '../../../../shared/events/schedule';
import { assertNever } from '../../../../shared/lib/assert-never';
import { cronTimeOf } from '../../../../shared/lib/format/schedule-runs';
import type { CronTime, PastRuns } from '../../../../shared/lib/format/cron';
import type { Actor } from '../../../../shared/model/event';
import { identityKey } from '../../../../shared/model/process';
import { SCHEDULE_LIMITS, type RunKind } from '../../../../shared/model/schedule';
import type { Settings } from '../../../../shared/model/settings';
import type { NextRun } from '../../../../shared/model/snapshot';
import type { Watch } from '../../../../shared/model/watch';
import { Alarm } from '../../alarm';
import type { StartFilesReader } from '../../explain/start-files-reader';
import {
  processesOf,
  type DraftOfWatch,
  type HealMachine,
  type HealState,
  type LiveProcess,
  type RecoveryPlace,
} from '../../heal/heal-state';
import type { Clock, Machine, PersistedWatch } from '../../ports';
import { Refusal } from '../../refusal';
import { toWallMs } from '../../wall-time';
import { ChangeBrake } from './change-brake';
import { dueRuns, nextRunAt, progressOf } from './due-runs';
import { FileChanges } from './file-changes';
import { decideRestart, decideStart, isPaused } from './run-decision';
import { missedReport, overrunReport, restartReport, skippedReport, type ReportPlace } from './schedule-reports';

/** A run that can't be made within this time is missed: then nobody was there, as after a sleep. */
const MAX_LATE_MS = 5000;
/** Of what passed before this engine began, nothing is made late. */
const NEVER_LATE = -1;
/** The wall clock may be set meanwhile: no moment is waited for any longer without a look at it. */
const MAX_ALARM_MS = 60_000;
/** In the place of a process in `overrun`, before there is one. */
const STARTING = 'starting';

const RUN_KINDS = ['start', 'restart'] as const satisfies readonly RunKind[];

/** What the next engine must know of a schedule. */
export type ScheduleMemory = NonNullable<PersistedWatch['schedule']>;

export interface WatchScheduleDependencies {
  clock: Clock;
  machine: Pick<Machine, 'timeZone' | 'isShuttingDown'>;
  changeFiles: StartFilesReader;
  life: { readonly state: HealState; readonly machine: HealMachine };
  incident: { report(watchName: string, draft: DraftOfWatch, place: RecoveryPlace): void };
  watch: () => Watch;
  settings: () => Settings;
  start: (actor: Actor) => Promise<void>;
  restart: (actor: Actor) => Promise<void>;
  /** What the next engine must know, or the next run, is another now. */
  changed: () => void;
  /** Reports what goes wrong in work that nobody waits for. */
  inBackground: (what: string, work: Promise<void>) => void;
}

/**
 * Starts and restarts a watch by its schedule. It decides nothing about healing: a start or restart is that of an operator, with the actor
 * `schedule`. Moments are of the wall clock, which may jump: each is dealt with once.
 */
export class WatchSchedule {
  private readonly alarm: Alarm;
  private readonly files: FileChanges;
  private readonly changeBrake = new ChangeBrake();
  private readonly progress: Record<RunKind, ScheduleMemory['start']> = { start: null, restart: null };
  private readonly next: Record<RunKind, number | null> = { start: null, restart: null };
  /** The run that was reported to take too long: its process, or `starting`. */
  private overrun: string | null = null;
  /** The process that would have been restarted because of its uptime, in observe mode. */
  private reportedUptime: string | null = null;
  /** A start or restart of this schedule is under way. */
  private isBusy = false;
  private disposed = false;

  constructor(private readonly dependencies: WatchScheduleDependencies) {
    const { clock, changeFiles } = dependencies;
    this.alarm = new Alarm(clock);
    this.files = new FileChanges({ clock, files: changeFiles, changed: (paths) => this.onFiles(paths) });
    this.onEdited();
  }

  dispose(): void {
    this.disposed = true;
    this.alarm.dispose();
    this.files.dispose();
  }

  /** Goes on where an earlier engine left off. What passed while the operator had stopped it is not missed. */
  inherit({ schedule, desired, reason }: PersistedWatch): void {
    if (schedule === undefined) return;
    const wasPaused = desired === 'stopped' && reason === 'operator';
    this.progress.start = wasPaused ? null : schedule.start;
    this.progress.restart = schedule.restart;
    this.overrun = schedule.overrun;
    this.onEdited();
  }

  /** The watch has been taken over: what has passed while no engine ran is missed. */
  resume(): void {
    this.check(NEVER_LATE);
  }

  /** The definition of the watch may be another. */
  onEdited(): void {
    for (const what of RUN_KINDS) {
      const time = this.timeOf(what);
      this.keep(what, time, time && progressOf(time, this.progress[what], this.dependencies.clock.wallMs()));
    }
    this.follow();
  }

  /** The state of the watch is another, or the wall clock was set. */
  follow(): void {
    if (this.disposed) return;
    const { life, watch } = this.dependencies;
    const process = life.state.phase === 'running' ? this.process : null;
    this.files.follow(process && identityKey(process), watch().schedule?.restartOnChange ?? []);
    this.rearm();
  }

  /** Undefined while there is nothing to remember. */
  get memory(): ScheduleMemory | undefined {
    const { start, restart } = this.progress;
    if (start === null && restart === null) return undefined;
    return { start, restart, overrun: this.overrun };
  }

  /** What comes next, as the watch is now. */
  get nextRun(): NextRun | null {
    const { life, clock } = this.dependencies;
    const runs: NextRun[] = [];
    if (this.next.start !== null && !isPaused(life.machine)) runs.push({ at: this.next.start, what: 'start' });
    if (decideRestart(life.machine, false).kind !== 'pass') {
      if (this.next.restart !== null) runs.push({ at: this.next.restart, what: 'restart' });
      const uptime = this.uptimeLimit();
      if (uptime !== null) runs.push({ at: toWallMs(clock, uptime.dueMs), what: 'restart' });
    }
    return runs.reduce<NextRun | null>((first, run) => (first === null || run.at < first.at ? run : first), null);
  }

  // ---- what is due ----

  private check(maxLateMs: number): void {
    if (this.disposed || this.dependencies.machine.isShuttingDown()) return;
    for (const what of RUN_KINDS) this.checkCron(what, maxLateMs);
    this.checkUptime();
    this.rearm();
  }

  private checkCron(what: RunKind, maxLateMs: number): void {
    const time = this.timeOf(what);
    const before = this.progress[what];
    if (time === null || before === null) return;
    const { progress, dueAt, missed } = dueRuns(time, before, this.dependencies.clock.wallMs(), maxLateMs);
    if (progress === before) return;
    this.keep(what, time, progress);
    if (missed !== null) this.onMissed(what, missed, dueAt !== null);
    if (dueAt !== null) this.onDue(what, dueAt);
    this.dependencies.changed();
  }

  private onMissed(what: RunKind, missed: PastRuns, isFollowed: boolean): void {
    const { life, settings } = this.dependencies;
    if (!this.hasMissed(what, missed)) return;
    const mayCatchUp = what === 'start' && !isFollowed && settings()['schedule.catchUp'];
    const isCaughtUp = mayCatchUp && decideStart(life.machine, settings().observe).kind === 'run';
    this.report(missedReport(what, missed, isCaughtUp, this.place(what)));
    if (isCaughtUp) this.start();
  }

  /** Whether a run was to be made then: not of a job that the operator has stopped, nor of a program that has been started since. */
  private hasMissed(what: RunKind, { lastAt }: PastRuns): boolean {
    const { life, clock } = this.dependencies;
    if (what === 'start') return !isPaused(life.machine);
    const { process } = this;
    return process !== null && toWallMs(clock, process.startedAtMs) < lastAt;
  }

  private onDue(what: RunKind, dueAt: number): void {
    const { life, settings } = this.dependencies;
    const decide = what === 'start' ? decideStart : decideRestart;
    const decision = this.isBusy
      ? ({ kind: what === 'start' ? 'overrun' : 'pass' } as const)
      : decide(life.machine, settings().observe);
    switch (decision.kind) {
      case 'run':
        return what === 'start' ? this.start() : this.restart({ kind: 'due', dueAt });
      case 'overrun':
        return this.onOverrun(dueAt);
      case 'pass':
        return;
      case 'skip':
        if (what === 'restart' && decision.reason === 'observed') return this.wouldRestart({ kind: 'due', dueAt });
        return this.report(skippedReport(what, dueAt, decision.reason, this.place(what)));
      default:
        return assertNever(decision);
    }
  }

  private onOverrun(dueAt: number): void {
    const { process, overrun } = this;
    const { life, clock } = this.dependencies;
    const run = process === null ? STARTING : identityKey(process);
    if (overrun === run) return;
    this.overrun = run;
    // It was reported when it was about to start.
    if (overrun === STARTING) return;
    const sinceMs = process?.startedAtMs ?? life.state.sinceMs;
    const runningForMs = Math.max(0, Math.round(clock.monotonicMs() - sinceMs));
    this.report(overrunReport(dueAt, runningForMs, this.place('start')));
  }

  private checkUptime(): void {
    const limit = this.uptimeLimit();
    const { clock, life, settings } = this.dependencies;
    const nowMs = clock.monotonicMs();
    if (limit === null || nowMs < limit.dueMs || this.isBusy) return;
    const decision = decideRestart(life.machine, settings().observe);
    const reason: RestartReason = { kind: 'max_uptime', uptimeMs: Math.round(nowMs - limit.startedAtMs) };
    if (decision.kind === 'run') return this.restart(reason);
    if (decision.kind !== 'skip' || decision.reason !== 'observed' || this.reportedUptime === limit.process) return;
    this.reportedUptime = limit.process;
    this.wouldRestart(reason);
  }

  /** When the program has run for long enough; drawn once for each process, by what only it is called. */
  private uptimeLimit(): { process: string; startedAtMs: number; dueMs: number } | null {
    const { id, schedule } = this.dependencies.watch();
    const { process } = this;
    const maxUptimeMs = schedule?.maxUptimeMs ?? null;
    if (maxUptimeMs === null || process === null || process.isStartUnknown === true) return null;
    const key = identityKey(process);
    const draw = Number.parseInt(fnv1a64(`${id} ${key}`).slice(-8), 16) / 0xffff_ffff;
    const factor = 1 + SCHEDULE_LIMITS.uptimeJitter * (2 * draw - 1);
    return {
      process: key,
      startedAtMs: process.startedAtMs,
      dueMs: process.startedAtMs + Math.round(maxUptimeMs * factor),
    };
  }

  private onFiles(paths: readonly string[]): boolean {
    if (this.isBusy) return false;
    const { life, settings } = this.dependencies;
    const decision = decideRestart(life.machine, settings().observe);
    if (decision.kind === 'run') return this.restartOnChange(paths);
    if (decision.kind === 'skip' && decision.reason === 'observed') this.wouldRestart({ kind: 'file_change', paths });
    else return false;
    return true;
  }

  private restartOnChange(paths: readonly string[]): boolean {
    const { process, changeBrake } = this;
    if (process === null) return false;
    const uptimeMs = this.dependencies.clock.monotonicMs() - process.startedAtMs;
    if (uptimeMs < changeBrake.delayMs(identityKey(process), uptimeMs)) return false;
    const { nextDelayMs } = changeBrake;
    this.restart({ kind: 'file_change', paths, ...(nextDelayMs > 0 && { nextDelayMs }) });
    return true;
  }

  // ---- what is done ----

  private start(): void {
    this.overrun = null;
    this.act('starting', this.dependencies.start);
  }

  private restart(reason: RestartReason): void {
    this.report(restartReport(reason, false, this.place('restart')));
    this.act('restarting', this.dependencies.restart);
  }

  private wouldRestart(reason: RestartReason): void {
    this.report(restartReport(reason, true, this.place('restart')));
  }

  private act(what: string, action: (actor: Actor) => Promise<void>): void {
    this.isBusy = true;
    const work = action('schedule')
      .catch((error: unknown) => {
        // What was tried and failed is reported by the machine of the watch.
        if (!(error instanceof Refusal)) throw error;
      })
      .finally(() => {
        this.isBusy = false;
        this.follow();
      });
    this.dependencies.inBackground(`${what} by its schedule`, work);
  }

  // ---- small parts ----

  private get process(): LiveProcess | null {
    const processes = processesOf(this.dependencies.life.state);
    return processes.find(({ role }) => role === 'main') ?? processes[0] ?? null;
  }

  private timeOf(what: RunKind): CronTime | null {
    const spec = this.dependencies.watch().schedule?.[what] ?? null;
    return spec && cronTimeOf(spec, this.dependencies.machine.timeZone);
  }

  private keep(what: RunKind, time: CronTime | null, progress: ScheduleMemory['start']): void {
    this.progress[what] = progress;
    this.next[what] = time === null || progress === null ? null : nextRunAt(time, progress);
  }

  private place(what: RunKind): ReportPlace {
    const { watch, machine } = this.dependencies;
    const timeZone = this.timeOf(what)?.timeZone ?? machine.timeZone;
    return { watch: watch().name, pid: this.process?.pid ?? null, timeZone };
  }

  private report(draft: DraftOfWatch): void {
    this.dependencies.incident.report(this.dependencies.watch().name, draft, 'none');
  }

  private rearm(): void {
    const { clock, life, settings } = this.dependencies;
    if (this.disposed) return;
    const delays = RUN_KINDS.flatMap((what) => {
      const at = this.next[what];
      return at === null ? [] : [at - clock.wallMs()];
    });
    const uptime = this.uptimeLimit();
    if (uptime !== null && !this.isBusy) {
      const decision = decideRestart(life.machine, settings().observe);
      const isReported = this.reportedUptime === uptime.process;
      if (decision.kind === 'run' || (decision.kind === 'skip' && decision.reason === 'observed' && !isReported)) {
        delays.push(uptime.dueMs - clock.monotonicMs());
      }
    }
    if (delays.length === 0) return this.alarm.dispose();
    this.alarm.set(Math.min(...delays, MAX_ALARM_MS), () => this.check(MAX_LATE_MS));
  }
}
