import { z } from 'zod';
import { argumentSchema, argvSchema } from './argv';
import { dependenciesSchema } from './dependency';
import { instancesSchema } from './instances';
import { probesSchema } from './probe';
import { restartPolicySchema, type RestartPolicy } from './restart-policy';
import { scheduleSchema } from './schedule';
import { watchOverridesSchema } from './settings';

/** 1 to 64 letters, digits, spaces and `._-`, starting with a letter or digit: it is also a file name and a CLI word. */
export const watchNameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{N}._ -]{0,62}[\p{L}\p{N}._-])?$/u,
    'expected 1 to 64 letters, digits, spaces or . _ -, starting with a letter or digit',
  );

const variableName = z.string().regex(/^[^=\0]+$/, 'expected a variable name without = or NUL');

/** How to start a program: an argument vector, never a shell line. */
export const commandSchema = z.strictObject({
  argv: argvSchema,
  /** Absolute directory to start in. */
  cwd: z.string().min(1, 'expected a directory'),
  /** Variables set on top of the environment of the engine. */
  env: z.record(variableName, argumentSchema).default({}),
  /**
   * Variables whose values are shown to nobody. To a client: all of them, and `env` has none of theirs. From a client: those of
   * them that `env` lacks keep the value they have. As kept: those that do not look secret by themselves.
   */
  hiddenEnv: z.array(variableName).optional(),
  /** Run as this user (only an engine run by root can); null: as the engine's own user. */
  user: z.string().min(1).nullable().default(null),
});
export type Command = z.infer<typeof commandSchema>;

export { restartPolicySchema, type RestartPolicy };

/** How a program is found among the running processes. */
const patternFields = {
  by: z.enum(['name', 'cmdline', 'pidfile']),
  /** Exact program name, RE2 expression over the whole command line, or absolute path of a pidfile. */
  pattern: z.string().min(1, 'expected a pattern').max(1000, 'expected at most 1000 characters'),
  /**
   * Only processes of this user; `*`: of any. null: of the user of the start command, else of the engine's own; for a
   * pidfile, of whoever alone may write it.
   */
  user: z.string().min(1).nullable().default(null),
  /** `any`: also processes of other pid namespaces (containers); left out, only those of the engine's own. */
  namespaces: z.enum(['own', 'any']).optional(),
};

export const targetSchema = z.discriminatedUnion('kind', [
  /** Healdeck starts it and is its parent. */
  z.strictObject({ kind: z.literal('command'), command: commandSchema }),
  /** Found among the running processes; started by `start` when none is left. */
  z.strictObject({ kind: z.literal('match'), ...patternFields, start: commandSchema.nullable().default(null) }),
  /** Must not run: whatever is found of it is ended. */
  z.strictObject({ kind: z.literal('forbidden'), ...patternFields }),
]);
export type Target = z.infer<typeof targetSchema>;
export type CommandTarget = Extract<Target, { kind: 'command' }>;
export type MatchTarget = Extract<Target, { kind: 'match' }>;
export type ForbiddenTarget = Extract<Target, { kind: 'forbidden' }>;
/** A target that is found by a pattern. */
export type PatternTarget = MatchTarget | ForbiddenTarget;

/** The user of a match that stands for every user. */
export const ANY_USER = '*';

/** Signal names as kill(1) lists them, with the prefix. */
const signalName = z.string().regex(/^SIG[A-Z0-9+]+$/, 'expected a signal name such as SIGTERM');

/** Most groups that a watch is in. */
export const MAX_GROUPS = 16;

/** The groups that a watch is in, in the order in which they were written. Only its watches make a group: it is kept nowhere else. */
const groupsSchema = z
  .array(watchNameSchema)
  .max(MAX_GROUPS, `expected at most ${MAX_GROUPS} groups`)
  .superRefine((groups, context) => {
    groups.forEach((group, at) => {
      if (groups.findIndex((other) => sameName(other, group)) === at) return;
      context.addIssue({ code: 'custom', path: [at], message: `expected each group once, "${group}" is there twice` });
    });
  });

/** What an operator decides about a watch. */
export const watchSpecSchema = z.strictObject({
  name: watchNameSchema,
  groups: groupsSchema.default([]),
  target: targetSchema,
  /** null: `on-failure` for commands, `always` for matches, whose exit code is not always known. */
  restart: restartPolicySchema.nullable().default(null),
  /** Exits that count as clean. */
  success: z
    .strictObject({
      exitCodes: z.array(z.number().int().min(0).max(255)).default([0]),
      signals: z.array(signalName).default([]),
    })
    .default({ exitCodes: [0], signals: [] }),
  /** Other watches that each of its starts waits for. */
  after: dependenciesSchema.default([]),
  /** How it is checked from outside. */
  probes: probesSchema.default([]),
  /** When it is started or restarted by the clock, or because of a change; null: never. */
  schedule: scheduleSchema.nullable().default(null),
  /** It is kept several times, each with its number in place of `{instance}`; absent: once. */
  instances: instancesSchema.optional(),
  /** Start it when the engine first starts after a boot. */
  autostart: z.boolean().default(true),
  /** Settings of this watch that differ from those for all: limits, budgets, detectors. */
  overrides: watchOverridesSchema.default({}),
});
/** A spec as a client may send it: everything with a default may be missing. */
export type WatchSpecInput = z.input<typeof watchSpecSchema>;
export type WatchSpec = z.infer<typeof watchSpecSchema>;

/** A watch as it is kept. */
export const watchSchema = watchSpecSchema.extend({
  /** Random and for ever; the name may change. */
  id: z.uuid(),
  /** Rises with each edit: an edit that was made on an older one is refused. */
  revision: z.number().int().positive(),
});
export type Watch = z.infer<typeof watchSchema>;

/** The policy in force. */
export function restartPolicyOf(watch: Pick<WatchSpec, 'restart' | 'target'>): RestartPolicy {
  return watch.restart ?? (watch.target.kind === 'command' ? 'on-failure' : 'always');
}

/** The same target with another command to start. */
export function withStartCommand(target: Target, change: (command: Command) => Command): Target {
  if (target.kind === 'command') return { ...target, command: change(target.command) };
  if (target.kind === 'forbidden' || target.start === null) return target;
  return { ...target, start: change(target.start) };
}

/** The command that (re)starts a watch, or null when Healdeck can only watch it. */
export function startCommandOf(target: Target): Command | null {
  if (target.kind === 'forbidden') return null;
  return target.kind === 'command' ? target.command : target.start;
}

/** Whether the program of a watch must not run. */
export function isForbidden({ target }: Pick<WatchSpec, 'target'>): boolean {
  return target.kind === 'forbidden';
}

/** Names that differ only in their case would be one file of output on some machines, and one name to most people. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
