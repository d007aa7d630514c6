import { z } from 'zod';

const KEY = 'healdeck-recent-commands';
const schema = z.array(z.string()).max(50);

/** Where it is kept which commands were used last, by their ids, the last one first. */
export interface RecentCommands {
  read(): readonly string[];
  write(ids: readonly string[]): void;
}

/** For where nothing can be kept. */
export const NONE_RECENT: RecentCommands = { read: () => [], write: () => undefined };

/** Keeps them in the storage of a browser, which may be full, forbidden or written by another version. */
export function recentCommands(storage: () => Pick<Storage, 'getItem' | 'setItem'>): RecentCommands {
  return {
    read: () => {
      try {
        return schema.safeParse(JSON.parse(storage().getItem(KEY) ?? '[]')).data ?? [];
      } catch {
        return [];
      }
    },
    write: (ids) => {
      try {
        storage().setItem(KEY, JSON.stringify(ids));
      } catch {
        // They are known until the window is closed.
      }
    },
  };
}
