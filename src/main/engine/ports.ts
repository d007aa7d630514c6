import type { SameCrash } from '../../shared/model/crash-group';
import type { Actor, EventDraft, ExitFacts, FailureReason, HealdeckEvent, LastWords } from '../../shared/model/event';
import type { ProcessIdentity, ProcessSample } from '../../shared/model/process';
import type { Settings } from '../../shared/model/settings';
import type { DiskRates, EndNoticesStatus, MachineSample, MetricCounts } from '../../shared/model/snapshot';
import type { Command, Watch } from '../../shared/model/watch';

/** Undoes what returned it; calling it twice is harmless. */
export type Dispose = () => void;

/** Time. Decisions use the monotonic clock, wall time is for showing. */
export interface Clock {
  /** Milliseconds since some moment that stays the same for one boot of the machine; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since the epoch; may jump. */
  wallMs(): number;
  /** Runs once after `delayMs`; disposing cancels it. */
  after(delayMs: number, run: () => void): Dispose;
}

/** One scan over all processes. */
export interface ProcessScan {
  /** Monotonic time of the scan, in ms. */
  atMs: number;
  samples: readonly ProcessSample[];
}

/** What a pidfile names: a pid, or why it can't be trusted. */
export type PidfileReading =
  | {
      kind: 'pid';
      pid: number;
      /** The one user besides root who may write the file or replace it; 0: only root may; -1: the OS does not report it. */
      writerUid: number;
      /** When it was last written, in ms since the epoch. */
      writtenAt: number;
      /** It lies in memory, so it was written since the machine booted, whatever its timestamp is. */
      sinceBoot: boolean;
    }
  | { kind: 'missing' }
  | { kind: 'unusable'; problem: string };

/** What the OS knows of a process and a scan does not read: asked for only about candidates of a match. */
export interface ProcessFacts {
  /** Path of the executable, without the kernel's ` (deleted)`; null where it may not be read. */
  executable: string | null;
  cwd: string | null;
  /** The whole command line, however long. */
  argv: readonly string[];
  /** Whether it lives in another pid namespace than the engine; null where that can't be determined. */
  foreign: boolean | null;
  /** Who it is now: who started it, and as whom it acts; null where the OS does not report it. */
  uids: { real: number; effective: number } | null;
}

/** The processes of this machine. */
export interface ProcessTable {
  /** Reads every process. Calls are served one after the other, never side by side. */
  scan(): Promise<ProcessScan>;
  /** Whether the process lives (a zombie does not). A few microseconds: made to be called between ticks. */
  isAlive(identity: ProcessIdentity): boolean;
  /** The identity that a pid has now, or null. */
  identify(pid: number): ProcessIdentity | null;
  /** The environment it was started with; null when gone or not readable. */
  environment(identity: ProcessIdentity): Readonly<Record<string, string>> | null;
  /** Working directory and executable; null where not readable. */
  paths(identity: ProcessIdentity): { cwd: string | null; executable: string | null };
  /** Everything about the program of a process; null when it is gone. Some system calls, so not for every process in every scan. */
  facts(identity: ProcessIdentity): ProcessFacts | null;
  readPidfile(path: string): PidfileReading;
  /** Resident minus shared memory; null where the OS does not distinguish them. A few microseconds. */
  privateBytes(identity: ProcessIdentity): number | null;
  /**
   * Resident memory with each shared page divided by the number of its sharers (PSS); null where the OS does not report it, or
   * not now: it takes some ms for a large process, so it is read now and then and follows the private memory between.
   */
  proportionalBytes(identity: ProcessIdentity): number | null;
  /** Read from and written to storage since its start; null where the OS does not report it or does not permit reading it. */
  ioBytes(identity: ProcessIdentity): IoBytes | null;
  /** Open descriptors; null where the OS does not report it or does not permit reading it. */
  openFiles(identity: ProcessIdentity): number | null;
  /**
   * Numbers of its open sockets; null where the OS does not report it or does not permit reading it. Each descriptor costs some µs: only
   * the first ones are read, 256 by default.
   */
  sockets(identity: ProcessIdentity, mostDescriptors?: number): readonly string[] | null;
}

/** What a process has read from and written to storage, caches left out, in bytes; ended children that it has reaped included. */
export interface IoBytes {
  readBytes: number;
  writtenBytes: number;
}

/** Everything a start needs; the same value twice starts the same program twice, byte for byte. */
export interface Launch {
  argv: readonly string[];
  cwd: string;
  /** The whole environment, but for the mark: each start has its own. */
  env: Readonly<Record<string, string>>;
  user: string | null;
}

/**
 * Our own record of a start. What a restart runs, and which processes are ours, is decided by it and by the configuration
 * alone: the arguments and the environment of a living process are claims of that process.
 */
