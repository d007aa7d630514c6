import { z } from 'zod';
import { settingsOverridesSchema } from './settings';
import { watchSchema } from './watch';

/** Version of the config file that this Healdeck reads and writes. */
export const CONFIG_VERSION = 1;

/** A list of watches in which each name is there once. */
export function watchesSchema<Item extends z.ZodType<{ name: string }>>(item: Item): z.ZodArray<Item> {
  return z.array(item).superRefine((watches, context) => {
    const seen = new Set<string>();
    watches.forEach((watch, index) => {
      const key = watch.name.toLowerCase();
      if (seen.has(key)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `expected each name once, "${watch.name}" is used twice`,
        });
      }
      seen.add(key);
    });
  });
}

/** `config.json`, whole. */
export const configSchema = z.strictObject({
  version: z.literal(CONFIG_VERSION),
  settings: settingsOverridesSchema,
  watches: watchesSchema(watchSchema),
});
export type Config = z.infer<typeof configSchema>;
