import type { EarlyReason } from './crash-group';
import type { DistressKind } from '../distress';
import type { LimitMetric } from '../findings';
import type { AlertsStatus } from './alert';
import type { Severity } from './event-parts';
import type { HealdeckEvent } from './event';
import type { ProcessIdentity, ProcessRow, ProcessState } from './process';
import type { ProbeStatus } from './probe';
import type { RunKind } from './schedule';
import type { Settings } from './settings';
import type { Watch } from './watch';

/** States of a watch; heal-state.ts has the diagram. */
export type WatchPhase =
  | 'stopped'
  | 'blocked'
  | 'waiting'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'backoff'
  | 'cooldown'
  | 'held'
  | 'suspended'
  | 'failed'
  | 'absent'
  | 'present';

/** Whether a running program serves: by its readiness and startup probes, or by what it reports itself. */
export type Readiness = 'awaited' | 'ready' | 'lost';

/** A living process of a watch. */
export interface WatchedProcess extends ProcessIdentity {
  /** `child`: started by this engine; `adopted`: started by an earlier engine; `match`: found. */
  origin: 'child' | 'adopted' | 'match';
  name: string;
  state: ProcessState;
  cpuPercent: number;
  rssBytes: number;
  threads: number;
  /** All descendants. */
  descendants: number;
  /** Wall time, ms since the epoch. */
  startedAt: number;
  /** Until then it is not judged; wall time, ms since the epoch. */
  graceEndsAt: number;
}

/** What a watch uses at a moment. */
export interface WatchUse extends DiskRates, MetricCounts {
  /** % of one core. */
  cpuPercent: number;
  /** Resident bytes. */
  memoryBytes: number;
}

/** What is read from and written to storage; present where a limit of the watch needs it and the OS reports it. */
export interface DiskRates {
  diskReadBytesPerSecond?: number;
  diskWriteBytesPerSecond?: number;
}

/** Values of other metrics, by the names that events use; of those that are drawn, while a limit of the watch asks for them. */
export interface MetricCounts {
  counts?: Readonly<Partial<Record<LimitMetric, number>>>;
}

/** What an instance is part of. */
export interface InstanceStatus {
  /** From 1. */
  number: number;
  /** The watch as it is kept, with all of its instances: what an operator edits. */
  of: Watch;
  /** It is being ended, since the watch is to have fewer instances. */
  leaving?: true;
  /** A rolling restart of the watch is under way. */
  rolling?: RollingProgress;
}

/** How far a rolling restart is: instances that are through, of all. */
export interface RollingProgress {
  done: number;
  of: number;
  /** How many stay ready. */
  keep: number;
}

/** What came of a rolling restart: names of instances, and why it stopped before all were through (null: it did not). */
export interface RollingResult {
  restarted: readonly string[];
  left: readonly string[];
  problem: string | null;
}

/** A watch as it is now. Instants are wall times in ms since the epoch. */
export interface WatchStatus {
  watch: Watch;
  /** Of what it is an instance; absent: of nothing, the watch is kept once. */
  instance?: InstanceStatus;
  phase: WatchPhase;
  /** Why it is in this phase, in one sentence. */
  reason: string;
  /**
   * What is wrong with it, to follow its name: `crashed 5 times (exit code 1): port 8101 is in use by python3 (pid 4711)`; null: nothing,
   * as far as it is known.
   */
  cause: string | null;
  sinceAt: number;
  /** null: it does not run, or nothing asks. */
  readiness: Readiness | null;
  /** In the order of the watch. */
  probes: readonly ProbeStatus[];
  /** How the program says that it is (`STATUS=` of sd_notify(3)); null: it says nothing. */
  programStatus: string | null;
  processes: readonly WatchedProcess[];
  /** What its limits count (`limits.scope`), over all of its processes together; each process counts once. */
  use: WatchUse;
  /** Automatic restarts since the watch was added. */
  restarts: number;
  lastRestartAt: number | null;
  /** When the next automatic attempt is due; null when none is planned. */
  nextAttemptAt: number | null;
  /** What its schedule does next; null: nothing, or nothing while it is as it is now. */
  nextRun: NextRun | null;
  /** The open incident, or null. */
  incident: number | null;
  budget: BudgetStatus;
  /** True: what would be done is only reported. */
  observed: boolean;
  /** The settings in force for this watch: those for all, and its own over them. */
  settings: Settings;
}

/** What a schedule does next, and when (ms since the epoch). */
export interface NextRun {
  at: number;
  what: RunKind;
}

/** How much of the restart budget is used. */
export interface BudgetStatus {
  windows: readonly { restarts: number; used: number; windowMs: number }[];
  /** Not restarted until then; null when restarts are allowed. Wall times. */
  cooldown: ({ startedAt: number; until: number; restarts: number; windowMs: number } & EarlyReason) | null;
  /** Cooldowns in a row without stable uptime between: each doubles the next. */
  trips: number;
}

/** What disks and network of the machine move; absent where the OS does not count it, and at the first reading. */
export interface DeviceRates extends DiskRates {
  /** Over the interfaces of the default routes. */
  networkInBytesPerSecond?: number;
  networkOutBytesPerSecond?: number;
}

