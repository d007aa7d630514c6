import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFilterOff } from '@tabler/icons-react';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { identityKey, type ProcessRow } from '../../../shared/model/process';
import { useApp, useAppState, useUiState } from '../../lib/use-app';
import { useSpaceKey } from '../../lib/use-hotkeys';
import { useProcesses } from '../../lib/use-processes';
import { useWatchNames } from '../../lib/use-watch-names';
import { EmptyState } from '../../ui/EmptyState';
import shell from '../../ui/Shell.module.css';
import { VirtualTable, type RowMark } from '../../ui/VirtualTable';
import { processColumns, standardColumns } from './columns';
import { ProcessToolbar } from './ProcessToolbar';
import { listRows, type ShownRow } from './rows';
import { parentIndex, treeRows } from './tree';

const NO_ROWS: ReadonlyMap<string, ProcessRow> = new Map();
/** From here on a row stands out, in % of one core. */
const BUSY_PERCENT = 90;

const keyOf = ({ row }: ShownRow) => identityKey(row);
const placeOf = ({ level, isExpanded }: ShownRow) => ({ level, isExpanded });

/** Every process of the machine. */
export function ProcessesTab() {
  const { ui, store } = useApp();
  const live = useProcesses();
  const view = useUiState((state) => state.processView);
  const watchNames = useWatchNames();
  const memoryTotalBytes = useAppState((state) => state.live.machine?.memoryTotalBytes ?? Infinity);
  const isWide = useMediaQuery('(min-width: 1180px)', true);
  const isNarrow = useMediaQuery('(max-width: 1020px)', false);
  const all = view.pausedRows ?? live ?? NO_ROWS;
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
  const columnKey = chosen.join();
  const columns = useMemo(
    () => processColumns(chosen, { watchNames, memoryTotalBytes, onToggle: toggle, until: null }),
    // Another list with the same columns is no other list.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [columnKey, watchNames, memoryTotalBytes, toggle],
  );
  const open = useCallback(
    ({ row }: ShownRow) => ui.show({ process: { pid: row.pid, startTime: row.startTime } }),
    [ui],
  );
  const pause = useCallback(
    () =>
      ui.viewProcesses({
        pausedRows: ui.getState().processView.pausedRows === null ? store.getState().processes.rows : null,
      }),
    [ui, store],
  );
  useSpaceKey(pause);

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
        ui.show({ ending: { pid, startTime, name, force: false } });
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
    if (shown.isContext) return 'quiet';
    return shown.shown.cpuPercent >= BUSY_PERCENT ? 'busy' : undefined;
  };
  const followedAt = view.followed === null ? -1 : rows.findIndex((shown) => keyOf(shown) === view.followed);
  const isFiltered = view.text.trim() !== '' || view.user !== null || view.watchedOnly;
  // Without a filter folded rows count too: they are there.
  const hits = isFiltered ? rows.filter(({ isContext }) => !isContext).length : all.size;

  return (
    <div className={shell.fill}>
      <ProcessToolbar
        view={view}
        all={all}
        hits={hits}
        columns={chosen}
        isPast={false}
        isNarrow={isNarrow}
        onPause={pause}
      />
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
        empty={<NoRows isLoading={live === null && view.pausedRows === null} />}
      />
    </div>
  );
}

function NoRows({ isLoading }: { isLoading: boolean }) {
  const { ui } = useApp();
  if (isLoading) return <p style={{ color: 'var(--mantine-color-dimmed)' }}>Reading all processes…</p>;
  return (
    <EmptyState
      icon={IconFilterOff}
      title="No process fits"
      actions={
        <Button variant="default" onClick={() => ui.viewProcesses({ text: '', user: null, watchedOnly: false })}>
          Show all processes
        </Button>
      }
    >
      Nothing that runs now has all of the words you typed in its name, pid, user or command line.
    </EmptyState>
  );
}
