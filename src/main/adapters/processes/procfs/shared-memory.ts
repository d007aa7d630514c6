import { readFileSync } from 'node:fs';

/** A number that was read is used for this long, which is less than a violation of a limit takes; meanwhile it follows the private memory. */
const MAX_AGE_MS = 4000;
/** All readings of one scan together: they walk page tables, which takes some ms for each GB. */
const MAX_MS_PER_PASS = 10;
/** How much later a slow reading is repeated: it never costs more than 1 % of a core. */
const PAUSE_FACTOR = 100;
/** Shared memory that changed by more than this is read again: a pool that starts touches it page by page. */
const CHANGED_SHARE = 0.05;
const CHANGED_BYTES = 1 << 20;

/** Resident memory of a process, and what of it is its own (statm). */
export interface Resident {
  rssBytes: number;
  privateBytes: number;
}

interface Known extends Resident {
  /** Not sooner, and at the latest then. */
  notBeforeMs: number;
  dueMs: number;
  /** null: not readable. */
  pssBytes: number | null;
}

/**
 * Proportional memory (PSS) of processes, from /proc/<pid>/smaps_rollup (proc(5), Linux 4.14), read at a bounded rate.
 * Keyed by process, so that nothing outlives one.
 */
export class SharedMemory<Process extends object> {
  private readonly known = new WeakMap<Process, Known>();
  private spentMs = 0;

  constructor(
    private readonly read: (process: Process) => number | null,
    private readonly timeMs: () => number = () => performance.now(),
  ) {}

  /** A new scan: time may be spent again. */
  beginPass(): void {
    this.spentMs = 0;
  }

  /** PSS in bytes of what is resident now; null where it is not readable, or not yet. */
  pssBytes(process: Process, now: Resident): number | null {
    const startedMs = this.timeMs();
    let known = this.known.get(process);
    const changed = known !== undefined && hasChanged(sharedOf(known), sharedOf(now));
    const isDue = known === undefined || startedMs >= known.dueMs || (changed && startedMs >= known.notBeforeMs);
    if (isDue && this.spentMs < MAX_MS_PER_PASS) {
      const pssBytes = this.read(process);
      const tookMs = this.timeMs() - startedMs;
      this.spentMs += tookMs;
      const notBeforeMs = startedMs + PAUSE_FACTOR * tookMs;
      known = { ...now, pssBytes, notBeforeMs, dueMs: Math.max(startedMs + MAX_AGE_MS, notBeforeMs) };
      this.known.set(process, known);
    } else if (changed) {
      return null;
    }
    if (known === undefined || known.pssBytes === null) return null;
    return Math.min(now.rssBytes, Math.max(0, known.pssBytes + now.privateBytes - known.privateBytes));
  }
}

const sharedOf = ({ rssBytes, privateBytes }: Resident): number => rssBytes - privateBytes;

function hasChanged(before: number, after: number): boolean {
  return Math.abs(after - before) > Math.max(CHANGED_BYTES, CHANGED_SHARE * before);
}

/** Bytes from the text of /proc/<pid>/smaps_rollup; null when there is no such line. */
export function parsePss(text: string): number | null {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? null : 1024 * Number(kilobytes);
}

/** Null where it may not be read, or the kernel has no such file. */
export function readPss(processDir: string): number | null {
  try {
    return parsePss(readFileSync(`${processDir}/smaps_rollup`, 'latin1'));
  } catch {
    return null;
  }
}
