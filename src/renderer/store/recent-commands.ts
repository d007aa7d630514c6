import { z } from 'zod';
import { keptIn, type Kept } from './kept';

/** Which commands were used last, by their ids, the last one first. */
export type RecentCommands = Kept<readonly string[]>;

/** Keeps them in the storage of a browser. */
export function recentCommands(storage: () => Pick<Storage, 'getItem' | 'setItem'>): RecentCommands {
  return keptIn<readonly string[]>(storage, 'healdeck-recent-commands', {
    schema: z.array(z.string()).max(50),
    standard: [],
  });
}
