import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { delimiter } from 'node:path';
import type { ProcessIdentity } from '../../../shared/model/process';
import { startCommandOf, type Command, type Watch } from '../../../shared/model/watch';
import {
  WATCH_MARK,
  type ChildExit,
  type Launch,
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
import { NativeChildren } from './native-children';
import type { LaunchTraceFile } from './launch-traces';
import { findLaunchTools, wrapLaunch, type LaunchTools, type WrappedLaunch } from './launch-tools';
import type { OutputRotation } from '../logs/output-files';
import type { OutputSinks, StreamSinks } from '../logs/output-sinks';
import type { OutputOwner } from '../logs/owned-output';
import { explainAhead, explainSpawnError } from './spawn-failure';
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
  /** Takes back from a child what the engine has of the processor in an emergency. */
  resetPriority?: (pid: number) => void;
  report: ReportError;
}

/** A spawner of this machine's programs. */
export interface ProgramSpawner extends Spawner {
  /** Opens the output files that a watch has already, of which an earlier engine's program may be the writer. */
  openAhead(watch: Watch): void;
  dispose(): void;
}

/** No process that we start began with the machine: an identity that no process can have, for a child already gone. */
const NEVER = 0;

/**
 * Starts programs that outlive this engine: in a session of their own (setsid(2)), with no pipe to us that could break, and
 * with output appended to files. Nothing goes through a shell.
 */
