import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

interface OpenFilesLimit {
  soft: number;
  hard: number;
}

/** What is read of the machine; a test gives its own. */
export interface LimitSources {
  /** `Max open files` of a process (proc_pid_limits(5)); null when not readable. */
  limitOf(pid: number | 'self'): OpenFilesLimit | null;
  parentOf(pid: number): number | null;
  /** Base name of the executable; null when not readable. */
  programOf(pid: number): string | null;
  /** The soft limit that systemd gave to our unit; null when it can't be asked. */
  unitSoftLimit(manager: 'system' | 'user'): number | null;
}

/** Runtimes that raise their soft limit to the hard one when they start. */
const RAISES = /^(?:node|nodejs|electron|healdeck|bun)/i;
const MAX_ANCESTORS = 32;

/**
 * The soft limit of open files that the operator's shell or unit gave this engine: Node raises its own to the hard one before
 * any script runs, and children would inherit that. Read where it still stands: in the nearest ancestor that was not raised,
 * or from systemd. null where there is nothing to restore or it can't be known: then children inherit what we have.
 */
export function operatorsOpenFiles(parent = process.ppid, sources: LimitSources = kernelSources): number | null {
  const own = sources.limitOf('self');
  if (own === null || own.soft < own.hard) return null;
  let below: number | null = null;
  let pid: number | null = parent;
  for (let step = 0; pid !== null && pid > 0 && step < MAX_ANCESTORS; step += 1) {
    if (pid === 1 || sources.programOf(pid) === 'systemd') {
      // Who was started by it directly has its limits from the unit, not from the manager's own.
      if (below !== null && !raises(below, sources)) return null;
      const soft = sources.unitSoftLimit(pid === 1 ? 'system' : 'user');
      return soft !== null && soft < own.soft ? soft : null;
    }
    const limit = sources.limitOf(pid);
    // Another hard limit: somebody set both on the way down to us.
    if (limit === null || limit.hard !== own.hard) return null;
    // Somebody who does not raise by himself has got the higher one on purpose (ulimit -Sn).
    if (limit.soft < limit.hard) return below === null || raises(below, sources) ? limit.soft : null;
    below = pid;
    pid = sources.parentOf(pid);
  }
  return null;
}

function raises(pid: number, sources: LimitSources): boolean {
  return RAISES.test(sources.programOf(pid) ?? '');
}

const kernelSources: LimitSources = {
  limitOf(pid) {
    const [, soft, hard] =
      /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(read(`/proc/${pid}/limits`)) ?? [];
    if (soft === undefined || hard === undefined) return null;
    const number = (text: string): number => (text === 'unlimited' ? Infinity : Number(text));
    return { soft: number(soft), hard: number(hard) };
  },
  parentOf(pid) {
    const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
    return parent === undefined ? null : Number(parent);
  },
  programOf(pid) {
    try {
      return basename(readlinkSync(`/proc/${pid}/exe`));
    } catch {
      // Not readable for us: its name is, for everybody.
      return /^Name:\s+(.+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? null;
    }
  },
  unitSoftLimit(manager) {
    const unit = /\/([^/\n]+\.(?:service|scope))(?:\/[^\n]*)?$/m.exec(read('/proc/self/cgroup'))?.[1];
    if (unit === undefined || process.env['INVOCATION_ID'] === undefined) return null;
    try {
      const argv = [...(manager === 'user' ? ['--user'] : []), 'show', '--value', '-p', 'LimitNOFILESoft', '--', unit];
      const text = execFileSync('systemctl', argv, {
        encoding: 'utf8',
        timeout: 1000,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return /^\d+$/.test(text.trim()) ? Number(text) : null;
    } catch {
      return null;
    }
  },
};

/** How many descriptors may be kept open for one purpose, `most` of them: most are for what can't be planned. */
export function maxKeptDescriptors(most: number): number {
  const soft = kernelSources.limitOf('self')?.soft ?? 1024;
  return Math.max(16, Math.min(most, Math.floor(soft / 4)));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
