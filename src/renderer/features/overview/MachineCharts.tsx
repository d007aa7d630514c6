import { useMemo } from 'react';
import { formatBytes, formatPercent, formatSpan } from '../../lib/format';
import { useAppState } from '../../lib/use-app';
import { useSeries } from '../../lib/use-series';
import { chartRows, machineCpuPercent } from '../../store/series';
import { TimeChart } from '../../ui/TimeChart';
import classes from './OverviewTab.module.css';

/** Time spans that charts can show. */
export const RANGES = [
  { value: String(15 * 60_000), label: '15 min' },
  { value: String(60 * 60_000), label: '1 h' },
  { value: String(24 * 60 * 60_000), label: '24 h' },
] as const;

/** CPU and memory of the whole machine, live. */
export function MachineCharts({ rangeMs }: { rangeMs: number }) {
  const machine = useAppState((state) => state.live.machine);
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  const series = useSeries(null, rangeMs);
  const rows = useMemo(() => chartRows(series?.points ?? [], intervalMs), [series, intervalMs]);
  const loaded = series?.loaded ?? false;
  const cores = machine?.corePercents.length ?? 0;
  return (
    <div className={classes.charts}>
      <section className={classes.card}>
        <div className={classes.cardHead}>
          <h2>CPU</h2>
          <span className={classes.value}>
            {machine === null ? '–' : formatPercent(machineCpuPercent(machine))}{' '}
            <span className={classes.unit}>of {cores === 1 ? 'one core' : `all ${cores} cores`}</span>
          </span>
        </div>
        <TimeChart
          label="CPU of the machine"
          rows={rows}
          metric="cpuPercent"
          rangeMs={rangeMs}
          max={100}
          format={(value) => `${Math.round(value)} %`}
          loaded={loaded}
        />
        <div className={classes.facts}>
          <span>
            Load {machine === null ? '–' : machine.loadAverages.map((load) => load.toFixed(2)).join(' · ')} (1, 5, 15
            min)
          </span>
          <span>{machine?.processes ?? '–'} processes</span>
          <span>Up {machine === null ? '–' : formatSpan(machine.uptimeSeconds * 1000)}</span>
        </div>
      </section>
      <section className={classes.card}>
        <div className={classes.cardHead}>
          <h2>Memory</h2>
          <span className={classes.value}>
            {machine === null ? '–' : formatBytes(machine.memoryUsedBytes)}{' '}
            <span className={classes.unit}>of {machine === null ? '–' : formatBytes(machine.memoryTotalBytes)}</span>
          </span>
        </div>
        <TimeChart
          label="Memory of the machine in use"
          rows={rows}
          metric="memoryBytes"
          rangeMs={rangeMs}
          {...(machine === null ? {} : { max: machine.memoryTotalBytes })}
          format={formatBytes}
          loaded={loaded}
        />
        <div className={classes.facts}>
          <span>
            {machine === null || machine.swapTotalBytes === 0
              ? 'No swap'
              : `Swap ${formatBytes(machine.swapUsedBytes)} of ${formatBytes(machine.swapTotalBytes)}`}
          </span>
        </div>
      </section>
    </div>
  );
}
