import { z } from 'zod';
import { jsonErrorPosition } from '../../../shared/lib/text/json-position';
import { ACTORS } from '../../../shared/model/event';
import type { PersistedState, PersistedWatch } from '../../engine/ports';
import { issuesText } from '../files/schema-issues';
import type { WatchMemory } from '../history/events/watch-memory-table';

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
const fileStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('present'), inode: z.number(), bytes: z.number(), modifiedAt: z.number() }),
  z.object({ kind: z.literal('missing') }),
  z.object({ kind: z.literal('unknown') }),
]);
const startRecordSchema = z.object({
  at: z.number(),
  bootId: text,
  command: z.object({ argv: text, cwd: text, env: text }).nullable(),
  files: z.record(text, fileStateSchema),
  versions: z.record(text, z.record(text, text)).optional(),
  version: text.optional(),
});
const cronProgressSchema = z.object({ of: text, doneUntilAt: z.number() });
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
  since: z.object({ phase: text, atMs: z.number() }).optional(),
  consecutive: count,
  restarts: count,
  lastRestartAt: z.number().nullable(),
  incident: count.nullable(),
  problem: text.optional(),
  /** State files of earlier versions have none. */
  cause: z.object({ watch: text, incident: count }).optional(),
  /** State files of earlier versions have none. */
  recovery: z.object({ incident: count, atMs: z.number(), openedAtMs: z.number(), attempts: count }).optional(),
  /** State files of earlier versions have none. */
  starting: z.boolean().default(false),
  start: z.object({ mark: text, countedAtMs: z.number().nullable(), executed: text.optional() }).optional(),
  replaced: z.object({ actor: z.enum(ACTORS), pids: z.array(z.number().int().positive()) }).optional(),
  /** State files of earlier versions have none. */
  run: text.optional(),
  ranWith: z.record(text, text.nullable()).optional(),
  budget: z.object({
    restartsAtMs: z.array(z.number()),
    cooldown: z
      .object({
        ...{ startedAtMs: z.number(), untilMs: z.number(), restarts: count, windowMs: z.number() },
        sameCrash: z.object({ times: count, title: text }).optional(),
        obstacle: z.object({ protocol: z.enum(['tcp', 'udp']), port: count, holder: text }).optional(),
      })
      .nullable(),
    trips: count,
  }),
  lastExits: z.array(
    z.object({
      ...{ atMs: z.number(), exitCode: z.number().nullable(), signal: z.string().nullable() },
      crash: z.object({ id: text, title: text }).optional(),
    }),
  ),
  // Earlier versions wrote neither this one nor `dataDir`.
  launch: launchRecordSchema.nullable().default(null),
  /** State files of earlier versions have none. */
  starts: z
    .object({ last: startRecordSchema.extend({ process: text }).nullable(), good: startRecordSchema.nullable() })
    .optional(),
  /** Watches without a schedule, and state files of earlier versions, have none. */
  schedule: z
    .object({
      ...{ start: cronProgressSchema.nullable(), restart: cronProgressSchema.nullable() },
      overrun: text.nullable(),
    })
    .optional(),
});
const stateSchema = z.object({
  bootId: z.string(),
  dataDir: z.object({ path: text, id: text }).nullable().default(null),
  watches: z.record(z.string(), watchStateSchema),
  /** As in the history; state files of earlier versions have none. */
  revision: count.default(0),
});
/** What `state.json` holds. */
export type StateFileContent = z.infer<typeof stateSchema>;
/** In the history a launch is known by its proof only: arguments and environment may hold secrets, and stand in the file alone. */
const launchProofSchema = launchRecordSchema.pick({ revision: true, uid: true, mark: true, stderrFrom: true });
const watchMemorySchema = watchStateSchema.extend({ launch: launchProofSchema.nullable().default(null) });
/** What memories in the history carry besides the watch. */
const headerSchema = stateSchema.omit({ watches: true, revision: true });

/** The text of `state.json`; `header` and each watch are JSON already. */
export function contentOf(header: string, revision: number, watches: ReadonlyMap<string, string>): string {
  const all = [...watches].map(([id, text]) => `${JSON.stringify(id)}:${text}`).join(',');
  return `${header.slice(0, -1)},"revision":${revision},"watches":{${all}}}`;
}

/** Of each watch the newest that is known. What another boot of the machine, or another data directory, left counts no more. */
export function newestOf(content: StateFileContent | null, memories: readonly WatchMemory[]): PersistedState | null {
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
export function memoryText(watch: PersistedWatch | undefined): string | null {
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

/** @throws an error with the place and what was expected */
export function parseState(text: string): StateFileContent {
  const position = jsonErrorPosition(text);
  if (position !== null) throw new Error(`line ${position.line}, column ${position.column}: not valid JSON`);
  const parsed = stateSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(issuesText(parsed.error));
  return parsed.data;
}
