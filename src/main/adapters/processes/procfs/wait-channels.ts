import { readdirSync, readFileSync } from 'node:fs';
import { parseWaitChannel } from './thread-facts';

/** More threads than this are not asked. */
const MAX_THREADS = 256;

/**
 * Where each thread of a process waits in the kernel (proc_pid_wchan(5)), null for one that does not wait or may not be read; null where there are
 * too many threads, or the process is gone.
 */
export function readWaitChannels(taskDir: string): (string | null)[] | null {
  try {
    const names = readdirSync(taskDir);
    if (names.length > MAX_THREADS) return null;
    return names.map((name) => parseWaitChannel(readFileSync(`${taskDir}/${name}/wchan`, 'latin1')));
  } catch {
    return null;
  }
}
