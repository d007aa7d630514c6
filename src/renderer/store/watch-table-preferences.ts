import { z } from 'zod';
import { keptIn, type Kept } from './kept';

const schema = z.object({
  /** `group`: under the groups that they are in. */
  groupBy: z.enum(['none', 'group']),
});

/** How somebody likes the tables of watches: kept in this browser or window. */
export type WatchTablePreferences = z.infer<typeof schema>;

export const STANDARD_WATCH_TABLE: WatchTablePreferences = { groupBy: 'none' };

/** Keeps them in the storage of a browser. */
export function watchTableMemory(storage: () => Pick<Storage, 'getItem' | 'setItem'>): Kept<WatchTablePreferences> {
  return keptIn(storage, 'healdeck-watch-table', { schema, standard: STANDARD_WATCH_TABLE });
}
