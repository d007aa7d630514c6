import { identityKey, type ProcessSample } from '../../../shared/model/process';
import type { IoBytes, ProcessTable } from '../ports';

/** What a tree reads from and writes to storage, in bytes per second. */
export interface IoRates {
  readPerSecond: number;
  writtenPerSecond: number;
}

/** Below it a rate would be too rough: the readings before are kept, and the window goes on. */
const MIN_WINDOW_MS = 200;

interface Count {
  pid: number;
  ppid: number;
  /** Since its start; null where that may not be read. */
  bytes: IoBytes | null;
}

const NOTHING: IoBytes = { readBytes: 0, writtenBytes: 0 };

/**
 * The rates of one process and all below it, from what each has counted since its start. The kernel adds the count of a child
 * to that of the parent which reaps it (wait(2)), so each is counted separately:
 *
 * | process                         | counts as                                               |
 * |---------------------------------|---------------------------------------------------------|
 * | in both readings                | what its count grew by, less what ended children had    |
 * | new                             | its whole count: it was born since                      |
 * | ended, not reaped               | nothing: its count is still its own                     |
 * | ended and reaped                | what its parent's count grew by beyond its last reading |
 * | parent of one that was unread   | nothing this time: what it was given is not known       |
 */
export class TreeIo {
  private before: ReadonlyMap<string, Count> | null = null;
  private atMs = 0;

  constructor(private readonly table: Pick<ProcessTable, 'ioBytes'>) {}

  /** Null for the first reading, and where nothing may be read; `counted` are those whose sum it is. */
  read(
    { root, below, counted }: Record<'below' | 'counted', readonly ProcessSample[]> & { root: ProcessSample },
    atMs: number,
  ): IoRates | null {
    const { before } = this;
    const elapsedMs = atMs - this.atMs;
    if (before !== null && elapsedMs < MIN_WINDOW_MS) return null;
    const now = new Map<string, Count>();
    for (const sample of [root, ...below]) {
      const key = identityKey(sample);
      const isOver = sample.state === 'zombie' || sample.state === 'dead';
      const bytes = isOver ? (before?.get(key)?.bytes ?? null) : this.table.ioBytes(sample);
      now.set(key, { pid: sample.pid, ppid: sample.ppid, bytes });
    }
    this.before = now;
    this.atMs = atMs;
    if (before === null || [...now.values()].every(({ bytes }) => bytes === null)) return null;
    const inherited = inheritedOf(before, now);
    let [read, written] = [0, 0];
    for (const sample of counted) {
      const key = identityKey(sample);
      const current = now.get(key)?.bytes ?? null;
      const last = before.has(key) ? (before.get(key)?.bytes ?? null) : NOTHING;
      const given = inherited.has(key) ? (inherited.get(key) ?? null) : NOTHING;
      if (current === null || last === null || given === null) continue;
      read += Math.max(0, current.readBytes - last.readBytes - given.readBytes);
      written += Math.max(0, current.writtenBytes - last.writtenBytes - given.writtenBytes);
    }
    return { readPerSecond: (read * 1000) / elapsedMs, writtenPerSecond: (written * 1000) / elapsedMs };
  }
}

/** By the process that lives on: what those had counted, as far as was seen, whose counts it may have been given; null: not known. */
function inheritedOf(
  before: ReadonlyMap<string, Count>,
  now: ReadonlyMap<string, Count>,
): ReadonlyMap<string, IoBytes | null> {
  const keyOf = new Map([...before].map(([key, { pid }]) => [pid, key]));
  const inherited = new Map<string, IoBytes | null>();
  for (const [key, gone] of before) {
    if (now.has(key)) continue;
    const heir = livingAncestor(gone, before, now, keyOf);
    if (heir === null) continue;
    const sum = inherited.has(heir) ? (inherited.get(heir) ?? null) : NOTHING;
    const { bytes } = gone;
    inherited.set(
      heir,
      sum === null || bytes === null
        ? null
        : { readBytes: sum.readBytes + bytes.readBytes, writtenBytes: sum.writtenBytes + bytes.writtenBytes },
    );
  }
  return inherited;
}

function livingAncestor(
  gone: Count,
  before: ReadonlyMap<string, Count>,
  now: ReadonlyMap<string, Count>,
  keyOf: ReadonlyMap<number, string>,
): string | null {
  let parent = keyOf.get(gone.ppid);
  for (let up = 0; parent !== undefined && !now.has(parent) && up < before.size; up += 1) {
    parent = keyOf.get(before.get(parent)?.ppid ?? 0);
  }
  return parent !== undefined && now.has(parent) ? parent : null;
}
