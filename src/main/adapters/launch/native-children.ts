import type { ChildExit } from '../../engine/ports';
import type { SpawnCalls, SpawnRequest } from '../processes/pidfd/spawn-calls';
import { exitOfStatus } from '../processes/pidfd/wait-status';

/** No exit is known of a child that somebody else has reaped. */
const UNKNOWN: ChildExit = { exitCode: null, signal: null };

/** Children that were started past Node, and are reaped here. */
export class NativeChildren {
  /** Who gets the exit, by pid. */
  private readonly children = new Map<number, (exit: ChildExit) => void>();
  private isSweeping = false;
  private isListening = false;
  private disposed = false;

  constructor(
    private readonly calls: SpawnCalls,
    private readonly signals: Pick<NodeJS.Process, 'on' | 'off'> = process,
  ) {}

  /**
   * Starts a program as child_process.spawn() does, detached, with posix_spawn(3): it copies no page tables, which for a large engine
   * takes longer than all the rest. Null: it did not start, and nothing was executed; Node then has the reason, or another way.
   */
  start(request: SpawnRequest): number | null {
    // What C strings can't hold is refused by Node, in its words.
    const texts = [...request.argv, ...Object.entries(request.env).flat(), request.cwd, request.file];
    if (texts.some((text) => text.includes('\0'))) return null;
    if (!this.isListening) this.signals.on('SIGCHLD', this.onSignal);
    this.isListening = true;
    const pid = this.calls.spawn(request);
    if (pid !== null) this.children.set(pid, () => undefined);
    return pid;
  }

  /** `onExit` is called once, in a later turn. */
  follow(pid: number, onExit: (exit: ChildExit) => void): void {
    if (this.children.has(pid)) this.children.set(pid, onExit);
  }

  /** Nothing is reported any more; what ends is still reaped. */
  dispose(): void {
    this.disposed = true;
    this.stopIfDone();
  }

  /** libuv has reaped its own children before this is called: its watcher of the signal is older. */
  private readonly onSignal = (): void => {
    if (this.isSweeping) return;
    this.isSweeping = true;
    // Many may end at once; each turn looks once.
    setImmediate(() => this.sweep());
  };

  private sweep(): void {
    const { calls, children } = this;
    this.isSweeping = false;
    for (let pid = calls.anyEnded(); pid !== null && children.has(pid); pid = calls.anyEnded()) this.reap(pid);
    // Somebody else's child hides ours: each is asked for.
    if (calls.anyEnded() !== null) for (const pid of [...children.keys()]) this.reap(pid);
  }

  private reap(pid: number): void {
    const status = this.calls.reap(pid);
    if (status === 'lives') return;
    const onExit = this.children.get(pid);
    this.children.delete(pid);
    this.stopIfDone();
    if (!this.disposed) onExit?.(status === 'unknown' ? UNKNOWN : (exitOfStatus(status) ?? UNKNOWN));
  }

  private stopIfDone(): void {
    if (this.disposed && this.children.size === 0) this.signals.off('SIGCHLD', this.onSignal);
  }
}
