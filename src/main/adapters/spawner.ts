import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { ProcessIdentity } from '../../shared/model/process';
import type { Command, Watch } from '../../shared/model/watch';
import type { ChildExit, Launch, LaunchResult, ReportError, Spawner } from '../engine/ports';
import type { ChildGroups } from './cgroups';
import { inheritedEnvironment } from './child-environment';
import { checkLaunch, chooseAccount } from './launch-check';
import type { OutputRotation } from './output-files';
import { outputPath } from './output-paths';
import type { OutputStream } from '../../shared/model/output';
import { explainSpawnError } from './spawn-failure';

/** What a spawner stands on. */
export interface SpawnerOptions {
  /** Exists and is writable. */
  logsDir: string;
  output: OutputRotation;
  /** Reads the identity of a pid now, a zombie's too where it can. */
  identify: (pid: number) => ProcessIdentity | null;
  /** The engine's own environment. */
  baseEnv: NodeJS.ProcessEnv;
  /** Told of each child, where the OS has groups for them. */
  groups?: Pick<ChildGroups, 'entered' | 'left'>;
  /** Takes back from a child what the engine has of the processor in an emergency. */
  calm?: (pid: number) => void;
  report: ReportError;
}

/** No process that we start began with the machine: an identity that no process can have, for a child already gone. */
const NEVER = 0;

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

/**
 * Starts programs that outlive this engine: in a session of their own (setsid(2)), with no pipe to us that could break, and
 * with output appended to files. Nothing goes through a shell.
 */
export function createSpawner(options: SpawnerOptions): Spawner & { dispose(): void } {
  const { logsDir, output, identify, groups, report } = options;
  const children = new Set<ChildProcess>();
  let disposed = false;

  /** The whole environment: what the engine inherited, the user's own when it is another one, and what the operator set. */
  function environmentOf(command: Command): Record<string, string> {
    const env = inheritedEnvironment(options.baseEnv, delimiter);
    const choice = chooseAccount(command.user);
    if (choice.ok && choice.account !== null) {
      // As systemd does for User=: a program that takes root's HOME for its own fails at its first file.
      const { name, home, shell } = choice.account;
      Object.assign(env, { HOME: home, USER: name, LOGNAME: name, SHELL: shell });
    }
    return Object.assign(env, command.env);
  }

  function launchOf(command: Command): Launch {
    return { argv: command.argv, cwd: command.cwd, env: environmentOf(command), user: command.user };
  }

  /** The file of a stream, or nothing at all: a full or read-only disk must not keep a program from being healed. */
  function openOutput(watch: Watch, stream: OutputStream): number | 'ignore' {
    try {
      return openSync(outputPath(logsDir, watch.name, stream), APPEND, 0o600);
    } catch (error) {
      report(`output of ${watch.name} (${stream}) is not kept`, error);
      return 'ignore';
    }
  }

  function spawnNow(watch: Watch, launch: Launch, account: { uid: number; gid: number } | null): ChildProcess {
    const [program = '', ...args] = launch.argv;
    const out = openOutput(watch, 'out');
    const err = openOutput(watch, 'err');
    const spawnOptions: SpawnOptions = {
      cwd: launch.cwd,
      env: { ...launch.env },
      detached: true,
      shell: false,
      windowsHide: true,
      stdio: ['ignore', out, err],
    };
    // libuv drops all supplementary groups (setgroups(2)) before it switches: the child has the user's own group only.
    if (account !== null) Object.assign(spawnOptions, { uid: account.uid, gid: account.gid });
    try {
      return spawn(program, args, spawnOptions);
    } finally {
      if (out !== 'ignore') closeSync(out);
      if (err !== 'ignore') closeSync(err);
    }
  }

  return {
    prepare: (_watch, command) => launchOf(command),

    uidOf(user) {
      const choice = chooseAccount(user);
      return choice.ok ? (choice.account?.uid ?? process.geteuid?.() ?? -1) : null;
    },

    check: (command) => checkLaunch(launchOf(command)),

    // The spawn itself happens before this returns: there is nothing to await between a death and its replacement. Exits are
    // delivered by the event loop, after all promises have been, so that the caller has the result before `onExit`.
    start(watch, launch, onExit): Promise<LaunchResult> {
      if (disposed) {
        const message = 'Healdeck is ending and starts no programs any more.';
        return Promise.resolve({ ok: false, failure: { reason: 'ECANCELED', message } });
      }
      const choice = chooseAccount(launch.user);
      if (!choice.ok) return Promise.resolve({ ok: false, failure: choice.failure });
      let child: ChildProcess;
      try {
        child = spawnNow(watch, launch, choice.account);
      } catch (error) {
        return Promise.resolve({ ok: false, failure: explainSpawnError(launch, error) });
      }
      const { pid } = child;
      if (pid === undefined) {
        return new Promise((resolve) => {
          child.once('error', (error) => resolve({ ok: false, failure: explainSpawnError(launch, error) }));
        });
      }
      options.calm?.(pid);
      const identity = identify(pid) ?? { pid, startTime: NEVER };
      groups?.entered(watch.id, identity);
      follow(child, (exit) => {
        onExit(exit);
        groups?.left(watch.id, identity);
      });
      output.checkSoon(watch.name);
      return Promise.resolve({ ok: true, identity });
    },

    dispose() {
      disposed = true;
      for (const child of children) child.removeAllListeners('exit');
      children.clear();
    },
  };

  function follow(child: ChildProcess, onExit: (exit: ChildExit) => void): void {
    children.add(child);
    // It may outlive us: nothing waits for it.
    child.unref();
    child.once('exit', (exitCode, signal) => {
      children.delete(child);
      if (disposed) return;
      try {
        onExit({ exitCode, signal });
      } catch (error) {
        report('end of a child', error);
      }
    });
    // After a successful spawn Node emits `error` only for a failed kill(), which is not called here; unheard it would throw.
    child.on('error', (error) => report('child process', error));
  }
}