export interface LaunchRecord {
  /** The configured command that it was prepared from. It is repeated only while that is still the command of the watch. */
  command: Command;
  /** Revision of the watch at that time. */
  revision: number;
  launch: Launch;
  /** Numeric user that it was started as; -1 where the OS has none, null where the user is unknown to it. */
  uid: number | null;
  /** Value of WATCH_MARK in its environment. */
  mark: string;
  /** Where its standard error ended right before; null where an earlier version kept no note of it. */
  stderrFrom: OutputEnd | null;
}

/** Where the output of a watch ended at one moment, as is found again after rotations and by another engine. */
export interface OutputEnd {
  /** Size of the file that was written to. */
  offset: number;
  /** The newest of the older files; another one later means that the file was rotated. */
  olderInode: number | null;
}

export interface LaunchFailure {
  /** An errno name such as `ENOENT`, or `bad_cwd`, `bad_user`. */
  reason: FailureReason;
  /** One sentence: what was tried and what to do. */
  message: string;
  /** Of a start command that ran: what it wrote last. */
  lastWords?: LastWords;
}

export type LaunchResult = { ok: true; identity: ProcessIdentity } | { ok: false; failure: LaunchFailure };

/** How a process ended, from its parent's wait or from the kernel. */
export type ChildExit = Pick<ExitFacts, 'exitCode' | 'signal'>;

/** Starts programs in a session of their own, with their output in files, so that they outlive this engine. */
export interface Spawner {
  /** The environment a first start gets: the engine's own, and `command.env`. */
  prepare(watch: Watch, command: Command): Launch;
  /** Numeric user of whoever a command runs as (null: the engine's own); -1 where the OS has none, null: no such user. */
  uidOf(user: string | null): number | null;
  /** Why the command can't be started (program not found, no such directory, …), or null. Starts nothing. */
  check(command: Command): LaunchFailure | null;
  /** `onExit` is called once, at the end of the child, and only after the result was returned. */
  start(watch: Watch, launch: Launch, onExit: (exit: ChildExit) => void): Promise<LaunchResult>;
}

/** A process whose end is reported. */
export interface FollowedProcess {
  /** How it ended, as far as that is known now; null: it lives, or that is not known. */
  exit(): ChildExit | null;
  /** Somebody else has seen that it is gone: its end is reported within some ms, whatever the kernel reports. */
  seenGone(): void;
  /** Nothing is reported any more. */
  dispose(): void;
}

/** Reports the ends of processes that this engine did not start, as soon as they happen. Nothing here ever throws. */
export interface EndNotices {
  /** How ends are noticed now. */
  readonly status: EndNoticesStatus;
  /**
   * `onEnd` is called once, in a later turn; null: how it ended is not known. Returns null where the end of this process is
   * not reported: then it has to be polled for.
   */
  follow(identity: ProcessIdentity, onEnd: (exit: ChildExit | null) => void): FollowedProcess | null;
}

/**
 * Proofs that a process comes from a start of ours: values of WATCH_MARK. A mark holds for one watch of one data directory
 * in one boot of the machine, and nobody else can make one.
 */
export interface Marks {
  /** A fresh mark for one start. */
  issue(watchId: string): string;
  verify(watchId: string, mark: string): boolean;
}

/** What became of a start of which an earlier engine could record nothing but that it was under way. */
export type LaunchTrace =
  | { kind: 'not_executed' }
  | { kind: 'executed'; process: ProcessIdentity & { startedAtMs: number } }
  /** That engine was killed within the call that starts a program, or nothing is left that would show it. */
  | { kind: 'unknown' };

/**
 * How far the last start of each watch has come, in the memory of the machine: it outlives the engine and no boot, and takes
 * no disk to write. Nothing here ever throws.
 */
export interface LaunchTraces {
  /** A start is about to be recorded, and nothing of it has been executed. */
  intended(watchId: string, mark: string): void;
  /** The last start of a watch; null: there is no trace of one. */
  last(watchId: string): { mark: string; trace: LaunchTrace } | null;
  /** The watch is no more; what it has started may go on. */
  forget(watchId: string): void;
}

/** The variable by which an engine finds the children of one that was killed. */
export const WATCH_MARK = 'HEALDECK_WATCH';

export type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGCHLD';

/** `gone`: no such process; `reused`: the pid belongs to another one now, nothing was sent. */
export type SignalResult = 'sent' | 'gone' | 'reused' | 'not_permitted';

/** Sends signals to identities: start time and pid are compared right before. */
export interface Signaller {
  send(identity: ProcessIdentity, signal: Signal): SignalResult;
  /** Whether any process is in the group. One system call. */
  groupExists(pgid: number): boolean;
  /** Lets a process run after others (nice 10, all its threads); its niceness now, or null when refused or gone. */
  lowerPriority(identity: ProcessIdentity): number | null;
}

