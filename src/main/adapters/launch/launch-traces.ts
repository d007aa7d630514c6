import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { Clock, LaunchTraces, TracedStart } from '../../engine/ports';
import { FILE_MODE } from '../files/files';

export interface LaunchTracesOptions {
  /** In a file system that is held in memory, whose name no other user can foresee; null: there is no such place. */
  file: string | null;
  clock: Pick<Clock, 'monotonicMs'>;
}

/** Where memory is shared by name (shm_overview(7)). */
export const SHARED_MEMORY = '/dev/shm';

/** `f_type` of tmpfs and ramfs (statfs(2)). */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);

const startSchema = z.object({
  mark: z.string(),
  step: z.enum(['intended', 'starting', 'started']),
  process: z
    .object({ pid: z.number().int().positive(), startTime: z.number().nonnegative(), startedAtMs: z.number() })
    .optional(),
});
type Start = z.infer<typeof startSchema>;
const slotSchema = startSchema.extend({ watch: z.string(), before: startSchema.optional() });
type Slot = z.infer<typeof slotSchema>;

/** No slot crosses a page, so that a write is never left half done by SIGKILL. */
const SLOT_BYTES = 512;
/** 4 MB; watches beyond it leave no trace. */
const MAX_SLOTS = 8192;

/**
 * One slot for each watch in a file of tmpfs: writing it takes some µs in the engine's own thread and waits for no disk. A slot
 * is written right before and right after the call that starts a program, which returns once the program was executed
 * (execve(2)): so the next engine knows of each start whether it came about, and as which process. Each step overwrites the one
 * before it. The start before is kept as long as the one after it may never be executed: an engine may be killed before it has the end of that one on
 * record. Nothing here ever throws.
 */
export class LaunchTraceFile implements LaunchTraces {
  /** null: there is no file to be used, or one that is not kept up any more. */
  private fd: number | null;
  private readonly slots: (Slot | null)[];
  /** Where the slot of each watch is, in `slots` as in the file. */
  private readonly places: Map<string, number>;
  /** Watches whose start is under way in this engine. */
  private readonly open = new Set<string>();

  constructor(private readonly options: LaunchTracesOptions) {
    this.fd = options.file === null ? null : openFile(options.file);
    this.slots = this.fd === null ? [] : read(this.fd);
    this.places = new Map(this.slots.flatMap((slot, at) => (slot === null ? [] : [[slot.watch, at] as const])));
  }

  intended(watchId: string, mark: string): boolean {
    return this.put({ watch: watchId, mark, step: 'intended' });
  }

  /** Right before the call that starts the program; an engine that is killed within it leaves the trace at this step. */
  starting(watchId: string, mark: string): void {
    this.put({ watch: watchId, mark, step: 'starting' });
  }

  started(watchId: string, mark: string, { pid, startTime }: ProcessIdentity): void {
    const process = { pid, startTime, startedAtMs: this.options.clock.monotonicMs() };
    this.put({ watch: watchId, mark, step: 'started', process });
  }

  /** Nothing was executed. */
  refused(watchId: string, mark: string): void {
    this.intended(watchId, mark);
  }

  last(watchId: string): ReturnType<LaunchTraces['last']> {
    const slot = this.slotOf(watchId);
    return slot === null ? null : { ...traced(slot), before: slot.before === undefined ? null : traced(slot.before) };
  }

  recorded(watchId: string): void {
    const slot = this.slotOf(watchId);
    // The next step overwrites it in the file, too; until then its start is on record.
    if (slot !== null) delete slot.before;
  }

  forget(watchId: string): void {
    const place = this.places.get(watchId);
    if (place === undefined || !this.write(place, '\n')) return;
    this.places.delete(watchId);
    this.open.delete(watchId);
    this.slots[place] = null;
  }

  /** `remove`: the next engine needs none of them, unless a start is under way. */
  dispose({ remove }: { remove: boolean }): void {
    const { file } = this.options;
    if (this.fd === null || file === null) return;
    closeSync(this.fd);
    this.fd = null;
    if (remove && this.open.size === 0) rmSync(file, { force: true });
  }

  private slotOf(watchId: string): Slot | null {
    return this.fd === null ? null : (this.slots[this.places.get(watchId) ?? -1] ?? null);
  }

  private put(step: Slot): boolean {
    const place = this.places.get(step.watch) ?? this.freePlace();
    const before = startBefore(step.mark, this.slotOf(step.watch));
    const slot = before === undefined ? step : { ...step, before };
    const text = `${JSON.stringify(slot)}\n`;
    if (place >= MAX_SLOTS || Buffer.byteLength(text) > SLOT_BYTES || !this.write(place, text)) return false;
    this.places.set(slot.watch, place);
    this.slots[place] = slot;
    if (slot.step === 'started') this.open.delete(slot.watch);
    else this.open.add(slot.watch);
    return true;
  }

  private freePlace(): number {
    const free = this.slots.indexOf(null);
    return free < 0 ? this.slots.length : free;
  }

  private write(place: number, text: string): boolean {
    if (this.fd === null) return false;
    const data = Buffer.alloc(SLOT_BYTES, ' ');
    data.write(text);
    try {
      return writeSync(this.fd, data, 0, SLOT_BYTES, place * SLOT_BYTES) === SLOT_BYTES;
    } catch {
      this.giveUp(this.fd);
      return false;
    }
  }

  /** What is not kept up must not be believed. */
  private giveUp(kept: number): void {
    this.fd = null;
    try {
      ftruncateSync(kept);
    } catch {
      // Then it is a memory that can't even shrink; there is no more to be done.
    }
    closeSync(kept);
  }
}

/** Opens the file, or makes it; null: it can't be used, or it would not be ours alone. */
function openFile(file: string): number | null {
  let fd: number | null = null;
  try {
    if (!IN_MEMORY.has(statfsSync(dirname(file)).type)) return null;
    // O_NONBLOCK: the open of a FIFO would wait for a reader (fifo(7)).
    const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
    fd = openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, FILE_MODE);
    const stats = fstatSync(fd);
    const isOurs = stats.isFile() && stats.uid === process.geteuid?.() && (stats.mode & 0o077) === 0;
    if (isOurs && stats.nlink === 1 && stats.size <= MAX_SLOTS * SLOT_BYTES) return fd;
  } catch {
    // There is no such place, or it is another user's.
  }
  if (fd !== null) closeSync(fd);
  return null;
}

/** The start before this one, that was begun. */
function startBefore(ofMark: string, slot: Slot | null): Start | undefined {
  if (slot === null || slot.mark === ofMark || slot.step === 'intended') return slot?.before;
  const { mark, step, process } = slot;
  return { mark, step, process };
}

function traced({ mark, step, process }: Start): TracedStart {
  if (step === 'intended') return { mark, trace: { kind: 'not_executed' } };
  return { mark, trace: process === undefined ? { kind: 'unknown' } : { kind: 'executed', process } };
}

function read(fd: number): (Slot | null)[] {
  const data = readFileSync(fd);
  const slots: (Slot | null)[] = [];
  for (let at = 0; at + SLOT_BYTES <= data.length; at += SLOT_BYTES)
    slots.push(parse(data.subarray(at, at + SLOT_BYTES)));
  return slots;
}

function parse(data: Buffer): Slot | null {
  try {
    return slotSchema.parse(JSON.parse(data.toString('utf8')));
  } catch {
    return null;
  }
}
