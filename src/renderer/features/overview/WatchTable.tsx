import { UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { formatBytes, formatPercent } from '../../lib/format';
import { useAppState } from '../../lib/use-app';
import { navigate } from '../../lib/use-route';
import { watchUse } from '../../store/series';
import { TREND_LENGTH } from '../../store/store';
import { BudgetGauge } from '../../ui/BudgetGauge';
import table from '../../ui/DataTable.module.css';
import { NextTry } from '../../ui/NextTry';
import { StateBadge } from '../../ui/StateBadge';
import { Since } from '../../ui/times';
import { Trend } from '../../ui/Trend';
import { WatchActions } from '../../ui/WatchActions';
import { WatchNote } from '../../ui/WatchNote';

const NO_TREND: readonly number[] = [];

/** All watches as they are now, those that need a look first. */
export function WatchTable({ watches }: { watches: readonly WatchStatus[] }) {
  return (
    <div className={table.wrap}>
      <table className={table.table} aria-label="Watches">
        <colgroup>
          <col />
          <col style={{ width: 130 }} />
          <col style={{ width: 90 }} />
          <col style={{ width: 88 }} className={table.wide} />
          <col style={{ width: 92 }} />
          <col style={{ width: 104 }} />
          <col style={{ width: 96 }} />
          <col style={{ width: 100 }} />
          <col style={{ width: 84 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Watch</th>
            <th scope="col">State</th>
            <th scope="col" className={table.end}>
              CPU <small>% of one core</small>
            </th>
            <th scope="col" className={table.wide}>
              Trend
            </th>
            <th scope="col" className={table.end}>
              Memory
            </th>
            <th scope="col" className={table.end}>
              Uptime
            </th>
            <th scope="col" className={table.end}>
              Restarts <small>budget used</small>
            </th>
            <th scope="col" className={table.end}>
              Next try
            </th>
            <th scope="col" className={table.end}>
              Actions
            </th>
          </tr>
        </thead>
        <tbody>
          {watches.map((status) => (
            <WatchRow key={status.watch.id} status={status} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const WatchRow = memo(function WatchRow({ status }: { status: WatchStatus }) {
  const { id, name } = status.watch;
  const trend = useAppState((state) => state.trends.get(id) ?? NO_TREND);
  const { cpuPercent, memoryBytes } = watchUse(status);
  const [budget] = status.budget.windows;
  const isUp = status.processes.length > 0;
  const startedAt = Math.min(...status.processes.map((process) => process.startedAt));
  return (
    <tr>
      <td>
        <UnstyledButton className={table.name} onClick={() => navigate({ tab: 'overview', item: id })}>
          {name}
        </UnstyledButton>
        <WatchNote status={status} />
      </td>
      <td>
        <StateBadge phase={status.phase} />
      </td>
      <td className={table.end}>{isUp ? formatPercent(cpuPercent) : '–'}</td>
      <td className={table.wide}>
        <Trend values={trend} length={TREND_LENGTH} />
      </td>
      <td className={table.end}>{isUp ? formatBytes(memoryBytes) : '–'}</td>
      <td className={table.end}>{isUp ? <Since at={startedAt} /> : '–'}</td>
      <td className={table.end}>
        <span className={table.line}>{status.restarts}</span>
        {budget === undefined ? null : <BudgetGauge window={budget} />}
      </td>
      <td className={table.end}>
        <NextTry status={status} otherwise="–" />
      </td>
      <td>
        <WatchActions status={status} />
      </td>
    </tr>
  );
});
