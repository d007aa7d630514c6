import { z } from 'zod';
import { jsonErrorPosition } from '../../../shared/lib/text/json-position';
import { ACTORS } from '../../../shared/model/event';
import type { Clock, Dispose, PersistedState, PersistedWatch, StateStore } from '../../engine/ports';
import { backupPath, readGuarded, writeFileAtomicSync } from '../files/files';
import type { WatchMemory } from '../history/watch-memory-table';
import { errorText, type Notify } from '../files/notice';
import { issuesText } from '../files/schema-issues';

const count = z.number().int().nonnegative();
const text = z.string();
/** What was started is repeated as it was: no default, no coercion. */
const launchRecordSchema = z.object({
  command: z.object({ argv: z.array(text), cwd: text, env: z.record(text, text), user: text.nullable() }),
  revision: count,
  launch: z.object({ argv: z.array(text), cwd: text, env: z.record(text, text), user: text.nullable() }),
  uid: z.number().int().nullable(),
  mark: text,
  /** State files of earlier versions have none. */
  stderrFrom: z
    .object({ offset: z.number().nonnegative(), olderInode: z.number().nullable() })
    .nullable()
    .default(null),
});
const watchStateSchema = z.object({
  desired: z.enum(['active', 'stopped']),
  reason: z.string(),
  processes: z.array(
    z.object({
      pid: z.number().int().positive(),
      startTime: z.number().nonnegative(),
      origin: z.enum(['child', 'match']),
      /** Commands, and state files of earlier versions, have none. */
      role: z.enum(['main', 'worker']).optional(),
      heir: z.boolean().optional(),
      /** State files of earlier versions have none. */
      startedAtMs: z.number().optional(),
    }),
  ),
  consecutive: count,
  restarts: count,
  lastRestartAt: z.number().nullable(),
  incident: count.nullable(),
  /** State files of earlier versions have none. */
  recovery: z.object({ incident: count, atMs: z.number(), openedAtMs: z.number(), attempts: count }).optional(),
  /** State files of earlier versions have none. */
  starting: z.boolean().default(false),
  start: z.object({ mark: text, countedAtMs: z.number().nullable() }).optional(),
  replaced: z.object({ actor: z.enum(ACTORS), pids: z.array(z.number().int().positive()) }).optional(),
  budget: z.object({
    restartsAtMs: z.array(z.number()),
    cooldown: z
      .object({ startedAtMs: z.number(), untilMs: z.number(), restarts: count, windowMs: z.number() })
      .nullable(),
    trips: count,
  }),
  lastExits: z.array(z.object({ atMs: z.number(), exitCode: z.number().nullable(), signal: z.string().nullable() })),
  // Earlier versions wrote neither this one nor `dataDir`.
  launch: launchRecordSchema.nullable().default(null),
});
const stateSchema = z.object({
  bootId: z.string(),
  dataDir: z.object({ path: text, id: text }).nullable().default(null),
  watches: z.record(z.string(), watchStateSchema),
  /** As in the history; state files of earlier versions have none. */
  revision: count.default(0),
});
type StateFileContent = z.infer<typeof stateSchema>;
/** In the history a launch is known by its proof only: arguments and environment may hold secrets, and stand in the file alone. */
const launchProofSchema = launchRecordSchema.pick({ revision: true, uid: true, mark: true, stderrFrom: true });
const watchMemorySchema = watchStateSchema.extend({ launch: launchProofSchema.nullable().default(null) });
/** What memories in the history carry besides the watch. */
const headerSchema = stateSchema.omit({ watches: true, revision: true });

/** At most one write in this time, however fast the engine's state changes; of a large state one in a longer time. */
const COALESCE_MS = 50;
const BYTES_PER_MS = 2000;
/** A state that could not be written is tried again after this, if no newer one comes before. */
const RETRY_MS = 5000;

