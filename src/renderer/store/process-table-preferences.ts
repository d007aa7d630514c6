import { z } from 'zod';

/** Columns of the process table, in their order. */
export const PROCESS_COLUMNS = [
  'name',
  'pid',
  'parent',
  'user',
  'cpu',
  'memory',
  'threads',
  'processes',
  'state',
  'uptime',
  'watch',
  'command',
] as const;
export type ProcessColumn = (typeof PROCESS_COLUMNS)[number];

const sortSchema = z.object({ column: z.enum(PROCESS_COLUMNS), descending: z.boolean() });
export type ProcessSort = z.infer<typeof sortSchema>;

const tasteSchema = z.object({
  mode: z.enum(['list', 'tree']),
  /** Those that were chosen; null: as many as there is room for. */
  columns: z.array(z.enum(PROCESS_COLUMNS)).nullable(),
  sort: sortSchema,
});

/** How somebody likes the process table: kept in this browser or window. */
export type ProcessTablePreferences = z.infer<typeof tasteSchema>;

export const STANDARD_TASTE: ProcessTablePreferences = {
  mode: 'list',
  columns: null,
  sort: { column: 'cpu', descending: true },
};

/** Where a taste is kept. */
export interface TasteMemory {
  read(): ProcessTablePreferences;
  write(preferences: ProcessTablePreferences): void;
}

/** For where nothing can be kept. */
export const NO_MEMORY: TasteMemory = { read: () => STANDARD_TASTE, write: () => undefined };

const KEY = 'healdeck-process-table';

/** Keeps the taste in the storage of a browser, which may be full, forbidden or written by another version. */
export function tasteMemory(storage: () => Pick<Storage, 'getItem' | 'setItem'>): TasteMemory {
  return {
    read: () => {
      try {
        const parsed = tasteSchema.safeParse(JSON.parse(storage().getItem(KEY) ?? 'null'));
        return parsed.success ? parsed.data : STANDARD_TASTE;
      } catch {
        return STANDARD_TASTE;
      }
    },
    write: (preferences) => {
      try {
        storage().setItem(KEY, JSON.stringify(preferences));
      } catch {
        // Then it is forgotten with the window.
      }
    },
  };
}