/**
 * Ends at once all that a watch has started, where the OS keeps a list of it that nothing can leave by forking (Linux:
 * a control group of its own for each start). Where the OS has no such list, this does nothing: nothing here ever throws.
 */
export interface TreeKiller {
  /** Pids that the OS counts to the watch now; empty where it keeps no list. `roots` help to find it. */
  members(watchId: string, roots: readonly ProcessIdentity[]): readonly number[];
  /** KILL to all of them in one stroke, also to those that are being forked; false when that was not possible. */
  kill(watchId: string, roots: readonly ProcessIdentity[]): boolean;
}

/** The output files of watched programs. */
export interface OutputFiles {
  /** The last lines of a stream, oldest first; empty when there are none. `from` null: whatever wrote them. */
  tail(watch: Watch, stream: 'out' | 'err', lines: number, from: OutputEnd | null): readonly string[];
  end(watch: Watch, stream: 'out' | 'err'): OutputEnd;
  /** A watch has another name from now on: its files follow. Never throws. */
  rename(oldName: string, newName: string): void;
}

/** Where events stay. Appending never throws and never waits: what can't be written now is kept and written later. */
export interface EventLog {
  /** Gives the draft its number and time, and keeps it. */
  append(draft: EventDraft): HealdeckEvent;
  /** Events that are not on disk yet. */
  readonly unwritten: number;
  /** Wall time since when the oldest of them waits; null when none does. */
  readonly unwrittenSince: number | null;
  /** Why earlier events could not be read the last time they were asked for; null: they could. */
  readonly readProblem: string | null;
}

/** What is kept for charts of one watch (the sum over its processes), or of the machine (null), at one moment. */
export interface SampleReading extends DiskRates, MetricCounts {
  watchId: string | null;
  cpuPercent: number;
  memoryBytes: number;
  /** Load average over a minute; of the machine only. */
  load?: number;
}

/** Keeps readings for charts; may drop them when the disk won't have them. */
export interface SampleStore {
  recordSamples(at: number, readings: readonly SampleReading[]): void;
}

/** A time in which a watch is not restarted. Monotonic ms. */
export interface Cooldown {
  startedAtMs: number;
  untilMs: number;
  /** The window that was full, and how many restarts it held; of a cooldown for the same crash, the time from its first to its last. */
  restarts: number;
  windowMs: number;
  /** Why it started before the budget was spent; absent: it was spent. */
  sameCrash?: SameCrash | undefined;
}

/**
 * How many automatic restarts a watch has had, and whether it may have another.
 * Times are monotonic, so a wall clock that jumps changes nothing.
 */
export interface RestartBudget {
  /** Automatic restarts since the last reset, oldest first; no older than the longest window needs. */
  restartsAtMs: readonly number[];
  cooldown: Cooldown | null;
  /** Cooldowns in a row without stable uptime between them. */
  trips: number;
}

/** One end of the watched program that led to a restart. */
export interface CrashReading {
  /** Monotonic time, in ms. */
  atMs: number;
  /** Null when a signal ended it or the code can't be known. */
  exitCode: number | null;
  /** `SIGSEGV` and the like, or null. */
  signal: string | null;
  /** Which crash it was, where it came soon after a start and from the program itself; absent otherwise. */
  crash?: { id: string; title: string } | undefined;
}

/** What a restart has ended for the program that it starts. */
export interface ReplacedProcesses {
  actor: Actor;
  pids: readonly number[];
}

/** What an engine must know of the one before it, per watch id. */
export interface PersistedWatch {
  /** `stopped` stays stopped within the same boot; `active` is to be running. */
  desired: 'active' | 'stopped';
  /** Why it is stopped. */
  reason: string;
  processes: readonly (ProcessIdentity & {
    origin: 'child' | 'match';
    role?: 'main' | 'worker' | undefined;
    /** It goes on for a process that an engine started, and need not lead a session as that did. */
    heir?: boolean | undefined;
    /** Monotonic ms; earlier versions did not write it. */
    startedAtMs?: number | undefined;
  })[];
  /** Automatic restarts in a row without a healthy minute, and in all. */
  consecutive: number;
  restarts: number;
  lastRestartAt: number | null;
  incident: number | null;
  /** The last incident and its end, in monotonic ms; earlier versions did not write it. */
  recovery?: { incident: number; atMs: number; openedAtMs: number; attempts: number } | undefined;
  /** A start was under way: its process may be there, and nobody knew its pid yet. */
  starting: boolean;
  /**
   * The last start: its mark and, while it is under way, when it was counted as an automatic restart, in monotonic ms (null: it
   * was not). Earlier versions did not write it.
   */
  start?: { mark: string; countedAtMs: number | null } | undefined;
  /** What the operator's restart that is under way has ended, which is reported once it is over. Earlier versions did not write it. */
  replaced?: ReplacedProcesses | undefined;
  /** Times in monotonic ms, which all engines of one boot share. */
  budget: RestartBudget;
  lastExits: readonly CrashReading[];
  /** The last start of its program by an engine; null: none, or by an engine that kept no record. */
  launch: LaunchRecord | null;
}