export interface StateStoreOptions {
  file: string;
  clock: Clock;
  notify: Notify;
  /** What the history has kept of each watch. */
  memories: readonly WatchMemory[];
  /** Keeps memories in the history, with the events of this moment. Never throws. */
  remember: (memories: readonly WatchMemory[]) => void;
  /** Resolves once what was remembered so far would outlive this engine, or after `limitMs`. */
  remembered: (limitMs: number) => Promise<void>;
  /** Resolves once what was remembered so far is in the history, or can't be. */
  decided: () => Promise<void>;
  /** Puts a text in place of the file; `durable`: also a power cut leaves it whole. */
  write: (text: string, durable: boolean) => Promise<void>;
}

/**
 * What the next engine must know, in two places. The history has it per watch, written with the events that it follows from, so
 * that one is never there without the other: where it is newer, it counts. `state.json` has all of it, written in the background
 * within COALESCE_MS; it counts where the history can't be used. Saving returns at once.
 */
export function createStateStore(options: StateStoreOptions): StateStore & {
  /** Writes what is still to be written, and ignores later saves. Resolves when that is over, however it went. */
  dispose(): Promise<void>;
} {
  const { file, clock, notify } = options;
  let header = '';
  let revision = Math.max(0, ...options.memories.map((memory) => memory.revision));
  /** JSON of each watch as it was saved last. */
  let saved = new Map<string, string>();
  let onDisk = -1;
  let pauseMs = COALESCE_MS;
  let writing: Promise<void> | null = null;
  let failing = false;
  let disposed = false;
  let cancelTimer: Dispose | null = null;

  const arm = (delayMs: number): void => {
    if (disposed || writing !== null || cancelTimer !== null) return;
    cancelTimer = clock.after(delayMs, () => {
      cancelTimer = null;
      void write(false);
    });
  };

  async function write(durable: boolean): Promise<void> {
    const mine = revision;
    if (saved.size === 0 && header === '') return;
    const text = contentOf(header, mine, saved);
    pauseMs = Math.max(COALESCE_MS, text.length / BYTES_PER_MS);
    // Never newer than the history while that is written: a state without the events that it follows from would lose them.
    writing = options.decided().then(() => options.write(text, durable));
    try {
      await writing;
      onDisk = mine;
      succeeded();
    } catch (error) {
      failed(error);
    } finally {
      writing = null;
      if (revision !== onDisk) arm(failing ? RETRY_MS : pauseMs);
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

  function readFile(): StateFileContent | null {
    try {
      const { value, notices } = readGuarded({ path: file, parse: parseState, nowMs: clock.wallMs() });
      for (const notice of notices) notify(notice);
      return value;
    } catch (error) {
      notify({
        topic: 'state.json',
        severity: 'high',
        detail: `state.json can't be read (${errorText(error)}); restart counts and stopped watches of the last engine are unknown.`,
      });
      return null;
    }
  }

  return {
    load() {
      const content = readFile();
      revision = Math.max(revision, content?.revision ?? 0);
      return newestOf(content, options.memories);
    },
    save(state) {
      if (disposed) return;
      const { watches, ...rest } = state;
      const nextHeader = JSON.stringify(rest);
      const next = new Map(Object.entries(watches).map(([id, memory]) => [id, JSON.stringify(memory)]));
      const changed = [...next].filter(([id, text]) => nextHeader !== header || saved.get(id) !== text);
      const gone = [...saved.keys()].filter((id) => !next.has(id));
      if (nextHeader === header && changed.length + gone.length === 0) return;
      revision += 1;
      header = nextHeader;
      saved = next;
      options.remember([
        ...changed.map(([watchId]) => ({ watchId, header, revision, memory: memoryText(watches[watchId]) })),
        ...gone.map((watchId) => ({ watchId, header, revision, memory: null })),
      ]);
      arm(failing ? RETRY_MS : pauseMs);
    },
    saveWatch(watchId, watch) {
      const text = JSON.stringify(watch);
      if (disposed || saved.get(watchId) === text) return;
      revision += 1;
      saved.set(watchId, text);
      options.remember([{ watchId, header, revision, memory: memoryText(watch) }]);
      arm(failing ? RETRY_MS : pauseMs);
    },
    saved: (limitMs) => options.remembered(limitMs),
    async dispose() {
      if (disposed) return;
      disposed = true;
      cancelTimer?.();
      cancelTimer = null;
      await writing?.catch(() => undefined);
      if (revision !== onDisk) await write(true);
    },
  };
}

/** How long a copy of the state may be older than the state. */
const BACKUP_INTERVAL_MS = 60_000;

/** The file behind `state.json`, for the thread that writes. */
export interface StateFile {
  /** Puts a text in place of the file. Throws what the file system says, and then the old one is there. */
  save(text: string, durable: boolean): void;
}

/**
 * The state itself is not flushed to the disk at each change: kill -9 takes nothing of it, and after a power cut the machine boots
 * anew, where hardly any of it has a meaning. Its copy is flushed, now and then.
 */
export function openStateFile(file: string, clock: Pick<Clock, 'monotonicMs'>): StateFile {
  let copiedMs = -Infinity;
  return {
    save(text, durable) {
      writeFileAtomicSync(file, text, durable);
      if (!durable && clock.monotonicMs() - copiedMs < BACKUP_INTERVAL_MS) return;
      writeFileAtomicSync(backupPath(file), text);
      copiedMs = clock.monotonicMs();
    },
  };
}

function contentOf(header: string, revision: number, watches: ReadonlyMap<string, string>): string {
  const all = [...watches].map(([id, text]) => `${JSON.stringify(id)}:${text}`).join(',');
  return `${header.slice(0, -1)},"revision":${revision},"watches":{${all}}}`;
}

/** Of each watch the newest that is known. What another boot of the machine, or another data directory, left counts no more. */
function newestOf(content: StateFileContent | null, memories: readonly WatchMemory[]): PersistedState | null {
  const kept = memories.flatMap((memory) => {
    const header = parsedOrNull(headerSchema, memory.header);
    const watch = parsedOrNull(watchMemorySchema, memory.memory ?? '');
    return header === null || watch === null ? [] : [{ ...memory, header, watch }];
  });
  const newest = kept.reduce<(typeof kept)[number] | null>(
    (best, one) => (best === null || one.revision > best.revision ? one : best),
    null,
  );
  if (newest === null && content === null) return null;
  const ofFile = content !== null && (newest === null || content.revision >= newest.revision);
  const header = ofFile ? headerSchema.parse(content) : (newest?.header ?? headerSchema.parse(content));
  const watches: Record<string, PersistedWatch> = {};
  if (content !== null && isSameHeader(headerSchema.parse(content), header)) Object.assign(watches, content.watches);
  for (const one of kept) {
    if (!isSameHeader(one.header, header)) continue;
    if (one.revision > (content?.revision ?? -1) || watches[one.watchId] === undefined) {
      watches[one.watchId] = {
        ...one.watch,
        launch: launchOf(one.watch.launch, content?.watches[one.watchId]?.launch),
      };
    }
  }
  return { ...header, watches };
}

/** A watch as the history keeps it. */
function memoryText(watch: PersistedWatch | undefined): string | null {
  if (watch === undefined) return null;
  const { launch, ...rest } = watch;
  return JSON.stringify({ ...rest, launch: launch === null ? null : launchProofSchema.parse(launch) });
}

/** What was launched, as the file has it of this start or of one before it; whoever repeats it compares the configured command. */
function launchOf(
  proof: z.infer<typeof launchProofSchema> | null,
  inFile: PersistedWatch['launch'] | undefined,
): PersistedWatch['launch'] {
  return proof === null || inFile === null || inFile === undefined ? null : { ...inFile, ...proof };
}

function isSameHeader(one: z.infer<typeof headerSchema>, other: z.infer<typeof headerSchema>): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function parsedOrNull<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function parseState(text: string): StateFileContent {
  const position = jsonErrorPosition(text);
  if (position !== null) throw new Error(`line ${position.line}, column ${position.column}: not valid JSON`);
  const parsed = stateSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(issuesText(parsed.error));
  return parsed.data;
}
