import type { DeadProcess } from '../../engine/ports';

/** A message of the kernel's log. */
export interface KernelRecord {
  /** Counts all messages since the boot. */
  sequence: number;
  /** ms since the boot, by a clock that stands still while the machine sleeps. */
  atMs: number;
  message: string;
}

/**
 * A record as /dev/kmsg has it: `priority,sequence,microseconds,flags;message`, then lines of properties. Null for one that is not
 * the kernel's own: whoever may write to the log can't name its facility (the priority without its last three bits), 0.
 */
export function parseKernelRecord(text: string): KernelRecord | null {
  const found = /^(\d+),(\d+),(\d+),[^;]*;(.*)$/m.exec(text);
  if (found === null || Number(found[1]) > 7) return null;
  return { sequence: Number(found[2]), atMs: Number(found[3]) / 1000, message: unescaped(found[4] ?? '') };
}

/** Bytes that can't be printed, and a backslash, stand as `\x5c`. */
function unescaped(message: string): string {
  const bytes = message.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** TASK_COMM_LEN without its NUL. */
const MAX_NAME_BYTES = 15;
/** The log says so before the kill, and of a large process the death may be seen later. */
const MAX_DELAY_MS = 10_000;
/** By how much the clock of the log runs apart from that of the machine, which is corrected all the time. */
const MAX_DRIFT = 1e-4;

/** What of the log is known. */
export interface KernelLog {
  /** Oldest first. */
  records: readonly KernelRecord[];
  /** Wall time of the boot, in ms since the epoch, and how long ago that is. */
  bootedAt: number;
  upMs: number;
}

/**
 * Whether the log names a process as one that the OOM killer has ended: by pid, name and time. Null where what was said around
 * its death may have left the log already, and where it names this pid under another name: a program that has just executed
 * another one, or was never seen alive, goes by a name that nobody here knows.
 */
export function isOomVictim({ records, bootedAt, upMs }: KernelLog, dead: DeadProcess): boolean | null {
  const toleranceMs = MAX_DELAY_MS + upMs * MAX_DRIFT;
  const diedMs = dead.diedAt - bootedAt;
  const name = Buffer.from(dead.name).subarray(0, MAX_NAME_BYTES).toString();
  const names = records.flatMap(({ atMs, message }) => {
    // "Out of memory: Killed process 7 (name) total-vm:…", before Linux 5.1 without what comes first; "oom_reaper: reaped process 7 (name), …"
    const victim = /\b(?:Killed|reaped) process (\d+) \((.*)\)(?:,? |$)/s.exec(message);
    const isMeant = Number(victim?.[1]) === dead.pid && Math.abs(atMs - diedMs) <= toleranceMs;
    return isMeant ? (victim?.[2] ?? []) : [];
  });
  if (names.length > 0) return names.includes(name) ? true : null;
  const [oldest] = records;
  const isWhole = oldest !== undefined && (oldest.sequence === 0 || oldest.atMs < diedMs - toleranceMs);
  return isWhole ? false : null;
}
