import { useMemo, useState } from 'react';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { formatBytes, formatPercent } from '../../lib/format';
import { RANGES } from '../../lib/ranges';
import { useAppState } from '../../lib/use-app';
import { useSeries } from '../../lib/use-series';
import { chartRows } from '../../store/series';
import { ChartHead } from '../../ui/ChartCard';
import { Section } from '../../ui/Facts';
import { RangeControl } from '../../ui/RangeControl';
import { TimeChart, type ChartLine } from '../../ui/TimeChart';

/** CPU and memory of a watch over time, with the levels at which it is warned about and acted on. */
export function WatchCharts({ status }: { status: WatchStatus }) {
  const [rangeMs, setRange] = useState<number>(RANGES[1].rangeMs);
  const series = useSeries(status.watch.id, rangeMs);
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  const rows = useMemo(() => chartRows(series?.points ?? [], intervalMs), [series, intervalMs]);
  const { use } = status;
  const { settings, watch } = status;
  const shared = { rows, rangeMs, height: 110, loaded: series?.loaded ?? false };
  const isUp = status.processes.length > 0;
  return (
    <Section title="Readings">
      <RangeControl label="Time span of the readings" rangeMs={rangeMs} onChange={setRange} />
      <ChartHead title="CPU" value={isUp ? formatPercent(use.cpuPercent) : '–'} unit="of one core" />
      <TimeChart
        {...shared}
        label={`CPU of ${watch.name}`}
        metric="cpuPercent"
        lines={levelLines(settings['cpu.warnPercent'], settings['cpu.limitPercent'])}
        format={(value) => `${Math.round(value * 10) / 10} %`}
      />
      <ChartHead title="Memory" value={isUp ? formatBytes(use.memoryBytes) : '–'} unit="resident" />
      <TimeChart
        {...shared}
        label={`Memory of ${watch.name}`}
        metric="memoryBytes"
        lines={levelLines(settings['memory.warnBytes'], settings['memory.limitBytes'])}
        format={formatBytes}
      />
    </Section>
  );
}

/** The lines at which a watch is warned about and acted on; nulls for none. */
export function levelLines(warn: number | null, limit: number | null): ChartLine[] {
  return [
    ...(warn === null ? [] : [{ value: warn, label: 'Warning', tone: 'warn' as const }]),
    ...(limit === null ? [] : [{ value: limit, label: 'Limit', tone: 'bad' as const }]),
  ];
}
