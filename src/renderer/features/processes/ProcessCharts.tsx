import { useMemo } from 'react';
import { ofOneCore } from '../../../shared/lib/format/of-one-core';
import type { ProcessIdentity, ProcessRow } from '../../../shared/model/process';
import { formatBytes, formatPercent } from '../../format/format';
import { useAppState } from '../../hooks/use-app';
import { useCores } from '../../hooks/use-cores';
import { useProcessReadings } from './use-process-readings';
import { chartRows } from '../../store/series';
import { Section } from '../../kit/Facts';
import { ChartHead } from '../../kit/ChartCard';
import { TimeChart } from '../../kit/TimeChart';

/** The least that an axis spans: the first seconds must not fill it. */
const MIN_MS = 60_000;
const RECORDED_EVERY_MS = 10_000;

/** CPU and memory of one process: what was recorded, and since its details were opened. */
export function ProcessCharts({ identity, now }: { identity: ProcessIdentity; now: ProcessRow }) {
  const { past, live } = useProcessReadings(identity);
  const cores = useCores();
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  // Each at its own distance: what is usual for one would be a gap in the other.
  const rows = useMemo(
    () => [...chartRows(past, RECORDED_EVERY_MS), ...chartRows(live, intervalMs)],
    [past, live, intervalMs],
  );
  const rangeMs = Math.max(MIN_MS, (rows.at(-1)?.at ?? 0) - (rows[0]?.at ?? 0));
  const shared = { rows, rangeMs, height: 96, loaded: true };
  return (
    <Section title="Readings">
      <ChartHead
        title="CPU"
        value={formatPercent(now.cpuPercent)}
        unit={ofOneCore(now.cpuPercent, cores, formatPercent)}
      />
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
