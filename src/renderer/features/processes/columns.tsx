import { IconHeartbeat, IconLock } from '@tabler/icons-react';
import type { ProcessRow } from '../../../shared/model/process';
import { formatBytes, formatPercent } from '../../lib/format';
import type { ProcessColumn } from '../../store/ui';
import { Clip } from '../../ui/Clip';
import { Since } from '../../ui/times';
import type { Column } from '../../ui/VirtualTable';
import classes from './ProcessesTab.module.css';

type ProcessTableColumn = Column<ProcessRow, ProcessColumn>;

/** Command line of a process; kernel threads and zombies have none. */
export function commandLine(row: Pick<ProcessRow, 'argv' | 'kernel' | 'name'>): string {
  if (row.argv.length > 0) return row.argv.join(' ');
  return row.kernel ? 'kernel thread' : '';
}

/** The columns of the process table; narrow windows do without those that can be seen in the details. */
export function processColumns(
  { isWide, isNarrow }: { isWide: boolean; isNarrow: boolean },
  watchNames: ReadonlyMap<string, string>,
): readonly ProcessTableColumn[] {
  const columns: (ProcessTableColumn | false)[] = [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(130px, 1.1fr)',
      sortable: true,
      cell: (row) => (
        <span className={classes.name}>
          {row.watchId === null ? null : <IconHeartbeat size={15} aria-hidden="true" color="var(--hd-ok)" />}
          {row.protectedBecause === null ? null : <IconLock size={14} aria-hidden="true" color="var(--hd-idle)" />}
          <Clip text={row.name} />
        </span>
      ),
    },
    { id: 'pid', header: 'PID', width: '72px', numeric: true, sortable: true, cell: (row) => row.pid },
    { id: 'user', header: 'User', width: '92px', sortable: true, cell: (row) => <Clip text={row.user} /> },
    {
      id: 'cpu',
      header: 'CPU',
      unit: '% of one core',
      width: '84px',
      numeric: true,
      sortable: true,
      cell: (row) =>
        row.cpuPercent < 0.05 ? <span className={classes.dim}>0.0 %</span> : formatPercent(row.cpuPercent),
    },
    {
      id: 'memory',
      header: 'Memory',
      unit: 'resident',
      width: '82px',
      numeric: true,
      sortable: true,
      cell: (row) => formatBytes(row.rssBytes),
    },
    isWide && {
      id: 'threads',
      header: 'Threads',
      width: '78px',
      numeric: true,
      sortable: true,
      cell: (row) => row.threads,
    },
    isWide && {
      id: 'state',
      header: 'State',
      width: '92px',
      sortable: true,
      cell: (row) => row.state.replace('_', ' '),
    },
    {
      id: 'uptime',
      header: 'Uptime',
      width: '98px',
      numeric: true,
      sortable: true,
      cell: (row) => <Since at={row.startedAt} />,
    },
    !isNarrow && {
      id: 'watch',
      header: 'Watch',
      width: '104px',
      sortable: true,
      cell: (row) => (row.watchId === null ? null : <Clip text={watchNames.get(row.watchId) ?? row.watchId} />),
    },
    {
      id: 'command',
      header: 'Command line',
      width: 'minmax(140px, 2.4fr)',
      sortable: true,
      cell: (row) => (
        <span className={row.argv.length === 0 ? classes.dim : undefined}>
          <Clip text={commandLine(row)} code={row.argv.length > 0} />
        </span>
      ),
    },
  ];
  return columns.filter((column) => column !== false);
}
