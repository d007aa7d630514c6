import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Clock } from '../../../engine/ports';

/** USER_HZ: what the kernel's user interface counts in, 100 on every Linux architecture in use (time(7)). */
export const TICKS_PER_SECOND = 100;
export const MS_PER_TICK = 1000 / TICKS_PER_SECOND;

const AT_PAGESZ = 6;

/** Bytes of a memory page: from this process's auxiliary vector (getauxval(3)), else from `getconf`. */
export function pageSizeBytes(): number {
  try {
    const vector = readFileSync('/proc/self/auxv');
    // Pairs of words; all Linux platforms of Node are of 64 bits, except 32-bit ARM.
    const word = process.arch === 'arm' ? 4 : 8;
    for (let at = 0; at + 2 * word <= vector.length; at += 2 * word) {
      if (readWord(vector, at, word) === AT_PAGESZ) return readWord(vector, at + word, word);
    }
  } catch {
    // Hidden: getconf knows too.
  }
  return Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
}

function readWord(bytes: Buffer, at: number, size: number): number {
  // s390x is the one big-endian platform; there the low half of a word comes second.
  const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (size === 4) return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
}

/** The soft limit of open files from the text of /proc/<pid>/limits (getrlimit(2)), or null. */
export function parseOpenFilesLimit(text: string): number | null {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1];
  if (soft === undefined) return null;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Wall time of the boot: what start times in ticks count from. */
export class BootTime {
  private bootMs = 0;
  private clockOffsetMs = Number.NaN;

  constructor(
    private readonly clock: Clock,
    private readonly procDir: string,
  ) {}

  /** Wall time in ms of an instant in ticks since boot; never in the future. */
  wallMsOf(ticks: number): number {
    const wallMs = this.clock.wallMs();
    const offsetMs = wallMs - this.clock.monotonicMs();
    // A set clock moves the wall time of the boot with it.
    if (!(Math.abs(offsetMs - this.clockOffsetMs) < 1000)) {
      this.clockOffsetMs = offsetMs;
      this.bootMs = this.read(wallMs);
    }
    return Math.round(Math.min(wallMs, this.bootMs + ticks * MS_PER_TICK));
  }

  private read(wallMs: number): number {
    const bySeconds = 1000 * Number(/^btime (\d+)/m.exec(readFileSync(`${this.procDir}/stat`, 'latin1'))?.[1] ?? 0);
    // btime is in whole seconds. /proc/uptime has hundredths, but container tools show an invented one: use it only
    // where the two agree.
    const byUptime = wallMs - 1000 * Number.parseFloat(readFileSync(`${this.procDir}/uptime`, 'latin1'));
    return Math.abs(byUptime - bySeconds) < 1500 ? byUptime : bySeconds;
  }
}
