import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFilterOff, IconHistoryOff } from '@tabler/icons-react';
import { useCallback, useDeferredValue, useMemo } from 'react';
import type { PastTable } from '../../../shared/model/past';
import { identityKey, type ProcessRow } from '../../../shared/model/process';
import type { Failure } from '../../api/errors';
import { sentence } from '../../format/sentence';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { togglePause } from '../../hooks/toggle-pause';
import { usePastTable } from './use-past-table';
import { useProcesses } from '../../hooks/use-processes';
import { useWatchNames } from '../../hooks/use-watch-names';
import type { ProcessColumn, ProcessTablePreferences } from '../../store/process-table-preferences';
import { EmptyState } from '../../kit/EmptyState';
import page from '../../kit/Page.module.css';
import { VirtualTable, type RowMark } from '../../kit/VirtualTable';
import { processColumns, standardColumns } from './columns';
import { PastEvents, PastNotice } from './PastPanel';
import pastClasses from './PastPanel.module.css';
import classes from './ProcessesTab.module.css';
import { ProcessToolbar } from './ProcessToolbar';
import { endedAt, listRows, type ShownRow } from './rows';
import { TimeBar } from './TimeBar';
import { parentIndex, treeRows } from './tree';

const NO_ROWS: ReadonlyMap<string, ProcessRow> = new Map();
/** From here on a row stands out, in % of one core. */
const BUSY_PERCENT = 90;

const keyOf = ({ row }: ShownRow) => identityKey(row);
const placeOf = ({ level, isExpanded }: ShownRow) => ({ level, isExpanded });

/** Every process of the machine, as it is now or as it was. */
export function ProcessesTab() {
  const { ui, store } = useApp();
  const live = useProcesses();
  const view = useUiState((state) => state.processView);
  const isPast = view.at !== null;
  const past = usePastTable(view.at);
  const pastRows = useMemo(() => (past.table === null ? NO_ROWS : rowsOfPast(past.table)), [past.table]);
  const watchNames = useWatchNames();
  const isWide = useMediaQuery('(min-width: 73.75em)', true);
  const isNarrow = useMediaQuery('(max-width: 63.75em)', false);
  const all = isPast ? pastRows : (view.pausedRows ?? live ?? NO_ROWS);
  // Typing comes first: a table of thousands of rows may follow a moment later.
  const settled = useDeferredValue(view);
  const rows = useMemo(
    () => (settled.mode === 'tree' ? treeRows : listRows)(all.values(), settled, watchNames),
    [all, settled, watchNames],
  );
  const toggle = useCallback(
    (shown: ShownRow) => {
      const folded = new Set(ui.getState().processView.folded);
      if (!folded.delete(keyOf(shown))) folded.add(keyOf(shown));
      ui.viewProcesses({ folded });
    },
    [ui],
  );
  const chosen = view.columns ?? standardColumns({ isWide, isNarrow }, settled.mode);
  const columns = useColumns(chosen, settled.mode, watchNames, toggle, past.table?.at ?? null);
  const pastAt = past.table?.at ?? null;
  const open = useCallback(
    ({ row }: ShownRow) => {
      if (isPast) ui.show({ pastProcess: { row, at: endedAt(row) ?? pastAt ?? 0 } });
      else ui.show({ process: { pid: row.pid, startTime: row.startTime } });
    },
    [ui, isPast, pastAt],
  );
  const pause = useCallback(() => togglePause('#/processes', { ui, store }), [ui, store]);

  /** Arrows fold and unfold and lead to parent and child, as in every tree; Delete ends, F follows. */
  const onKey = (key: string, index: number): number | null => {
    const shown = rows[index];
    if (shown === undefined) return null;
    switch (key) {
      case 'ArrowRight':
        if (shown.isExpanded === false) toggle(shown);
        return shown.isExpanded === true ? index + 1 : index;
      case 'ArrowLeft':
        if (shown.isExpanded !== true) return parentIndex(rows, index) ?? index;
        toggle(shown);
        return index;
      case 'Delete': {
        const { pid, startTime, name } = shown.row;
        if (!isPast) ui.show({ ending: { pid, startTime, name, force: false } });
        return index;
      }
      case 'f':
        ui.viewProcesses({ followed: view.followed === keyOf(shown) ? null : keyOf(shown) });
        return index;
      default:
        return null;
    }
  };

  const markOf = (shown: ShownRow): RowMark | undefined => {
    if (view.followed === keyOf(shown)) return 'followed';
    if (endedAt(shown.row) !== null) return 'ended';
    if (shown.isContext) return 'quiet';
    return shown.shown.cpuPercent >= BUSY_PERCENT ? 'busy' : undefined;
  };
  const followedAt = view.followed === null ? -1 : rows.findIndex((shown) => keyOf(shown) === view.followed);
  const isFiltered = view.text.trim() !== '' || view.user !== null || view.watchedOnly;
  // Without a filter folded rows count too: they are there.
  const hits = isFiltered ? rows.filter(({ isContext }) => !isContext).length : all.size;
  const isLoading = isPast ? past.table === null : live === null && view.pausedRows === null;

  const table = (
    <VirtualTable
      label="Processes"
      role={settled.mode === 'tree' ? 'treegrid' : 'grid'}
      columns={columns}
      rows={rows}
      rowKey={keyOf}
      rowHeight={34}
      sort={view.sort}
      onSort={(sort) => ui.viewProcesses({ sort })}
      onOpen={open}
      onKey={onKey}
      markOf={markOf}
      {...(settled.mode === 'tree' ? { placeOf } : {})}
      follow={followedAt < 0 ? null : followedAt}
      minWidth={Math.max(780, 105 * chosen.length)}
      empty={<NoRows isLoading={isLoading} failure={past.failure} />}
    />
  );
  return (
    <div className={page.fill}>
      <div className={classes.tools}>
        <ProcessToolbar
          view={view}
          all={all}
          hits={hits}
          columns={chosen}
          isPast={isPast}
          isNarrow={isNarrow}
          onPause={pause}
        />
        <TimeBar />
        {isPast && past.failure === null ? <PastNotice table={past.table} /> : null}
      </div>
      {isPast ? (
        <div className={pastClasses.past}>
          {table}
          <PastEvents table={past.table} />
        </div>
      ) : (
        table
      )}
    </div>
  );
}

