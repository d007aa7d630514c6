import { z } from 'zod';
import { watchesSchema } from './config';
import { settingsOverridesSchema, type SettingKey, type SettingValue } from './settings';
import { watchNameSchema, watchSpecSchema } from './watch';

/**
 * What an exported file lacks of a watch: a variable that it has by name only, since its value looks secret or is empty, or what an
 * argument (counted from 1) hides.
 */
const leftOutSchema = z.union([
  z.strictObject({ watch: watchNameSchema, variable: z.string().regex(/^[^=\0]+$/) }),
  z.strictObject({ watch: watchNameSchema, argument: z.number().int().positive() }),
]);
export type LeftOut = z.infer<typeof leftOutSchema>;

/** `API_KEY`, `argument 3`. */
export function leftOutName(left: LeftOut): string {
  return 'variable' in left ? left.variable : `argument ${left.argument}`;
}

/**
 * A portable configuration: the settings that were changed, and the watches without what only this engine knows (ids,
 * revisions). It holds no secret.
 */
export const portableConfigSchema = z
  .strictObject({
    healdeck: z.literal('configuration', {
      error: 'expected "configuration": this file was not written by healdeck export',
    }),
    version: z.literal(1, { error: 'expected 1: this file was exported by another version of Healdeck' }),
    settings: settingsOverridesSchema,
    watches: watchesSchema(watchSpecSchema),
    leftOut: z.array(leftOutSchema),
  })
  .superRefine(({ watches, leftOut }, context) => {
    leftOut.forEach(({ watch }, index) => {
      if (watches.some(({ name }) => name === watch)) return;
      const message = `expected the name of a watch in this file, got "${watch}"`;
      context.addIssue({ code: 'custom', path: ['leftOut', index, 'watch'], message });
    });
  });
export type PortableConfig = z.infer<typeof portableConfigSchema>;

/** What an import does with what already exists and differs from the file. */
export const importConflictSchema = z.enum(['refuse', 'keep', 'replace']);
export type ImportConflict = z.infer<typeof importConflictSchema>;

/** What a watch has in common with the engine of another data directory: the very process, or the command of one. */
export interface SharedProgram {
  watch: string;
  same: 'process' | 'command';
  pid: number;
  dataDir: string;
}

/** In words, as one sentence. */
export function sharedProgramText({ watch, same, pid, dataDir }: SharedProgram): string {
  const what =
    same === 'process'
      ? `also watches pid ${pid}, and each restarts what the other stops`
      : `already runs the same command (pid ${pid}), so this is a second copy`;
  return `${watch}: the engine of ${dataDir} ${what}; remove the watch from one of the two`;
}

/** What an import has changed, or would change. Watches are named. */
export interface ImportReport {
  applied: boolean;
  added: readonly string[];
  replaced: readonly string[];
  /** Existed with another definition than in the file, and was kept. */
  kept: readonly string[];
  /** Here already, as in the file. */
  unchanged: readonly string[];
  settings: readonly { key: SettingKey; before: SettingValue; after: SettingValue }[];
  /** Set here already, to something else than in the file, and left so. */
  keptSettings: readonly SettingKey[];
  /** What is empty in those watches until somebody gives it a value. */
  toFill: readonly LeftOut[];
  /** Programs of those watches that other engines keep, too. */
  keptElsewhere: readonly SharedProgram[];
}
