import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseProcessStat } from '../../shared/lib/host/process-stat';
import { sameIdentity, type ProcessIdentity } from '../../shared/model/process';

/** Every process of a drill carries this variable, so that each can be found again, and none of anybody else. */
export const DRILL_MARK = 'HEALDECK_DRILL';

/**
 * Living processes that were started with the mark `value`, or with one that begins with it and a slash. Read from /proc
 * (proc(5), environ and stat); empty where there is none.
 */
export function markedProcesses(value: string): readonly ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  for (const name of entriesOfProc()) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || !carries(pid, value)) continue;
    const identity = identify(pid);
    if (identity !== null) found.push(identity);
  }
  return found;
}

/** From one look to the next, and the most looks: what was forked while we looked is found by the next one. */
const RECHECK_INTERVAL_MS = 20;
const MAX_POLLS = 100;

/** Ends every process with this mark, by KILL, and looks again until there is none: programs go on forking until they are dead. */
export async function endMarked(value: string): Promise<void> {
  for (let polls = 0; polls < MAX_POLLS; polls += 1) {
    const found = markedProcesses(value);
    if (found.length === 0) return;
    killExactly(found);
    await setTimeout(RECHECK_INTERVAL_MS);
  }
}

/** Ends exactly these processes, by KILL; those that are gone, or whose pid is another's by now, are passed over. */
function killExactly(processes: readonly ProcessIdentity[]): void {
  for (const identity of processes) {
    const now = identify(identity.pid);
    if (now === null || !sameIdentity(now, identity)) continue;
    try {
      process.kill(identity.pid, 'SIGKILL');
    } catch {
      // It ended in this moment.
    }
  }
}

/** A living process (no zombie) by its pid, or null. */
function identify(pid: number): ProcessIdentity | null {
  try {
    const { state, startTime } = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return state === 'Z' || state === 'X' || !Number.isFinite(startTime) ? null : { pid, startTime };
  } catch {
    return null;
  }
}

function carries(pid: number, value: string): boolean {
  const exact = `${DRILL_MARK}=${value}`;
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
      .split('\0')
      .some((entry) => entry === exact || entry.startsWith(`${exact}/`));
  } catch {
    // It ended, or belongs to somebody else: then it is none of ours.
    return false;
  }
}

function entriesOfProc(): readonly string[] {
  try {
    return readdirSync('/proc');
  } catch {
    return [];
  }
}
