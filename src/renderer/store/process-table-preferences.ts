import { z } from 'zod';
import { keptIn, type Kept } from './kept';

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

/** Keeps the taste in the storage of a browser. */
export function tasteMemory(storage: () => Pick<Storage, 'getItem' | 'setItem'>): Kept<ProcessTablePreferences> {
  return keptIn(storage, 'healdeck-process-table', { schema: tasteSchema, standard: STANDARD_TASTE });
}
