import { useMemo } from 'react';
import type { ProcessIdentity, ProcessRow } from '../../../shared/model/process';
import { formatBytes, formatPercent } from '../../lib/format';
import { useAppState } from '../../lib/use-app';
import { useProcessReadings } from '../../lib/use-process-readings';
import { chartRows } from '../../store/series';
import { Section } from '../../ui/Facts';
import { ChartHead } from '../../ui/ChartCard';
import { TimeChart } from '../../ui/TimeChart';

/** The least that an axis spans: the first seconds must not fill it. */
const SHORTEST_MS = 60_000;

/** CPU and memory of one process since its details were opened. */
export function ProcessCharts({ identity, now }: { identity: ProcessIdentity; now: ProcessRow }) {
  const points = useProcessReadings(identity);
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  const rows = useMemo(() => chartRows(points, intervalMs), [points, intervalMs]);
  const rangeMs = Math.max(SHORTEST_MS, (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0));
  const shared = { rows, rangeMs, height: 96, loaded: true };
  return (
    <Section title="Since you opened this">
      <ChartHead title="CPU" value={formatPercent(now.cpuPercent)} unit="of one core" />
      <TimeChart
        {...shared}
        label={`CPU of ${now.name}`}
        metric="cpuPercent"
        format={(value) => `${Math.round(value * 10) / 10} %`}
      />
      <ChartHead title="Memory" value={formatBytes(now.rssBytes)} unit="resident" />
      <TimeChart {...shared} label={`Memory of ${now.name}`} metric="memoryBytes" format={formatBytes} />
    </Section>
  );
}
