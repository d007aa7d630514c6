import type { WatchStatus } from '../../../shared/model/snapshot';
import type { WatchTablePreferences } from '../../store/watch-table-preferences';
import type { WatchColumn } from '../../parts/watch-column';
import {
  ACTIONS_COLUMN,
  countColumns,
  CPU_COLUMN,
  hasProbes,
  MEMORY_COLUMN,
  nameColumn,
  NEXT_RUN_COLUMN,
  PROBES_COLUMN,
  RESTARTS_COLUMN,
  STATE_COLUMN,
  TREND_COLUMN,
} from '../../parts/watch-columns';
import { COMPACT_COLUMNS } from './compact-columns';

const COMFORTABLE_COLUMNS = [
  ...[nameColumn('overview'), STATE_COLUMN, PROBES_COLUMN, CPU_COLUMN, TREND_COLUMN, MEMORY_COLUMN],
  ...[RESTARTS_COLUMN, ACTIONS_COLUMN],
];

/** Before it stand the columns that only some watches fill. */
const ANCHOR = RESTARTS_COLUMN.id;

/** All columns that the overview can show of these watches, in their order. */
export function overviewColumns(
  watches: readonly WatchStatus[],
  density: WatchTablePreferences['density'],
): readonly WatchColumn[] {
  const all = density === 'compact' ? COMPACT_COLUMNS : COMFORTABLE_COLUMNS;
  const base = hasProbes(watches) ? all : all.filter(({ id }) => id !== PROBES_COLUMN.id);
  const more = [
    ...countColumns(watches),
    // Where no watch has a schedule, nobody misses what it does next.
    ...(watches.some(({ nextRun }) => nextRun !== null) ? [NEXT_RUN_COLUMN] : []),
  ];
  const at = base.findIndex(({ id }) => id === ANCHOR);
  return [...base.slice(0, at), ...more, ...base.slice(at)];
}

/** The name is always there. */
export function canLeave({ id }: Pick<WatchColumn, 'id'>): boolean {
  return id !== 'watch';
}

/** Those that are shown: the chosen ones whatever the room, else all, of which those leave that do not fit. */
export function shownColumns(
  columns: readonly WatchColumn[],
  chosen: WatchTablePreferences['columns'],
): readonly WatchColumn[] {
  if (chosen === null) return columns;
  return columns.flatMap((column) => {
    if (!canLeave(column)) return [column];
    const { from: _from, ...always } = column;
    return chosen.includes(column.id) ? [always] : [];
  });
}
