import { readdirSync, readFileSync } from 'node:fs';
import type { ThreadTime } from '../../../engine/ports';

/** Threads of one process that are read: the first ones. Each costs some 10 µs. */
const MAX_THREADS = 64;
const NS_PER_MS = 1e6;

/** By /proc/PID/task/TID/schedstat, which needs no lock and no right; null where the kernel keeps no such times, or the process is gone. */
export function readSchedulerTimes(taskDir: string): ThreadTime[] | null {
  try {
    const times: ThreadTime[] = [];
    for (const name of readdirSync(taskDir).slice(0, MAX_THREADS)) {
      const wantedMs = parseSchedstat(readText(`${taskDir}/${name}/schedstat`));
      if (wantedMs !== null) times.push({ tid: Number(name), wantedMs });
    }
    return times.length === 0 ? null : times;
  } catch {
    return null;
  }
}

/** Time on a processor plus time that it waited for one, in ms; null of anything but numbers (Documentation/scheduler/sched-stats.rst). */
export function parseSchedstat(text: string): number | null {
  const [, ran, waited] = /^(\d+) (\d+) \d+/.exec(text) ?? [];
  return ran === undefined || waited === undefined ? null : (Number(ran) + Number(waited)) / NS_PER_MS;
}

/** Empty of a thread that has ended. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
