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
import type { Clock, LaunchTrace, LaunchTraces } from '../../engine/ports';
import { FILE_MODE } from '../files/files';

/** The traces as who starts the programs keeps them. Each step overwrites the one before it; nothing here ever throws. */
export interface LaunchTraceFile extends LaunchTraces {
  /** Right before the call that starts the program; an engine that is killed within it leaves the trace at this step. */
  starting(watchId: string, mark: string): void;
  started(watchId: string, mark: string, identity: ProcessIdentity): void;
  /** Nothing was executed. */
  refused(watchId: string, mark: string): void;
  /** `remove`: the next engine needs none of them, unless a start is under way. */
  dispose(options: { remove: boolean }): void;
}

export interface LaunchTracesOptions {
  /** In a file system that is held in memory, whose name no other user can foresee; null: there is no such place. */
  file: string | null;
  clock: Pick<Clock, 'monotonicMs'>;
}

/** Where memory is shared by name (shm_overview(7)). */
export const SHARED_MEMORY = '/dev/shm';

/** `f_type` of tmpfs and ramfs (statfs(2)). */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);

const slotSchema = z.object({
  watch: z.string(),
  mark: z.string(),
  step: z.enum(['intended', 'starting', 'started']),
  process: z
    .object({ pid: z.number().int().positive(), startTime: z.number().nonnegative(), startedAtMs: z.number() })
    .optional(),
});
type Slot = z.infer<typeof slotSchema>;

/** No slot crosses a page, so that a write is never left half done by SIGKILL. */
const SLOT_BYTES = 512;
/** 4 MB; watches beyond it leave no trace. */
const MAX_SLOTS = 8192;

/**
 * One slot for each watch in a file of tmpfs: writing it takes some µs in the engine's own thread and waits for no disk. A slot
 * is written right before and right after the call that starts a program, which returns once the program was executed
 * (execve(2)): so the next engine knows of each start whether it came about, and as which process.
 */
export function createLaunchTraces({ file, clock }: LaunchTracesOptions): LaunchTraceFile {
  let fd = file === null ? null : openFile(file);
  const slots = fd === null ? [] : read(fd);
  const places = new Map(slots.flatMap((slot, at) => (slot === null ? [] : [[slot.watch, at] as const])));
  /** Watches whose start is under way in this engine. */
  const open = new Set<string>();

  function put(slot: Slot): void {
    const place = places.get(slot.watch) ?? freePlace();
    const text = `${JSON.stringify(slot)}\n`;
    if (place >= MAX_SLOTS || Buffer.byteLength(text) > SLOT_BYTES || !write(place, text)) return;
    places.set(slot.watch, place);
    slots[place] = slot;
    if (slot.step === 'started') open.delete(slot.watch);
    else open.add(slot.watch);
  }

  function freePlace(): number {
    const free = slots.indexOf(null);
    return free < 0 ? slots.length : free;
  }

  function write(place: number, text: string): boolean {
    if (fd === null) return false;
    const data = Buffer.alloc(SLOT_BYTES, ' ');
    data.write(text);
    try {
      return writeSync(fd, data, 0, SLOT_BYTES, place * SLOT_BYTES) === SLOT_BYTES;
    } catch {
      giveUp(fd);
      return false;
    }
  }

  /** What is not kept up must not be believed. */
  function giveUp(kept: number): void {
    fd = null;
    try {
      ftruncateSync(kept);
    } catch {
      // Then it is a memory that can't even shrink; there is no more to be done.
    }
    closeSync(kept);
  }

  const intended = (watch: string, mark: string): void => put({ watch, mark, step: 'intended' });

  return {
    intended,
    starting: (watch, mark) => put({ watch, mark, step: 'starting' }),
    started: (watch, mark, { pid, startTime }) =>
      put({ watch, mark, step: 'started', process: { pid, startTime, startedAtMs: clock.monotonicMs() } }),
    refused: intended,

    last(watch) {
      const slot = fd === null ? undefined : slots[places.get(watch) ?? -1];
      return slot === undefined || slot === null ? null : { mark: slot.mark, trace: traceOf(slot) };
    },

    forget(watch) {
      const place = places.get(watch);
      if (place === undefined || !write(place, '\n')) return;
      places.delete(watch);
      open.delete(watch);
      slots[place] = null;
    },

    dispose({ remove }) {
      if (fd === null || file === null) return;
      closeSync(fd);
      fd = null;
      if (remove && open.size === 0) rmSync(file, { force: true });
    },
  };
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

function traceOf({ step, process }: Slot): LaunchTrace {
  if (step === 'intended') return { kind: 'not_executed' };
  return process === undefined ? { kind: 'unknown' } : { kind: 'executed', process };
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
