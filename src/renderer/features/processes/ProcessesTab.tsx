import { Button, Select, Switch } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFilterOff, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { identityKey, type ProcessRow } from '../../../shared/model/process';
import { formatCount, plural } from '../../lib/format';
import { useApp, useUiState } from '../../lib/use-app';
import { useProcesses } from '../../lib/use-processes';
import { useWatchNames } from '../../lib/use-watch-names';
import type { ProcessView } from '../../store/ui';
import { EmptyState } from '../../ui/EmptyState';
import { FilterInput } from '../../ui/FilterInput';
import shell from '../../ui/Shell.module.css';
import { VirtualTable } from '../../ui/VirtualTable';
import { processColumns } from './columns';
import { usersOf, viewRows } from './rows';

const NO_ROWS: ReadonlyMap<string, ProcessRow> = new Map();
const keyOf = (row: ProcessRow) => identityKey(row);

/** Every process of the machine. */
export function ProcessesTab() {
  const { ui } = useApp();
  const live = useProcesses();
  const view = useUiState((state) => state.processView);
  const watchNames = useWatchNames();
  const isWide = useMediaQuery('(min-width: 1180px)', true);
  const isNarrow = useMediaQuery('(max-width: 1020px)', false);
  const all = view.pausedRows ?? live ?? NO_ROWS;
  // Typing comes first: a table of thousands of rows may follow a moment later.
  const settled = useDeferredValue(view);
  const rows = useMemo(() => viewRows(all.values(), settled, watchNames), [all, settled, watchNames]);
  const columns = useMemo(() => processColumns({ isWide, isNarrow }, watchNames), [isWide, isNarrow, watchNames]);
  const open = useCallback((row: ProcessRow) => ui.show({ process: { pid: row.pid, startTime: row.startTime } }), [ui]);

  return (
    <div className={shell.fill}>
      <Toolbar view={view} all={all} shown={rows.length} />
      <VirtualTable
        label="Processes"
        columns={columns}
        rows={rows}
        rowKey={keyOf}
        rowHeight={34}
        sort={view.sort}
        onSort={(sort) => ui.viewProcesses({ sort })}
        onOpen={open}
        minWidth={780}
        empty={<NoRows isLoading={live === null && view.pausedRows === null} />}
      />
    </div>
  );
}

interface ToolbarProps {
  view: ProcessView;
  all: ReadonlyMap<string, ProcessRow>;
  shown: number;
}

function Toolbar({ view, all, shown }: ToolbarProps) {
  const { ui, store } = useApp();
  const users = useMemo(() => usersOf(all.values()), [all]);
  const userOptions = view.user === null || users.includes(view.user) ? users : [...users, view.user];
  const isPaused = view.pausedRows !== null;
  return (
    <div className={shell.toolbar}>
      <FilterInput
        label="Filter processes"
        placeholder="Name, pid, user or command line"
        value={view.text}
        onChange={(text) => ui.viewProcesses({ text })}
      />
      <Select
        aria-label="User"
        placeholder="All users"
        data={userOptions}
        value={view.user}
        onChange={(user) => ui.viewProcesses({ user })}
        clearable
        searchable
        w={150}
        clearButtonProps={{ 'aria-label': 'All users' }}
      />
      <Switch
        label="Watched only"
        checked={view.watchedOnly}
        onChange={(event) => ui.viewProcesses({ watchedOnly: event.currentTarget.checked })}
      />
      <Button
        variant={isPaused ? 'filled' : 'default'}
        leftSection={
          isPaused ? (
            <IconPlayerPlayFilled size={15} aria-hidden="true" />
          ) : (
            <IconPlayerPauseFilled size={15} aria-hidden="true" />
          )
        }
        onClick={() => ui.viewProcesses({ pausedRows: isPaused ? null : store.getState().processes.rows })}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <span className={shell.count} role="status">
        {shown === all.size
          ? plural(all.size, 'process', 'processes')
          : `${formatCount(shown)} of ${formatCount(all.size)} processes`}
      </span>
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