function rowsOfPast({ rows, ended }: PastTable): ReadonlyMap<string, ProcessRow> {
  return new Map([...rows, ...ended].map((row) => [identityKey(row), row]));
}

function useColumns(
  chosen: readonly ProcessColumn[],
  mode: ProcessTablePreferences['mode'],
  watchNames: ReadonlyMap<string, string>,
  onToggle: (row: ShownRow) => void,
  until: number | null,
) {
  const memoryTotalBytes = useAppState((state) => state.live.machine?.memoryTotalBytes ?? Infinity);
  const key = chosen.join();
  return useMemo(
    () => processColumns(chosen, { watchNames, memoryTotalBytes, mode, onToggle, until }),
    // Another list with the same columns is no other list.
    // oxlint-disable-next-line react/exhaustive-deps
    [key, mode, watchNames, memoryTotalBytes, onToggle, until],
  );
}

function NoRows({ isLoading, failure }: { isLoading: boolean; failure: Failure | null }) {
  const { ui } = useApp();
  if (failure !== null) {
    return (
      <EmptyState
        icon={IconHistoryOff}
        title="That moment is not recorded"
        actions={
          <Button variant="default" onClick={() => ui.viewProcesses({ at: null })}>
            Back to live
          </Button>
        }
      >
        {sentence(failure.message)}
      </EmptyState>
    );
  }
  if (isLoading) return <p style={{ color: 'var(--mantine-color-dimmed)' }}>Reading all processes…</p>;
  return (
    <EmptyState
      icon={IconFilterOff}
      title="No matching processes"
      actions={
        <Button variant="default" onClick={() => ui.viewProcesses({ text: '', user: null, watchedOnly: false })}>
          Show all processes
        </Button>
      }
    >
      No process here has all of the words you typed in its name, pid, user or command line.
    </EmptyState>
  );
}
