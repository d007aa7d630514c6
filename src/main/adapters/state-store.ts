import { z } from 'zod';
import { jsonErrorPosition } from '../../shared/lib/json-position';
import type { Clock, Dispose, PersistedState, StateStore } from '../engine/ports';
import type { DataDirIdentity } from './data-dir-identity';
import { backupPath, readGuarded, writeFileAtomic, writeFileAtomicSync } from './files';
import { errorText, type Notify } from './notice';
import { readOwnFile } from './own-files';
import { issuesText } from './schema-issues';

const count = z.number().int().nonnegative();
const watchStateSchema = z.object({
  desired: z.enum(['active', 'stopped']),
  reason: z.string(),
  processes: z.array(
    z.object({
      pid: z.number().int().positive(),
      startTime: z.number().nonnegative(),
      origin: z.enum(['child', 'match']),
    }),
  ),
  consecutive: count,
  restarts: count,
  lastRestartAt: z.number().nullable(),
  incident: count.nullable(),
  budget: z.object({
    restartsAtMs: z.array(z.number()),
    cooldown: z
      .object({ startedAtMs: z.number(), untilMs: z.number(), restarts: count, windowMs: z.number() })
      .nullable(),
    trips: count,
  }),
  lastExits: z.array(z.object({ atMs: z.number(), exitCode: z.number().nullable(), signal: z.string().nullable() })),
});
const stateSchema: z.ZodType<PersistedState> = z.object({
  bootId: z.string(),
  watches: z.record(z.string(), watchStateSchema),
});

/** At most one write in this time, however fast the engine's state changes. */
const COALESCE_MS = 50;
/** A state that could not be written is tried again after this, if no newer one comes before. */
const RETRY_MS = 5000;

export interface StateStoreOptions {
  file: string;
  /** Asked before each write. */
  directory?: Pick<DataDirIdentity, 'assertOwned'>;
  clock: Clock;
  notify: Notify;
}

/**
 * `state.json`. Saving returns at once; the newest state is written in the background within COALESCE_MS. An engine that
 * is killed in between loses nothing that matters: its children carry WATCH_MARK in their environment, and the next
 * engine finds them by that; the counters are those of a moment before.
 */
export function createStateStore(options: StateStoreOptions): StateStore & {
  /** Writes what is still to be written, before it returns. For the end of the engine. */
  flush(): void;
  /** Flushes and stops; later saves are ignored. */
  dispose(): void;
} {
  const { file, directory, clock, notify } = options;
  let wanted: string | null = null;
  let onDisk: string | null = null;
  let writing = false;
  let failing = false;
  let disposed = false;
  /** Rises whenever what a write in the background has in hand is no longer to be put in place. */
  let generation = 0;
  let cancelTimer: Dispose | null = null;

  const arm = (delayMs: number): void => {
    if (disposed || writing || cancelTimer !== null) return;
    cancelTimer = clock.after(delayMs, () => {
      cancelTimer = null;
      void write();
    });
  };

  async function write(): Promise<void> {
    const text = wanted;
    if (disposed || writing || text === null || text === onDisk) return;
    writing = true;
    const mine = generation;
    try {
      directory?.assertOwned();
      if (await writeFileAtomic(file, text, () => mine === generation)) {
        onDisk = text;
        // A copy in its own file; state.json itself is whole at any moment, so a loss here costs nothing.
        await writeFileAtomic(backupPath(file), text, () => mine === generation);
      }
      succeeded();
    } catch (error) {
      failed(error);
    } finally {
      writing = false;
      if (wanted !== onDisk) arm(failing ? RETRY_MS : COALESCE_MS);
    }
  }

  function failed(error: unknown): void {
    if (failing) return;
    failing = true;
    notify({
      topic: 'state.json',
      severity: 'warning',
      detail: `state.json can't be written (${errorText(error)}); it is tried again, and healing goes on.`,
    });
  }

  function succeeded(): void {
    if (!failing) return;
    failing = false;
    notify({ topic: 'state.json', severity: 'info', detail: 'state.json is written again.' });
  }

  function flush(): void {
    if (wanted === null || wanted === onDisk) return;
    generation += 1;
    try {
      directory?.assertOwned();
      writeFileAtomicSync(file, wanted);
      onDisk = wanted;
      succeeded();
    } catch (error) {
      failed(error);
    }
  }

  return {
    load() {
      try {
        const { value, notices } = readGuarded({ path: file, parse: parseState, nowMs: clock.wallMs() });
        for (const notice of notices) notify(notice);
        onDisk = value === null ? null : readOwnFile(file);
        return value;
      } catch (error) {
        notify({
          topic: 'state.json',
          severity: 'high',
          detail: `state.json can't be read (${errorText(error)}); restart counts and stopped watches of the last engine are unknown.`,
        });
        return null;
      }
    },
    save(state) {
      if (disposed) return;
      wanted = JSON.stringify(state);
      if (wanted !== onDisk) arm(failing ? RETRY_MS : COALESCE_MS);
    },
    flush,
    dispose() {
      if (disposed) return;
      flush();
      disposed = true;
      generation += 1;
      cancelTimer?.();
      cancelTimer = null;
    },
  };
}

function parseState(text: string): PersistedState {
  const position = jsonErrorPosition(text);
  if (position !== null) throw new Error(`line ${position.line}, column ${position.column}: not valid JSON`);
  const parsed = stateSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(issuesText(parsed.error));
  return parsed.data;
}