/** Totals of the machine. */
export interface MachineSample extends DeviceRates {
  at: number;
  /** % of each core in use, 0 to 100. */
  corePercents: readonly number[];
  memoryTotalBytes: number;
  /** Not available to programs. */
  memoryUsedBytes: number;
  swapTotalBytes: number;
  swapUsedBytes: number;
  /** Load averages over 1, 5 and 15 minutes; zeros where the OS has none. */
  loadAverages: readonly [number, number, number];
  uptimeSeconds: number;
  processes: number;
}

/** What is wrong with the machine itself, at this moment. */
export interface Distress {
  kind: DistressKind;
  /** Where: the mount point of a disk; null: the whole machine. */
  subject: string | null;
  severity: Severity;
  /** As a sentence without an end mark: `Disk /var is 97 % full: 1.2 GB of 40 GB are available`. */
  detail: string;
  /** ms since the epoch. */
  sinceAt: number;
  incident: number;
}

/**
 * How an engine learns of the ends of processes that it did not start. `exits`: whether the kernel also reports how they ended;
 * `atMost`: no descriptor is left for more processes than these, and the others are polled.
 */
export type EndNoticesStatus = { by: 'kernel'; exits: boolean; atMost?: number } | { by: 'polling'; reason: string };

/**
 * Whether programs can report their readiness (sd_notify(3)). `address` is what `NOTIFY_SOCKET` contains; while it is held up, what is sent waits or is
 * lost, so that silence proves nothing.
 */
export type ServiceNoticesStatus =
  | { at: 'receiving'; address: string }
  | { at: 'held_up'; address: string; reason: string }
  | { at: 'unavailable'; reason: string };

/** Facts about the engine that is running, and what it costs. */
export interface EngineInfo {
  version: string;
  pid: number;
  shell: 'desktop' | 'headless';
  hostname: string;
  platform: string;
  /** Absolute path of the home directory of the user that it runs as; engines of earlier versions do not report it. */
  home?: string;
  /** IANA name of the time zone of its machine; engines of earlier versions do not report it. */
  timeZone?: string;
  dataDir: string;
  startedAt: number;
  settings: Settings;
  /** CPU of the engine itself since the tick before, in % of one core. */
  ownCpuPercent: number;
  ownRssBytes: number;
  /** How late the last tick began, and how long it took. */
  tickDelayMs: number;
  tickDurationMs: number;
  /** Time between two readings now: `sampling.intervalMs`, or longer while the machine is busy. */
  samplingIntervalMs: number;
  /** Healing is paused by the storm brake until then (wall time), or null. */
  healingPausedUntil: number | null;
  /** Events that wait for the disk; 0 when all is well. */
  unwrittenEvents: number;
  /** Since when the oldest of them waits (wall time); null when none does. */
  unwrittenSince: number | null;
  /** Why earlier events could not be read the last time somebody asked for them; null: they could. */
  historyProblem: string | null;
  /** Engines of earlier versions do not report it. */
  distress?: readonly Distress[];
  /** Engines of earlier versions do not report it. */
  endNotices?: EndNoticesStatus;
  /** Engines of earlier versions do not report it. */
  serviceNotices?: ServiceNoticesStatus;
}

/** The whole live state. */
export interface Snapshot {
  /** Number of the last change it contains. */
  seq: number;
  engine: EngineInfo;
  machine: MachineSample | null;
  alerts: AlertsStatus;
  watches: readonly WatchStatus[];
  /** The newest events, oldest first. */
  events: readonly HealdeckEvent[];
}

/** The live state as far as the engine itself has it. */
export type EngineState = Omit<Snapshot, 'alerts'>;

/** What changed since the message before. */
export interface Delta {
  /** One more than that of the message before on this stream; a client that sees a gap asks for a snapshot. */
  seq: number;
  engine?: EngineInfo;
  machine?: MachineSample;
  alerts?: AlertsStatus;
  watches: readonly WatchStatus[];
  removedWatchIds: readonly string[];
  events: readonly HealdeckEvent[];
}

export type LiveMessage = ({ kind: 'snapshot' } & Snapshot) | ({ kind: 'delta' } & Delta);

/** The process table as a stream: whole, then what changed. */
export type ProcessesMessage =
  | { kind: 'table'; seq: number; rows: readonly ProcessRow[] }
  | { kind: 'delta'; seq: number; changed: readonly ProcessRow[]; ended: readonly ProcessIdentity[] };

/** One reading kept in the history, or what is kept of several. */
export interface HistoryPoint extends DiskRates, MetricCounts {
  at: number;
  /** % of one core; for the machine, % of all cores together (0 to 100). */
  cpuPercent: number;
  /** Resident bytes; for the machine, used bytes. */
  memoryBytes: number;
  /** Load average over a minute; of the machine only, and only where the OS has one. */
  load?: number;
  /** There when the point stands for several readings: `at` is then the middle of their time, and the values are means. */
  spread?: PointSpread;
}

/** How far the readings behind a point lie apart. */
export interface PointSpread {
  /** The time that they cover. */
  spanMs: number;
  /** Lowest and highest. */
  cpuPercent: readonly [number, number];
  memoryBytes: readonly [number, number];
  diskReadBytesPerSecond?: readonly [number, number];
  diskWriteBytesPerSecond?: readonly [number, number];
  counts?: Readonly<Partial<Record<LimitMetric, readonly [number, number]>>>;
}
