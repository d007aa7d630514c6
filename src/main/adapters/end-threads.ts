import type { Worker } from 'node:worker_threads';
import type { Clock } from '../engine/ports';
import { withTimeLimit } from '../engine/time-limit';

/** A thread that does not end within this is in a system call that does not return. */
const STUCK_LIMIT_MS = 500;

/**
 * Ends threads. Where one hangs in a system call, this process is killed after `onStuck`: such a thread can't be joined, and exit(3) would
 * never return.
 */
export async function endThreads(threads: readonly Worker[], clock: Clock, onStuck: () => void): Promise<void> {
  try {
    await withTimeLimit(clock, STUCK_LIMIT_MS, Promise.all(threads.map((worker) => worker.terminate())));
  } catch {
    onStuck();
    process.kill(process.pid, 'SIGKILL');
  }
}
