import { readFileSync } from 'node:fs';

/** A number that was read is believed for so long; between, it follows the resident memory. */
const MAX_AGE_MS = 10_000;
/** All readings of one pass together: they walk page tables, which takes some ms for each GB. */
const MAX_MS_PER_PASS = 10;
/** A reading that took long is repeated so much later: it never costs more than 1 % of a core. */
const PAUSE_FACTOR = 100;

interface Known {
  readAtMs: number;
  rereadAtMs: number;
  /** null: not readable. */
  pssBytes: number | null;
  rssBytes: number;
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

  /** A new pass: time may be spent again. */
  beginPass(): void {
    this.spentMs = 0;
  }

  /** PSS in bytes, with `rssBytes` resident now; null where it is not readable, or not yet. */
  pssBytes(process: Process, rssBytes: number): number | null {
    const startedMs = this.timeMs();
    let known = this.known.get(process);
    if ((known === undefined || startedMs >= known.rereadAtMs) && this.spentMs < MAX_MS_PER_PASS) {
      const pssBytes = this.read(process);
      const tookMs = this.timeMs() - startedMs;
      this.spentMs += tookMs;
      const rereadAtMs = startedMs + Math.max(MAX_AGE_MS, PAUSE_FACTOR * tookMs);
      known = { readAtMs: startedMs, rereadAtMs, pssBytes, rssBytes };
      this.known.set(process, known);
    }
    if (known === undefined || known.pssBytes === null) return null;
    return Math.min(rssBytes, Math.max(0, known.pssBytes + rssBytes - known.rssBytes));
  }
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
