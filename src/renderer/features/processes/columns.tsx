import { VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconHeartbeat, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ProcessRow } from '../../../shared/model/process';
import { formatBytes, formatCount, formatPercent } from '../../format/format';
import { rem } from '../../format/text-scale';
import type { ProcessColumn, ProcessTablePreferences } from '../../store/process-table-preferences';
import { Clip } from '../../kit/Clip';
import { Since } from '../../kit/times';
import type { Column } from '../../kit/VirtualTable';
import classes from './ProcessesTab.module.css';
import { endedAt, type ShownRow } from './rows';

type ProcessTableColumn = Column<ShownRow, ProcessColumn>;

/** Command line of a process; kernel threads and zombies have none. */
export function commandLine(row: Pick<ProcessRow, 'argv' | 'kernel' | 'name'>): string {
  if (row.argv.length > 0) return row.argv.join(' ');
  return row.kernel ? 'kernel thread' : '';
}

/** The names of the columns. */
export const COLUMN_WORDS: Readonly<Record<ProcessColumn, string>> = {
  name: 'Name',
  pid: 'PID',
  parent: 'Parent',
  user: 'User',
  cpu: 'CPU',
  memory: 'Memory',
  threads: 'Threads',
  processes: 'In tree',
  state: 'State',
  uptime: 'Uptime',
  watch: 'Watch',
  command: 'Command line',
};

/** The columns that fit into a window; narrow ones do without those that can be seen in the details. */
export function standardColumns(
  { isWide, isNarrow }: { isWide: boolean; isNarrow: boolean },
  mode: ProcessTablePreferences['mode'],
): readonly ProcessColumn[] {
  const columns: (ProcessColumn | false)[] = [
    ...(['name', 'pid', 'user', 'cpu', 'memory'] as const),
    isWide && 'threads',
    mode === 'tree' && 'processes',
    isWide && mode === 'list' && 'state',
    (!isNarrow || mode === 'list') && 'uptime',
    !isNarrow && 'watch',
    'command',
  ];
  return columns.filter((column) => column !== false);
}

/** Names are short, and command lines are not; a tree needs room for its levels. */
const NAME_WIDTHS: Readonly<Record<ProcessTablePreferences['mode'], string>> = {
  list: 'minmax(8.75rem, 0.4fr)',
  tree: 'clamp(9.5rem, 14vw, 26rem)',
};

interface ColumnContext {
  watchNames: ReadonlyMap<string, string>;
  /** Of the machine; the bars behind memory are a share of it. */
  memoryTotalBytes: number;
  onToggle: (row: ShownRow) => void;
  mode: ProcessTablePreferences['mode'];
  /** Uptimes end at this moment; null: they go on. */
  until: number | null;
}

