import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { formatBytes, formatPercent } from '../../lib/format';
import { useAppState } from '../../lib/use-app';
import { useSeries } from '../../lib/use-series';
import { chartRows, watchUse } from '../../store/series';
import { Section } from '../../ui/Facts';
import { TimeChart, type ChartLine } from '../../ui/TimeChart';
import { RANGES } from '../overview/MachineCharts';
import overview from '../overview/OverviewTab.module.css';

/** CPU and memory of a watch over time, with the levels at which it is warned about and acted on. */
export function WatchCharts({ status }: { status: WatchStatus }) {
  const [range, setRange] = useState<string>(RANGES[0].value);
  const rangeMs = Number(range);
  const series = useSeries(status.watch.id, rangeMs);
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  const rows = useMemo(() => chartRows(series?.points ?? [], intervalMs), [series, intervalMs]);
  const use = watchUse(status);
  const loaded = series?.loaded ?? false;
  const { settings } = status;
  return (
    <Section title="Readings">
      <SegmentedControl
        size="xs"
        aria-label="Time span of the readings"
        value={range}
        onChange={setRange}
        data={RANGES.map(({ value, label }) => ({ value, label }))}
        style={{ alignSelf: 'flex-start' }}
      />
      <div className={overview.cardHead} style={{ margin: 0 }}>
        <span>CPU</span>
        <span className={overview.value}>
          {status.processes.length === 0 ? '–' : formatPercent(use.cpuPercent)}{' '}
          <span className={overview.unit}>of one core</span>
        </span>
      </div>
      <TimeChart
        label={`CPU of ${status.watch.name}`}
        rows={rows}
        metric="cpuPercent"
        lines={linesOf(settings['cpu.warnPercent'], settings['cpu.limitPercent'])}
        rangeMs={rangeMs}
        format={(value) => `${Math.round(value * 10) / 10} %`}
        height={110}
        loaded={loaded}
      />
      <div className={overview.cardHead} style={{ margin: 0 }}>
        <span>Memory</span>
        <span className={overview.value}>
          {status.processes.length === 0 ? '–' : formatBytes(use.memoryBytes)}{' '}
          <span className={overview.unit}>resident</span>
        </span>
      </div>
      <TimeChart
        label={`Memory of ${status.watch.name}`}
        rows={rows}
        metric="memoryBytes"
        lines={linesOf(settings['memory.warnBytes'], settings['memory.limitBytes'])}
        rangeMs={rangeMs}
        format={formatBytes}
        height={110}
        loaded={loaded}
      />
    </Section>
  );
}

function linesOf(warn: number | null, limit: number | null): ChartLine[] {
  return [
    ...(warn === null ? [] : [{ value: warn, label: 'Warning', tone: 'warn' as const }]),
    ...(limit === null ? [] : [{ value: limit, label: 'Limit', tone: 'bad' as const }]),
  ];
}
