import { z } from 'zod';
import { RANGES } from '../format/ranges';
import { keptIn, type Kept } from './kept';

const range = (standardMs: number) =>
  z
    .number()
    .refine((ms) => RANGES.some(({ rangeMs }) => rangeMs === ms))
    .default(standardMs);

const schema = z.object({
  /** The machine on the overview: a strip of numbers with small curves, or charts. */
  machine: z.enum(['strip', 'charts']).default('strip'),
  machineRangeMs: range(RANGES[0].rangeMs),
  watchRangeMs: range(RANGES[1].rangeMs),
});

/** How somebody likes the charts: kept in this browser or window. */
export type ChartPreferences = z.infer<typeof schema>;

export const STANDARD_CHARTS: ChartPreferences = schema.parse({});

/** Keeps them in the storage of a browser. */
export function chartMemory(storage: () => Pick<Storage, 'getItem' | 'setItem'>): Kept<ChartPreferences> {
  return keptIn(storage, 'healdeck-charts', { schema, standard: STANDARD_CHARTS });
}
