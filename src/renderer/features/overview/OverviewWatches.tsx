import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { byUrgency } from '../../../shared/lib/format/standing';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { useApp, useUiState } from '../../hooks/use-app';
import { EmptyState } from '../../kit/EmptyState';
import type { WatchColumn } from '../../parts/watch-column';
import { WatchTable } from '../../parts/WatchTable';
import type { WatchSort } from '../../store/ui';
import { byNeed, sectionsOf } from '../../words/watch-sections';
import { fitsFilter } from '../watches/filter';
import { overviewColumns, shownColumns } from './overview-columns';
import classes from './OverviewTab.module.css';
import { WatchToolbar } from './WatchToolbar';

/** The watches, what needs a look first on top unless another order was chosen. */
export function OverviewWatches({ watches }: { watches: readonly WatchStatus[] }) {
  const { ui } = useApp();
  const { groupBy, density, columns: chosen, sort } = useUiState((state) => state.watchTable);
  const filter = useUiState((state) => state.overviewFilter);
  const folded = useUiState((state) => state.foldedGroups);
  const columns = useSame(overviewColumns(watches, density));
  const shown = useMemo(() => shownColumns(columns, chosen), [columns, chosen]);
  const hits = sorted(watches, columns, sort).filter((status) => fitsFilter(status, filter));
  const hasGroups = watches.some(({ watch }) => watch.groups.length > 0);
  return (
    <div className={classes.watches}>
      <WatchToolbar columns={columns} shown={shown} hits={hits.length} all={watches.length} hasGroups={hasGroups} />
      {hits.length === 0 ? (
        <EmptyState
          icon={IconFilterOff}
          title="No matching watches"
          actions={
            <Button variant="default" onClick={() => ui.show({ overviewFilter: '' })}>
              Show all watches
            </Button>
          }
        >
          None of the watches has these words in its name, groups or target.
        </EmptyState>
      ) : (
        <WatchTable
          watches={hits}
          all={watches}
          columns={shown}
          density={density}
          sort={sort}
          onSort={(next) => ui.arrangeWatches({ sort: next })}
          sections={hasGroups && groupBy === 'group' ? byNeed(sectionsOf(hits, watches)) : undefined}
          folded={folded}
        />
      )}
    </div>
  );
}

/** The same list as long as it stands for the same columns: rows are drawn again when it changes. */
function useSame(columns: readonly WatchColumn[]): readonly WatchColumn[] {
  const [kept, keep] = useState(columns);
  if (keyOf(kept) === keyOf(columns)) return kept;
  keep(columns);
  return columns;
}

/** What is counted has an id for each metric; columns of one density differ from those of the other in width. */
function keyOf(columns: readonly WatchColumn[]): string {
  return columns.map(({ id, width }) => `${id}/${width}`).join();
}

/** By need within what the chosen column holds equal. */
function sorted(
  watches: readonly WatchStatus[],
  columns: readonly WatchColumn[],
  { column, descending }: WatchSort,
): WatchStatus[] {
  const compare = columns.find(({ id }) => id === column)?.compare;
  const ordered = byUrgency(watches);
  if (compare === undefined) return ordered;
  return ordered.sort((one, other) => (descending ? compare(other, one) : compare(one, other)));
}
