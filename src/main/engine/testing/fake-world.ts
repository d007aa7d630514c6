import type { ProcessEvidence } from '../../../shared/model/last-words';
import { sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { EndNoticesStatus } from '../../../shared/model/snapshot';
import type { Command, Watch } from '../../../shared/model/watch';
import {
  WATCH_MARK,
  type BirthCount,
  type ChildExit,
  type Clock,
  type EndNotices,
  type FollowedProcess,
  type IoBytes,
  type LastWordsReader,
  type Launch,
  type LaunchTrace,
  type LaunchTraces,
  type LaunchFailure,
  type LaunchResult,
  type PidfileReading,
  type ProcessFacts,
  type ProcessScan,
  type ProcessTable,
  type Signal,
  type Signaller,
  type SocketReader,
  type SocketReading,
  type SignalResult,
  type Spawner,
  type ThreadTime,
} from '../ports';
import { unknownScene, type Scene, type SceneReader, type SceneRequest } from '../ports';

/** A process of the fake machine. */
export interface FakeProcess extends ProcessSample {
  env: Readonly<Record<string, string>>;
  /** Signals that do nothing to it. */
  ignores: Set<Signal>;
  onExit: ((exit: ChildExit) => void) | null;
  openFiles: number;
  /** null: another user's, which may not be read. */
  io: IoBytes | null;
  /** Where its threads wait; left out: the OS does not report it. */
  waitChannels?: readonly string[];
  /** How long its only thread ran or waited for a processor; left out: the OS does not report it. */
  wantedMs?: number;
  sockets: readonly string[];
  /** What of its resident memory it shares with all others that share some, and whether the kernel reports PSS. */
  sharedBytes: number;
  reportsPss: boolean;
  nice: number;
  executable: string | null;
  cwd: string;
  /** It lives in a container. */
  foreign: boolean;
  /** The user who started it; unlike `uid` for a set-user-ID program. */
  realUid: number;
}

/** Traces of starts in the memory of the fake machine. */
export class FakeLaunchTraces implements LaunchTraces {
  /** Whether this machine has memory for them. */
  isKept = true;
  private readonly traces = new Map<string, NonNullable<ReturnType<LaunchTraces['last']>>>();

  intended(watchId: string, mark: string): boolean {
    this.put(watchId, mark, { kind: 'not_executed' });
    return this.isKept;
  }

  put(watchId: string, mark: string, trace: LaunchTrace): void {
    const last = this.last(watchId);
    const isKnown = last === null || last.mark === mark || last.trace.kind === 'not_executed';
    const previous = isKnown ? (last?.before ?? null) : { mark: last.mark, trace: last.trace };
    if (this.isKept) this.traces.set(watchId, { mark, trace, before: previous });
  }

  last(watchId: string): ReturnType<LaunchTraces['last']> {
    return this.traces.get(watchId) ?? null;
  }

  recorded(watchId: string): void {
    const last = this.last(watchId);
    if (last !== null) last.before = null;
  }

  forget(watchId: string): void {
    this.traces.delete(watchId);
  }
}

/** Scenes that were asked for, answered at once. */
export class FakeScenes implements SceneReader {
  readonly requests: SceneRequest[] = [];
  /** What the next ones have; by default nothing is known. */
  answer: (request: SceneRequest) => Partial<Scene> = () => ({});

  read(request: SceneRequest): Promise<Scene> {
    this.requests.push(request);
    return Promise.resolve({ ...unknownScene(request), ...this.answer(request) });
  }
}

/** Sockets of processes, as a test puts them here. */
export class FakeSocketReader implements SocketReader {
  /** The pids that were asked about, once for each time. */
  readonly asked: (readonly number[])[] = [];
  /** What a look shows; by default no process has a socket. */
  answer: (processes: readonly ProcessIdentity[], look: number) => Partial<SocketReading> = () => ({});

  read(processes: readonly ProcessIdentity[]): Promise<SocketReading> {
    this.asked.push(processes.map(({ pid }) => pid));
    const nothing = processes.map(({ pid }) => ({ pid, inodes: [], isCut: false }));
    const answer = this.answer(processes, this.asked.length);
    return Promise.resolve({ ...{ processes: nothing, sockets: [], ownNamespace: 'net' }, ...answer });
  }
}

/** Finds nothing about processes but what a test puts here, by pid. */
export class FakeLastWordsReader implements LastWordsReader {
  readonly evidence = new Map<number, ProcessEvidence>();
  /** The pids that were asked about, once for each time. */
  readonly asked: (readonly number[])[] = [];
  /** How long a reading takes. */
  takesMs = 0;

  constructor(private readonly clock: Clock) {}

  async read(processes: readonly ProcessIdentity[]): Promise<readonly ProcessEvidence[]> {
    this.asked.push(processes.map(({ pid }) => pid));
    if (this.takesMs > 0) await new Promise<void>((resolve) => this.clock.after(this.takesMs, resolve));
    return processes.flatMap(({ pid }) => this.evidence.get(pid) ?? []);
  }
}

/** A whole small machine in memory: processes with parents, sessions and signals. Implements four ports at once. */
export class FakeWorld implements ProcessTable, Spawner, Signaller, EndNotices {
  readonly enginePid = 100;
  readonly processes = new Map<number, FakeProcess>();
  readonly signals: { pid: number; signal: Signal }[] = [];
  /** What each start was given, but for its mark: that is another one each time. */
  readonly launches: Launch[] = [];
  readonly traces = new FakeLaunchTraces();
  readonly pidfiles = new Map<string, PidfileReading>();
  /** The users of the machine; the engine runs as root. */
  readonly users = new Map([
    ['root', 0],
    ['nobody', 65534],
  ]);
  /** The environment of the engine. */
  engineEnv: Readonly<Record<string, string>> = {};
  /** What the next starts come to; empty: they succeed. */
  failures: LaunchFailure[] = [];
  /** Whether it knows who was born since a scan. */
  countsBirths = true;
  /** Applied to each process that is started. */
  onLaunch: ((process: FakeProcess) => void) | null = null;
  /** Whether the kernel reports the ends of processes that are not children. */
  reportsEnds = false;
  /** Whether it does so by itself, or only once somebody has seen that a process is gone. */
  noticesEndsAlone = true;
  /** How often somebody looked whether a process lives. */
  livenessChecks = 0;
  /** How processes ended that are followed, by pid; null: they live. */
  private readonly ends = new Map<number, { exit: ChildExit | null; report: () => void }>();
  private nextPid = 1000;
  private nextStart = 1;

  constructor(private readonly clock: Clock) {
    this.add({ pid: 1, ppid: 0, name: 'init' });
    this.add({ pid: this.enginePid, ppid: 1, name: 'healdeck' });
  }

  /** Puts a process on the machine. */
  add(fields: Partial<FakeProcess> = {}): FakeProcess {
    const pid = fields.pid ?? (this.nextPid += 1);
    const process: FakeProcess = {
      pid,
      startTime: (this.nextStart += 1),
      ppid: 1,
      pgid: pid,
      session: pid,
      name: 'program',
      state: 'sleeping',
      cpuPercent: 0,
      rssBytes: 1_000_000,
      threads: 1,
      kernel: false,
      uid: 0,
      user: 'root',
      argv: [fields.name ?? 'program'],
      startedAt: this.clock.wallMs(),
      env: {},
      ignores: new Set(),
      onExit: null,
      openFiles: 3,
      io: { readBytes: 0, writtenBytes: 0 },
      sockets: [],
      sharedBytes: 0,
      reportsPss: true,
      nice: 0,
      executable: null,
      cwd: '/',
      foreign: false,
      realUid: fields.uid ?? 0,
      ...fields,
    };
    // Each process has arguments of its own.
    process.argv = [...process.argv];
    this.processes.set(pid, process);
    return process;
  }

  /** Ends a process; its children go to init, its parent hears of it. */
  exit(pid: number, exit: ChildExit = { exitCode: null, signal: 'SIGKILL' }): void {
    const process = this.processes.get(pid);
    if (process === undefined) throw new Error(`no process ${pid}`);
    this.processes.delete(pid);
    for (const child of this.processes.values()) if (child.ppid === pid) child.ppid = 1;
    const { onExit } = process;
    if (onExit !== null) void Promise.resolve().then(() => onExit(exit));
    const end = this.ends.get(pid);
    if (end === undefined) return;
    end.exit = exit;
    if (this.noticesEndsAlone) end.report();
  }

  /** Gives the pid of a dead process to another one. */
  reuse(pid: number): FakeProcess {
    this.processes.delete(pid);
    return this.add({ pid, name: 'innocent' });
  }

  // ---- ProcessTable ----

  scan(): Promise<ProcessScan> {
    // A scan has no environments.
    const samples = [...this.processes.values()].map(({ env: _, ...process }) => process);
    const births = { newestPid: this.nextPid, forks: this.nextStart };
    return Promise.resolve({ atMs: this.clock.monotonicMs(), samples, births });
  }

  bornWith(
    variable: string,
    { forks }: BirthCount,
    isElsewhere: (session: number) => boolean,
  ): ReadonlySet<string> | null {
    const born = [...this.processes.values()].filter(
      ({ startTime, session }) => startTime > forks && !isElsewhere(session),
    );
    return this.countsBirths ? new Set(born.flatMap(({ env }) => env[variable] ?? [])) : null;
  }

  isAlive(identity: ProcessIdentity): boolean {
    this.livenessChecks += 1;
    const process = this.processes.get(identity.pid);
    return process !== undefined && sameIdentity(process, identity) && process.state !== 'zombie';
  }

  identify(pid: number): ProcessIdentity | null {
    const process = this.processes.get(pid);
    return process === undefined ? null : { pid, startTime: process.startTime };
  }

  environment(identity: ProcessIdentity): Readonly<Record<string, string>> | null {
    return this.isAlive(identity) ? (this.processes.get(identity.pid)?.env ?? null) : null;
  }

  paths(): { cwd: string | null; executable: string | null } {
    return { cwd: '/', executable: null };
  }

  facts(identity: ProcessIdentity): ProcessFacts | null {
    if (!this.isAlive(identity)) return null;
    const { executable, cwd, argv, foreign, realUid, uid } = this.processes.get(identity.pid)!;
    return { executable, cwd, argv, foreign, uids: { real: realUid, effective: uid } };
  }

  privateBytes(identity: ProcessIdentity): number | null {
    const process = this.processes.get(identity.pid);
    return process === undefined ? null : process.rssBytes - process.sharedBytes;
  }

  proportionalBytes(identity: ProcessIdentity): number | null {
    const process = this.processes.get(identity.pid);
    if (process === undefined || !process.reportsPss) return null;
    const sharers = [...this.processes.values()].filter(({ sharedBytes }) => sharedBytes > 0).length;
    return process.rssBytes - process.sharedBytes + process.sharedBytes / Math.max(1, sharers);
  }

  ioBytes(identity: ProcessIdentity): IoBytes | null {
    return this.processes.get(identity.pid)?.io ?? null;
  }

  schedulerTimes(identity: ProcessIdentity): readonly ThreadTime[] | null {
    const wantedMs = this.processes.get(identity.pid)?.wantedMs;
    return wantedMs === undefined ? null : [{ tid: identity.pid, wantedMs }];
  }

  waitChannels(identity: ProcessIdentity): readonly string[] | null {
    return this.processes.get(identity.pid)?.waitChannels ?? null;
  }

  openFiles(identity: ProcessIdentity): number | null {
    return this.processes.get(identity.pid)?.openFiles ?? null;
  }

  sockets(identity: ProcessIdentity): readonly string[] | null {
    return this.processes.get(identity.pid)?.sockets ?? null;
  }

  readPidfile(path: string): PidfileReading {
    return this.pidfiles.get(path) ?? { kind: 'missing' };
  }

  // ---- Spawner ----

  prepare(_watch: Watch, command: Command): Launch {
    const { argv, cwd, user } = command;
    return { argv, cwd, user, env: { ...this.engineEnv, ...command.env } };
  }

  uidOf(user: string | null): number | null {
    return this.users.get(user ?? 'root') ?? null;
  }

  check(): LaunchFailure | null {
    return null;
  }

  start(watch: Watch, launch: Launch, onExit: (exit: ChildExit) => void): Promise<LaunchResult> {
    const { [WATCH_MARK]: mark = '', ...env } = launch.env;
    this.launches.push({ ...launch, env });
    const failure = this.failures.shift();
    if (failure !== undefined) return Promise.resolve({ ok: false, failure });
    this.traces.put(watch.id, mark, { kind: 'unknown' });
    const process = this.add({
      ppid: this.enginePid,
      name: launch.argv[0] ?? '',
      argv: launch.argv,
      env: launch.env,
      uid: this.uidOf(launch.user) ?? 0,
      user: launch.user ?? 'root',
      onExit,
    });
    this.onLaunch?.(process);
    const identity = { pid: process.pid, startTime: process.startTime };
    const startedAtMs = this.clock.monotonicMs();
    this.traces.put(watch.id, mark, { kind: 'executed', process: { ...identity, startedAtMs } });
    return Promise.resolve({ ok: true, identity });
  }

  // ---- EndNotices ----

  get status(): EndNoticesStatus {
    return this.reportsEnds ? { by: 'kernel', exits: true } : { by: 'polling', reason: 'it is told nothing' };
  }

  /** Pids of the processes that are followed. */
  get followed(): readonly number[] {
    return [...this.ends.keys()];
  }

  follow(identity: ProcessIdentity, onEnd: (exit: ChildExit | null) => void): FollowedProcess | null {
    if (!this.reportsEnds || !this.isAlive(identity)) return null;
    let isReported = false;
    const report = (): void => {
      if (isReported) return;
      isReported = true;
      void Promise.resolve().then(() => this.ends.get(identity.pid) === end && onEnd(end.exit));
    };
    const end = { exit: null as ChildExit | null, report };
    this.ends.set(identity.pid, end);
    return {
      exit: () => end.exit,
      seenGone: report,
      dispose: () => {
        if (this.ends.get(identity.pid) === end) this.ends.delete(identity.pid);
      },
    };
  }

  // ---- Signaller ----

  send(identity: ProcessIdentity, signal: Signal): SignalResult {
    const process = this.processes.get(identity.pid);
    if (process === undefined) return 'gone';
    if (!sameIdentity(process, identity)) return 'reused';
    this.signals.push({ pid: identity.pid, signal });
    if (signal === 'SIGSTOP') process.state = 'stopped';
    else if (signal === 'SIGCONT') process.state = 'sleeping';
    else if (signal !== 'SIGCHLD' && !process.ignores.has(signal)) this.exit(identity.pid, { exitCode: null, signal });
    return 'sent';
  }

  groupExists(pgid: number): boolean {
    return [...this.processes.values()].some((process) => process.pgid === pgid);
  }

  lowerPriority(identity: ProcessIdentity): number | null {
    const process = this.processes.get(identity.pid);
    if (process === undefined || !sameIdentity(process, identity)) return null;
    process.nice = Math.max(process.nice, 10);
    return process.nice;
  }
}
