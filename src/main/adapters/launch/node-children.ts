import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import type { ChildExit, Launch, ReportError } from '../../engine/ports';
import type { StreamSinks } from '../logs/output-sinks';
import type { Pidfds } from '../processes/pidfd/pidfds';
import type { Account } from './accounts';
import type { WrappedLaunch } from './launch-tools';
import { underUmask, type StartLimits } from './start-limits';

/** A start with all that was decided about it. */
export interface PlannedStart {
  launch: Launch;
  /** Whom the program runs as; null: the engine's user. */
  account: Account | null;
  wrapped: WrappedLaunch;
  limits: StartLimits;
  /** Where its output goes: files, or pipes that somebody reads. */
  streams: StreamSinks | Readonly<Record<keyof StreamSinks, 'pipe'>>;
}

/** Starts a program by Node, detached; throws, or emits `error`, when it can't be executed. */
export function spawnByNode({ launch, account, wrapped, limits, streams }: PlannedStart): ChildProcess {
  const [program = '', ...args] = wrapped.argv;
  const options: SpawnOptions = {
    cwd: launch.cwd,
    env: { ...wrapped.env },
    detached: true,
    shell: false,
    windowsHide: true,
    stdio: ['ignore', streams.out ?? 'ignore', streams.err ?? 'ignore'],
  };
  // Where there is no setpriv(1): libuv drops all supplementary groups (setgroups(2)), the user's own ones too.
  if (account !== null && !wrapped.switchesUser) Object.assign(options, { uid: account.uid, gid: account.gid });
  return underUmask(limits.umask, () => spawn(program, args, options));
}

export interface NodeChildrenOptions {
  /** Has the exit of a child where Node has none; null: this machine has none. */
  pidfds: Pick<Pidfds, 'open' | 'exitOf' | 'close'> | null;
  report: ReportError;
}

/** Children that Node started, and reaps. */
export class NodeChildren {
  /** Each with a descriptor of it, where there is one. */
  private readonly children = new Map<ChildProcess, number | null>();

  constructor(private readonly options: NodeChildrenOptions) {}

  /** `onExit` is called once, in a later turn. To be called in the turn of the start. */
  follow(child: ChildProcess, pid: number, onExit: (exit: ChildExit) => void): void {
    const { pidfds, report } = this.options;
    // Also of one that has ended already: it is a zombie until the event loop goes on.
    this.children.set(child, pidfds?.open(pid) ?? null);
    // It may outlive us: nothing waits for it.
    child.unref();
    child.once('exit', (exitCode, signal) => {
      const exit = this.exitOf(child, { exitCode, signal });
      this.release(child);
      onExit(exit);
    });
    // After a successful spawn Node emits `error` only for a failed kill(), which is not called here; unheard it would throw.
    child.on('error', (error) => report('child process', error));
  }

  /** Nothing is reported any more. */
  dispose(): void {
    for (const child of this.children.keys()) child.removeAllListeners('exit');
    for (const child of [...this.children.keys()]) this.release(child);
  }

  /**
   * Node reports a signal that it has no name for, such as the real-time ones, as exit code 0 without a signal (node::signo_string);
   * the kernel still knows. Where it does not say, Node's word stands.
   */
  private exitOf(child: ChildProcess, reported: ChildExit): ChildExit {
    if (reported.exitCode !== 0 || reported.signal !== null) return reported;
    const pidfd = this.children.get(child) ?? null;
    return (pidfd === null ? null : this.options.pidfds?.exitOf(pidfd)) ?? reported;
  }

  private release(child: ChildProcess): void {
    const pidfd = this.children.get(child) ?? null;
    this.children.delete(child);
    if (pidfd !== null) this.options.pidfds?.close(pidfd);
  }
}
