import type { ChildProcess } from 'node:child_process';
import { delimiter } from 'node:path';
import type { ProcessIdentity } from '../../../shared/model/process';
import { startCommandOf, type Command, type Watch } from '../../../shared/model/watch';
import {
  WATCH_MARK,
  type ChildExit,
  type Launch,
  type LaunchFailure,
  type LaunchResult,
  type ReportError,
  type Spawner,
} from '../../engine/ports';
import type { ChildGroups } from '../processes/cgroups';
import type { Pidfds } from '../processes/pidfd/pidfds';
import type { SpawnCalls } from '../processes/pidfd/spawn-calls';
import { loginPath, runtimeDirectory, type Account } from './accounts';
import { inheritedEnvironment, loginEnvironment } from './child-environment';
import { checkLaunch, chooseAccount, findProgram } from './launch-check';
import type { LaunchTraceFile } from './launch-traces';
import { LaunchWrapper } from './launch-wrapper';
import { NativeChildren } from './native-children';
import { NodeChildren, spawnByNode, type PlannedStart } from './node-children';
import type { OutputRotation } from '../logs/output-files';
import type { OutputSinks, StreamSinks } from '../logs/output-sinks';
import type { OutputOwner } from '../logs/owned-output';
import { explainSpawnError } from './spawn-failure';
import { applyLimits, underUmask, type StartLimits } from './start-limits';

/** What a spawner stands on. */
export interface SpawnerOptions {
  sinks: Pick<OutputSinks, 'ready' | 'prepare' | 'adopt'>;
  output: OutputRotation;
  /** Reads the identity of a pid now, a zombie's too where it can. */
  identify: (pid: number) => ProcessIdentity | null;
  /** The engine's own environment. */
  baseEnv: NodeJS.ProcessEnv;
  /** What the programs of a watch inherit otherwise than from the engine. */
  limits: (watch: Watch) => StartLimits;
  /** oom_score_adj of the engine; null elsewhere than on Linux. */
  engineOomScoreAdj: () => number | null;
  /** Where each start leaves its trace for the next engine. */
  traces?: Pick<LaunchTraceFile, 'starting' | 'started' | 'refused'>;
  /** Told of each child, where the OS has groups for them. */
  groups?: Pick<ChildGroups, 'entered' | 'left'>;
  /** Tells how a child ended where Node can't; null: this machine has none. */
  pidfds?: Pick<Pidfds, 'open' | 'exitOf' | 'close'> | null;
  /** Starts programs faster than Node does; null: Node starts them. */
  native?: SpawnCalls | null;
  /** Called once a program runs as it is to run: what follows can wait. */
  yieldToChild?: () => void;
  /** Takes back from a child what the engine has of the processor in an emergency. */
  resetPriority?: (pid: number) => void;
  report: ReportError;
}

/** No process that we start began with the machine: an identity that no process can have, for a child already gone. */
const NEVER = 0;

/** A launch whose user is known. */
interface StartRequest {
  watch: Watch;
  launch: Launch;
  /** What the program is found by; empty: it has no mark. */
  mark: string;
  account: Account | null;
  onExit: (exit: ChildExit) => void;
}

/** Calls back once with the exit of a program that was started a moment ago. */
type Follow = (onExit: (exit: ChildExit) => void) => void;

/**
 * Starts programs that outlive this engine: in a session of their own (setsid(2)), with no pipe to us that could break, and
 * with output appended to files. Nothing goes through a shell.
 */
export class ProgramSpawner implements Spawner {
  private readonly wrapper: LaunchWrapper;
  private readonly nodeChildren: NodeChildren;
  private readonly nativeChildren: NativeChildren | null;
  private disposed = false;

  constructor(private readonly options: SpawnerOptions) {
    const { pidfds = null, native, report } = options;
    this.wrapper = new LaunchWrapper(report);
    this.nodeChildren = new NodeChildren({ pidfds, report });
    this.nativeChildren = native ? new NativeChildren(native) : null;
  }

  prepare(_watch: Watch, command: Command): Launch {
    return this.launchOf(command);
  }

  uidOf(user: string | null): number | null {
    const choice = chooseAccount(user);
    return choice.ok ? (choice.account?.uid ?? process.geteuid?.() ?? -1) : null;
  }

  check(command: Command): LaunchFailure | null {
    return checkLaunch(this.launchOf(command));
  }

  /** Opens the output files that a watch has already, of which an earlier engine's program may be the writer. */
  openAhead(watch: Watch): void {
    const command = startCommandOf(watch.target);
    const choice = command === null ? null : chooseAccount(command.user);
    if (choice?.ok === true) void this.options.sinks.adopt(watch.name, ownerOf(choice.account));
  }

