import { z } from 'zod';

/** Most instances of one watch: each is supervised, drawn and probed by itself. */
export const MAX_INSTANCES = 64;

const NOT_A_COUNT = `expected 1 to ${MAX_INSTANCES} instances`;
const instanceCount = z.number(NOT_A_COUNT).int(NOT_A_COUNT).min(1, NOT_A_COUNT).max(MAX_INSTANCES, NOT_A_COUNT);

/**
 * How many programs a watch keeps, numbered from 1. Scaling changes `count` only: it is part of the definition, so that it is saved
 * before it is in force, undone, exported and edited by hand as everything else of it.
 */
export const instancesSchema = z
  .strictObject({ min: instanceCount, max: instanceCount, count: instanceCount })
  .refine(({ min, max }) => min <= max, { path: ['max'], error: 'expected at least as many as the fewest instances' })
  .refine(({ min, max, count }) => min > max || (min <= count && count <= max), {
    path: ['count'],
    error: 'expected a count between the fewest and the most instances',
  });
export type Instances = z.infer<typeof instancesSchema>;

/** A new number of instances: `to` so many, or `by` so many more (fewer, if negative) than there are then. */
export const scaleChangeSchema = z.union([
  z.strictObject({ to: z.number().int().min(0) }),
  z.strictObject({ by: z.number().int() }),
]);
export type ScaleChange = z.infer<typeof scaleChangeSchema>;