/** A data directory: where it is, and what stays the same wherever it is moved to and is another in each copy. */
export interface DataDirIdentity {
  /** Absolute. */
  path: string;
  /** Device and inode. */
  id: string;
}

/** A process that the engine of another data directory keeps. */
export interface KeptElsewhere extends ProcessIdentity {
  /** Path of that data directory. */
  dataDir: string;
  /** What it was started with; null where that engine only found it. */
  command: Pick<Command, 'argv' | 'cwd'> | null;
}

/** The data directory of this engine. */
export interface DataDir {
  readonly identity: DataDirIdentity;
  /** What living engines of other data directories keep, as far as this user may know. Never rejects. */
  keptElsewhere(): Promise<readonly KeptElsewhere[]>;
  /** Whether a living engine keeps the other one, which is still where it was. */
  isOwnedByAnother(other: DataDirIdentity): boolean;
}

export interface PersistedState {
  /** Identifies the boot of the machine; in another one nothing but `restarts` is meaningful. */
  bootId: string;
  /** The data directory that it was written in; null where an earlier version wrote it. */
  dataDir: DataDirIdentity | null;
  watches: Readonly<Record<string, PersistedWatch>>;
}

/** `state.json`. */
export interface StateStore {
  /** The state of the last engine, or null. */
  load(): PersistedState | null;
  /**
   * Never throws and never waits. It is kept together with the events that were appended in the same turn: the next engine finds
   * all of them, or none.
   */
  save(state: PersistedState): void;
  /** The same of one watch, once the whole state was saved: with a thousand watches that is a thousandth of the work. */
  saveWatch(id: string, memory: PersistedWatch): void;
  /** Resolves once what was saved in this turn would outlive this engine; after `limitMs` in any case, as healing continues without it. */
  saved(limitMs: number): Promise<void>;
}

/** `config.json`. Saving throws when the file can't be written, and then nothing has changed. */
export interface ConfigStore {
  watches(): readonly Watch[];
  saveWatches(watches: readonly Watch[]): void;
  /** The settings that somebody has set; the others follow the profile. */
  overrides(): Partial<Settings>;
  saveOverrides(overrides: Partial<Settings>): void;
  /** Both at once, in one write. */
  saveAll(config: { watches: readonly Watch[]; overrides: Partial<Settings> }): void;
}

/** The machine and the engine's own process. */
export interface Machine {
  readonly bootId: string;
  /** This engine's pid. */
  readonly pid: number;
  readonly hostname: string;
  readonly platform: string;
  /** True once the OS has begun to shut down: ends are no crashes then. */
  isShuttingDown(): boolean;
  totals(): Promise<Omit<MachineSample, 'processes'>>;
  /** CPU time used by this process so far, in ms, and its resident bytes. */
  ownUsage(): { cpuMs: number; rssBytes: number };
  /** What goes on on the machine, at hardly any cost; null where the OS does not report it. */
  activity(): MachineActivity | null;
  /** How many processes the kernel's OOM killer has ended since the boot; null where the OS does not report it. */
  oomKills(): number | null;
  /** A random id for a new watch. */
  newId(): string;
}

/** How many threads there are, those that wait to be reaped included, and the pid that was given out last. */
export interface MachineActivity {
  threads: number;
  newestPid: number;
}

/** The one sink for what nobody expected: it logs, and watching goes on. */
export type ReportError = (where: string, error: unknown) => void;

/** Everything an engine needs of the world. */
export interface EnginePorts {
  clock: Clock;
  table: ProcessTable;
  spawner: Spawner;
  marks: Marks;
  launchTraces: LaunchTraces;
  dataDir: DataDir;
  signaller: Signaller;
  endNotices: EndNotices;
  /** Ends whole programs in one stroke; null where the OS can't. */
  treeKiller: TreeKiller | null;
  /** Lets this engine run before others during a scan or an emergency; what it returns ends that. */
  boost: () => Dispose;
  /** A random number from 0 to 1, for the jitter of delays. */
  random: () => number;
  output: OutputFiles;
  machine: Machine;
  events: EventLog;
  samples: SampleStore;
  config: ConfigStore;
  state: StateStore;
  report: ReportError;
}