  /**
   * Once its output files are open, the spawn itself happens before this returns: there is nothing to await between a death
   * and its replacement. Exits are delivered by the event loop, after all promises have been, so that the caller has the
   * result before `onExit`.
   */
  start(watch: Watch, launch: Launch, onExit: (exit: ChildExit) => void): Promise<LaunchResult> {
    const { sinks } = this.options;
    const choice = chooseAccount(launch.user);
    if (!choice.ok) return refused(choice.failure);
    const { account } = choice;
    const owner = ownerOf(account);
    const request = { watch, launch, mark: launch.env[WATCH_MARK] ?? '', account, onExit };
    const ready = sinks.ready(watch.name, owner);
    if (ready !== null) return this.startWith(ready, request);
    return sinks.prepare(watch.name, owner).then((streams) => this.startWith(streams, request));
  }

  dispose(): void {
    this.disposed = true;
    this.nodeChildren.dispose();
    this.nativeChildren?.dispose();
  }

  private launchOf(command: Command): Launch {
    return { argv: command.argv, cwd: command.cwd, env: this.environmentOf(command), user: command.user };
  }

  /** The whole environment: what the engine inherited, or a login of another user, and over it what the operator set. */
  private environmentOf(command: Command): Record<string, string> {
    const { baseEnv } = this.options;
    const choice = chooseAccount(command.user);
    const account = choice.ok ? choice.account : null;
    const env =
      account === null
        ? inheritedEnvironment(baseEnv, delimiter)
        : loginEnvironment(baseEnv, account, { path: loginPath(account), runtimeDir: runtimeDirectory(account.uid) });
    return Object.assign(env, command.env);
  }

  private startWith(streams: StreamSinks, request: StartRequest): Promise<LaunchResult> {
    const { watch, launch, mark, account } = request;
    const { traces } = this.options;
    if (this.disposed) {
      const message = 'Healdeck is ending and no longer starts programs.';
      return refused({ reason: 'ECANCELED', message });
    }
    const limits = this.options.limits(watch);
    const wrapping = this.wrapper.wrap(launch, { account, openFiles: limits.openFiles });
    if (!wrapping.ok) return refused(wrapping.failure);
    const planned = { launch, account, wrapped: wrapping.wrapped, limits, streams };
    traces?.starting(watch.id, mark);
    const nativePid = this.startNatively(planned);
    if (nativePid !== null) {
      return this.started(nativePid, request, limits, (onExit) => this.nativeChildren?.follow(nativePid, onExit));
    }
    let child: ChildProcess;
    try {
      child = spawnByNode(planned);
    } catch (error) {
      traces?.refused(watch.id, mark);
      return refused(explainSpawnError(launch, error));
    }
    const { pid } = child;
    if (pid === undefined) {
      traces?.refused(watch.id, mark);
      return new Promise((resolve) => {
        child.once('error', (error) => resolve({ ok: false, failure: explainSpawnError(launch, error) }));
      });
    }
    return this.started(pid, request, limits, (onExit) => this.nodeChildren.follow(child, pid, onExit));
  }

  /** The pid of a program that was started past Node; null: nothing was executed, and Node is to try. */
  private startNatively({
    launch,
    account,
    wrapped,
    limits,
    streams,
  }: PlannedStart & { streams: StreamSinks }): number | null {
    const { nativeChildren } = this;
    const { cwd } = launch;
    const { out, err } = streams;
    const { argv, env, switchesUser } = wrapped;
    const [program = ''] = argv;
    // Where there is no setpriv(1), only libuv can switch the user.
    if (nativeChildren === null || program === '' || (account !== null && !switchesUser)) return null;
    const found = findProgram(program, { cwd, env }, null);
    if (found.kind !== 'found') return null;
    // A script gets its path as it was given.
    const file = program.includes('/') ? program : found.path;
    return underUmask(limits.umask, () => nativeChildren.start({ file, argv, env, cwd, out, err }));
  }

  /** A program runs: it is made what it is to be, and followed to its end. */
  private started(
    pid: number,
    { watch, mark, onExit }: StartRequest,
    limits: StartLimits,
    follow: Follow,
  ): Promise<LaunchResult> {
    const { output, identify, traces, groups, resetPriority, yieldToChild, engineOomScoreAdj, report } = this.options;
    const identity = identify(pid) ?? { pid, startTime: NEVER };
    traces?.started(watch.id, mark, identity);
    resetPriority?.(pid);
    applyLimits(pid, limits, engineOomScoreAdj(), report);
    yieldToChild?.();
    groups?.entered(watch.id, identity);
    follow((exit) => {
      if (this.disposed) return;
      try {
        onExit(exit);
        groups?.left(watch.id, identity);
      } catch (error) {
        report('end of a child', error);
      }
    });
    output.checkSoon(watch.name);
    return Promise.resolve({ ok: true, identity });
  }
}

function refused(failure: LaunchFailure): Promise<LaunchResult> {
  return Promise.resolve({ ok: false, failure });
}

/** Only root can give a file to another user. */
function ownerOf(account: Account | null): OutputOwner | null {
  return process.getuid?.() === 0 ? account : null;
}