/** The table's columns, in their order. */
export function processColumns(
  chosen: readonly ProcessColumn[],
  { watchNames, memoryTotalBytes, mode, onToggle, until }: ColumnContext,
): readonly ProcessTableColumn[] {
  const all: Readonly<Record<ProcessColumn, Omit<ProcessTableColumn, 'id' | 'header' | 'sortable'>>> = {
    name: { width: NAME_WIDTHS[mode], cell: (shown) => <Name shown={shown} onToggle={onToggle} /> },
    pid: { width: '4.25rem', numeric: true, cell: ({ row }) => row.pid },
    parent: { width: '4.25rem', numeric: true, cell: ({ row }) => row.ppid },
    user: { width: '5.75rem', cell: ({ row }) => <Clip text={row.user} /> },
    cpu: {
      unit: '% of one core',
      width: '5.75rem',
      numeric: true,
      cell: (shown) => (
        <Load share={shown.shown.cpuPercent / 100} kind="cpu" isSum={shown.isExpanded === false}>
          {formatPercent(shown.shown.cpuPercent)}
        </Load>
      ),
    },
    memory: {
      unit: 'resident',
      width: '5.75rem',
      numeric: true,
      cell: (shown) => (
        <Load share={shown.shown.rssBytes / memoryTotalBytes} kind="memory" isSum={shown.isExpanded === false}>
          {formatBytes(shown.shown.rssBytes)}
        </Load>
      ),
    },
    threads: { width: '4.875rem', numeric: true, cell: ({ shown }) => formatCount(shown.threads) },
    processes: {
      unit: 'processes',
      width: '5.125rem',
      numeric: true,
      cell: ({ total }) =>
        total.processes === 1 ? <span className={classes.dim}>1</span> : formatCount(total.processes),
    },
    state: { width: '5.75rem', cell: ({ row }) => (endedAt(row) === null ? row.state.replace('_', ' ') : 'ended') },
    uptime: {
      width: '5.75rem',
      numeric: true,
      cell: ({ row }) => <Since at={row.startedAt} until={endedAt(row) ?? until} />,
    },
    watch: {
      width: '6.5rem',
      cell: ({ row }) => (row.watchId === null ? null : <Clip text={watchNames.get(row.watchId) ?? row.watchId} />),
    },
    command: {
      width: 'minmax(6.5rem, 2.4fr)',
      cell: ({ row }) => (
        <span className={row.argv.length === 0 ? classes.dim : undefined}>
          <Clip text={commandLine(row)} code={row.argv.length > 0} />
        </span>
      ),
    },
  };
  return chosen.map((id) => ({ id, header: COLUMN_WORDS[id], sortable: true, ...all[id] }));
}

/** From here on deeper levels stand no further to the right: the name must keep its room. */
const DEEPEST_INDENT = 9;
/** In px at the normal text size. */
const INDENT = 14;

function Name({ shown, onToggle }: { shown: ShownRow; onToggle: (row: ShownRow) => void }) {
  const { row, level, isExpanded } = shown;
  const Chevron = isExpanded ? IconChevronDown : IconChevronRight;
  return (
    <span
      className={classes.name}
      style={{ paddingInlineStart: rem((Math.min(level, DEEPEST_INDENT) - 1) * INDENT) }}
      title={level > DEEPEST_INDENT ? `level ${level}` : undefined}
    >
      {isExpanded === null ? (
        level > 1 && <span className={classes.leaf} />
      ) : (
        // For the mouse; the keyboard folds with the arrow keys of the row, which announces its state.
        <span
          className={classes.fold}
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            onToggle(shown);
          }}
        >
          <Chevron size={rem(15)} />
        </span>
      )}
      {row.watchId === null ? null : <IconHeartbeat size={rem(15)} aria-hidden="true" color="var(--hd-ok)" />}
      {row.protectionReason === null ? null : <IconLock size={rem(14)} aria-hidden="true" color="var(--hd-idle)" />}
      {endedAt(row) === null ? null : <VisuallyHidden>ended: </VisuallyHidden>}
      <Clip text={row.name} />
    </span>
  );
}

interface LoadProps {
  /** 0 to 1; more fills the cell as 1 does. */
  share: number;
  kind: 'cpu' | 'memory';
  isSum: boolean;
  children: ReactNode;
}

/** A number over a bar as long as its share: the load is shown by length and digits, and the colour only shows of what. */
function Load({ share, kind, isSum, children }: LoadProps) {
  const width = `${Math.round(106 * Math.min(1, Math.max(0, share)))}%`;
  const isNothing = share < (kind === 'cpu' ? 0.0005 : 1e-9);
  return (
    <span className={isNothing ? `${classes.load} ${classes.dim}` : classes.load}>
      <span className={classes.bar} data-kind={kind} style={{ width }} />
      <span className={classes.number}>
        {isSum ? (
          <>
            <span aria-hidden="true" className={classes.sum}>
              Σ
            </span>
            <VisuallyHidden>together </VisuallyHidden>
          </>
        ) : null}
        {children}
      </span>
    </span>
  );
}
