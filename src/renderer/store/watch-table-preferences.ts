import { z } from 'zod';
import { keptIn, type Kept } from './kept';

const schema = z.object({
  /** `group`: under the groups that they are in. */
  groupBy: z.enum(['none', 'group']),
  /** Rows of the overview: one line each, or two with bars of what is used of limits. */
  density: z.enum(['compact', 'comfortable']).default('compact'),
  /** Ids of the columns of the overview that were chosen; null: as many as fit. */
  columns: z.array(z.string().max(40)).max(40).nullable().default(null),
  /** By which column the overview is sorted. */
  sort: z
    .object({ column: z.string().max(40), descending: z.boolean() })
    .default({ column: 'state', descending: false }),
});

/** How somebody likes the tables of watches: kept in this browser or window. */
export type WatchTablePreferences = z.infer<typeof schema>;

/** What needs a look first leads. */
export const STANDARD_WATCH_TABLE: WatchTablePreferences = schema.parse({ groupBy: 'none' });

/** Keeps them in the storage of a browser. */
export function watchTableMemory(storage: () => Pick<Storage, 'getItem' | 'setItem'>): Kept<WatchTablePreferences> {
  return keptIn(storage, 'healdeck-watch-table', { schema, standard: STANDARD_WATCH_TABLE });
}