export function createSpawner(options: SpawnerOptions): ProgramSpawner {
  const { sinks, output, identify, groups, traces, report } = options;
  const pidfds = options.pidfds ?? null;
  /** Each with a descriptor of it, where there is one. */
  const children = new Map<ChildProcess, number | null>();
  const native = options.native ? new NativeChildren(options.native) : null;
  let disposed = false;
  let tools: LaunchTools | null = null;

  /** The whole environment: what the engine inherited, or a login of another user, and over it what the operator set. */
  function environmentOf(command: Command): Record<string, string> {
    const choice = chooseAccount(command.user);
    const account = choice.ok ? choice.account : null;
    const env =
      account === null
        ? inheritedEnvironment(options.baseEnv, delimiter)
        : loginEnvironment(options.baseEnv, account, {
            path: loginPath(account),
            runtimeDir: runtimeDirectory(account.uid),
          });
    return Object.assign(env, command.env);
  }

  function launchOf(command: Command): Launch {
    return { argv: command.argv, cwd: command.cwd, env: environmentOf(command), user: command.user };
  }

  /** How the program is started: by itself wherever that gives it all it is to have. */
  function wrap(launch: Launch, account: Account | null, openFiles: number | null): WrappedLaunch {
    const isSwitched = account !== null && process.getuid?.() === 0;
    if (!isSwitched && openFiles === null) return { argv: launch.argv, env: launch.env, switchesUser: false };
    if (tools === null) {
      tools = findLaunchTools();
      if (isSwitched && tools.setpriv === null) reportNoGroups();
    }
    return wrapLaunch(launch, { account: isSwitched ? account : null, openFiles }, tools);
  }

  function reportNoGroups(): void {
    const problem = 'there is no setpriv(1) of util-linux, so they have only the own group of their user and no other';
    report('programs of other users', new Error(problem));
  }

  function spawnNow(
    { out, err }: StreamSinks,
    launch: Launch,
    account: Account | null,
    { argv, env, switchesUser }: WrappedLaunch,
    limits: StartLimits,
  ): ChildProcess {
    const [program = '', ...args] = argv;
    const spawnOptions: SpawnOptions = {
      cwd: launch.cwd,
      env: { ...env },
      detached: true,
      shell: false,
      windowsHide: true,
      stdio: ['ignore', out ?? 'ignore', err ?? 'ignore'],
    };
    // Where there is no setpriv(1): libuv drops all supplementary groups (setgroups(2)), the user's own ones too.
    if (account !== null && !switchesUser) Object.assign(spawnOptions, { uid: account.uid, gid: account.gid });
    return underUmask(limits.umask, () => spawn(program, args, spawnOptions));
  }

  /** The pid of a program that was started past Node; null: nothing was executed, and Node is to try. */
  function startNatively(
    { out, err }: StreamSinks,
    launch: Launch,
    account: Account | null,
    { argv, env, switchesUser }: WrappedLaunch,
    limits: StartLimits,
  ): number | null {
    const [program = ''] = argv;
    // Where there is no setpriv(1), only libuv can switch the user.
    if (native === null || program === '' || (account !== null && !switchesUser)) return null;
    const found = findProgram(program, { cwd: launch.cwd, env }, null);
    if (found.kind !== 'found') return null;
    // A script gets its path as it was given.
    const file = program.includes('/') ? program : found.path;
    return underUmask(limits.umask, () => native.start({ file, argv, env, cwd: launch.cwd, out, err }));
  }

  return {
    prepare: (_watch, command) => launchOf(command),

    uidOf(user) {
      const choice = chooseAccount(user);
      return choice.ok ? (choice.account?.uid ?? process.geteuid?.() ?? -1) : null;
    },

    check: (command) => checkLaunch(launchOf(command)),

    openAhead(watch) {
      const command = startCommandOf(watch.target);
      const choice = command === null ? null : chooseAccount(command.user);
      if (choice?.ok === true) void sinks.adopt(watch.name, ownerOf(choice.account));
    },

    // Once its output files are open, the spawn itself happens before this returns: there is nothing to await between a death
    // and its replacement. Exits are delivered by the event loop, after all promises have been, so that the caller has the
    // result before `onExit`.
    start(watch, launch, onExit): Promise<LaunchResult> {
      const choice = chooseAccount(launch.user);
      if (!choice.ok) return Promise.resolve({ ok: false, failure: choice.failure });
      const { account } = choice;
      const owner = ownerOf(account);
      const ready = sinks.ready(watch.name, owner);
      if (ready !== null) return startWith(ready, watch, launch, account, onExit);
      return sinks.prepare(watch.name, owner).then((streams) => startWith(streams, watch, launch, account, onExit));
    },

    dispose() {
      disposed = true;
      for (const child of children.keys()) child.removeAllListeners('exit');
      for (const child of [...children.keys()]) release(child);
      native?.dispose();
    },
  };

  function startWith(
    streams: StreamSinks,
    watch: Watch,
    launch: Launch,
    account: Account | null,
    onExit: (exit: ChildExit) => void,
  ): Promise<LaunchResult> {
    if (disposed) {
      const message = 'Healdeck is ending and starts no programs any more.';
      return Promise.resolve({ ok: false, failure: { reason: 'ECANCELED', message } });
    }
    const limits = options.limits(watch);
    const wrapped = wrap(launch, account, limits.openFiles);
    const foreseen = wrapped.argv === launch.argv ? null : explainAhead(launch);
    if (foreseen !== null) return Promise.resolve({ ok: false, failure: foreseen });
    const mark = launch.env[WATCH_MARK] ?? '';
    traces?.starting(watch.id, mark);
    let pid = startNatively(streams, launch, account, wrapped, limits);
    let follow: (onExit: (exit: ChildExit) => void) => void;
    if (pid !== null) {
      const started = pid;
      follow = (onExit) => native?.follow(started, onExit);
    } else {
      let child: ChildProcess;
      try {
        child = spawnNow(streams, launch, account, wrapped, limits);
      } catch (error) {
        traces?.refused(watch.id, mark);
        return Promise.resolve({ ok: false, failure: explainSpawnError(launch, error) });
      }
      if (child.pid === undefined) {
        traces?.refused(watch.id, mark);
        return new Promise((resolve) => {
          child.once('error', (error) => resolve({ ok: false, failure: explainSpawnError(launch, error) }));
        });
      }
      pid = child.pid;
      const started = pid;
      follow = (onExit) => followChild(child, started, onExit);
    }
    const identity = identify(pid) ?? { pid, startTime: NEVER };
    traces?.started(watch.id, mark, identity);
    options.resetPriority?.(pid);
    applyLimits(pid, limits, options.engineOomScoreAdj(), report);
    groups?.entered(watch.id, identity);
    follow((exit) => {
      if (disposed) return;
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

  function followChild(child: ChildProcess, pid: number, onExit: (exit: ChildExit) => void): void {
    // Also of one that has ended already: it is a zombie until the event loop goes on.
    children.set(child, pidfds?.open(pid) ?? null);
    // It may outlive us: nothing waits for it.
    child.unref();
    child.once('exit', (exitCode, signal) => {
      const exit = exitOf(child, { exitCode, signal });
      release(child);
      onExit(exit);
    });
    // After a successful spawn Node emits `error` only for a failed kill(), which is not called here; unheard it would throw.
    child.on('error', (error) => report('child process', error));
  }

  /**
   * Node reports a signal that it has no name for, such as the real-time ones, as exit code 0 without a signal (node::signo_string);
   * the kernel still knows. Where it does not say, Node's word stands.
   */
  function exitOf(child: ChildProcess, reported: ChildExit): ChildExit {
    if (reported.exitCode !== 0 || reported.signal !== null) return reported;
    const pidfd = children.get(child) ?? null;
    return (pidfd === null ? null : pidfds?.exitOf(pidfd)) ?? reported;
  }

  function release(child: ChildProcess): void {
    const pidfd = children.get(child) ?? null;
    children.delete(child);
    if (pidfd !== null) pidfds?.close(pidfd);
  }
}

/** Only root can give a file to another user. */
function ownerOf(account: Account | null): OutputOwner | null {
  return process.getuid?.() === 0 ? account : null;
}
