import { z } from 'zod';

export const DEPENDENCY_CONDITIONS = ['started', 'ready', 'completed'] as const;
/**
 * What a start waits for. `started`: the other program runs; `ready`: it also serves, as far as anything asks; `completed`: it has
 * ended by itself, cleanly, and is not to run any more.
 */
export type DependencyCondition = (typeof DEPENDENCY_CONDITIONS)[number];

/** Another watch that a start waits for. */
export const dependencySchema = z
  .strictObject({
    /** Its name. */
    watch: z.string().min(1, 'expected the name of a watch').max(64),
    until: z.enum(DEPENDENCY_CONDITIONS).default('ready'),
    /** The watch is restarted, too, once the other one was started anew, for whatever reason, and is as awaited again. */
    restart: z.boolean().default(false),
  })
  .refine(({ until, restart }) => !restart || until !== 'completed', {
    path: ['restart'],
    message: 'expected a restart with what is awaited as started or ready; what has completed runs no more',
  });
export type Dependency = z.infer<typeof dependencySchema>;
export type DependencyInput = z.input<typeof dependencySchema>;

/** As many as a watch may wait for. */
export const MAX_DEPENDENCIES = 32;
export const DEPENDENCIES_EXPECTED = `expected at most ${MAX_DEPENDENCIES} watches to wait for`;

export const dependenciesSchema = z
  .array(dependencySchema)
  .max(MAX_DEPENDENCIES, DEPENDENCIES_EXPECTED)
  .superRefine((dependencies, context) => {
    const seen = new Set<string>();
    dependencies.forEach(({ watch }, at) => {
      if (seen.has(watch.toLowerCase())) {
        context.addIssue({
          code: 'custom',
          path: [at, 'watch'],
          message: `expected each watch once, got ${watch} twice`,
        });
      }
      seen.add(watch.toLowerCase());
    });
  });
