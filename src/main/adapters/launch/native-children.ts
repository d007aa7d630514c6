import type { ChildExit } from '../../engine/ports';
import type { SpawnCalls, SpawnRequest } from '../processes/pidfd/spawn-calls';
import { exitOfStatus } from '../processes/pidfd/wait-status';

/** Children that were started past Node, and are reaped here. */
export interface NativeChildren {
  /**
   * Starts a program as child_process.spawn() does, detached, with posix_spawn(3): it copies no page tables, which for a large engine
   * takes longer than all the rest. Null: it did not start, and nothing was executed; Node then has the reason, or another way.
   */
  start(request: SpawnRequest): number | null;
  /** `onExit` is called once, in a later turn. */
  follow(pid: number, onExit: (exit: ChildExit) => void): void;
  /** Nothing is reported any more; what ends is still reaped. */
  dispose(): void;
}

/** No exit is known of a child that somebody else has reaped. */
const UNKNOWN: ChildExit = { exitCode: null, signal: null };

export function createNativeChildren(
  calls: SpawnCalls,
  signals: Pick<NodeJS.Process, 'on' | 'off'> = process,
): NativeChildren {
  const children = new Map<number, (exit: ChildExit) => void>();
  let isSweeping = false;
  let isListening = false;
  let disposed = false;

  /** libuv has reaped its own children before this is called: its watcher of the signal is older. */
  const onSignal = (): void => {
    if (isSweeping) return;
    isSweeping = true;
    // Many may end at once; each turn looks once.
    setImmediate(sweep);
  };

  function stopIfDone(): void {
    if (disposed && children.size === 0) signals.off('SIGCHLD', onSignal);
  }

  function sweep(): void {
    isSweeping = false;
    for (let pid = calls.anyEnded(); pid !== null && children.has(pid); pid = calls.anyEnded()) reap(pid);
    // Somebody else's child hides ours: each is asked for.
    if (calls.anyEnded() !== null) for (const pid of [...children.keys()]) reap(pid);
  }

  function reap(pid: number): void {
    const status = calls.reap(pid);
    if (status === 'lives') return;
    const onExit = children.get(pid);
    children.delete(pid);
    stopIfDone();
    if (!disposed) onExit?.(status === 'unknown' ? UNKNOWN : (exitOfStatus(status) ?? UNKNOWN));
  }

  return {
    start(request) {
      // What C strings can't hold is refused by Node, in its words.
      const texts = [...request.argv, ...Object.entries(request.env).flat(), request.cwd, request.file];
      if (texts.some((text) => text.includes('\0'))) return null;
      if (!isListening) signals.on('SIGCHLD', onSignal);
      isListening = true;
      const pid = calls.spawn(request);
      if (pid !== null) children.set(pid, () => undefined);
      return pid;
    },

    follow(pid, onExit) {
      if (children.has(pid)) children.set(pid, onExit);
    },

    dispose() {
      disposed = true;
      stopIfDone();
    },
  };
}
