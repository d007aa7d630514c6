import { useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import { formatBytes, formatLoad, formatPercent, formatSpan, plural } from '../../format/format';
import { fittingSpan } from '../../format/ranges';
import { useAppState } from '../../hooks/use-app';
import { useSeries } from '../../hooks/use-series';
import { chartRows } from '../../store/series';
import { ChartCard } from '../../kit/ChartCard';
import { TimeChart } from '../../kit/TimeChart';
import { DeviceCards } from './DeviceCards';
import classes from './OverviewTab.module.css';
import { machineCpuPercent } from '../../../shared/lib/machine-cpu';

/** CPU, memory and load of the whole machine, live, and what its disks and network move. */
export function MachineCharts({ rangeMs }: { rangeMs: number }) {
  const machine = useAppState((state) => state.live.machine);
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  const series = useSeries(null, rangeMs);
  const rows = useMemo(() => chartRows(series?.points ?? [], intervalMs), [series, intervalMs]);
  const height = useChartHeight();
  const shared = { rows, rangeMs: fittingSpan(rows, rangeMs), height, loaded: series?.loaded ?? false };
  const cores = machine?.corePercents.length ?? 0;
  const [load1 = 0, load5 = 0, load15 = 0] = machine?.loadAverages ?? [];
  return (
    <>
      <div className={classes.charts}>
        <ChartCard
          title="CPU"
          value={machine === null ? '–' : formatPercent(machineCpuPercent(machine))}
          unit={`of ${plural(cores, 'core')}`}
          facts={[
            plural(machine?.processes ?? 0, 'process', 'processes'),
            `up ${formatSpan((machine?.uptimeSeconds ?? 0) * 1000)}`,
          ]}
        >
          <TimeChart
            {...shared}
            label="CPU of the machine"
            metric="cpuPercent"
            max={100}
            format={(value) => `${Math.round(value)} %`}
          />
        </ChartCard>
        <ChartCard
          title="Memory"
          value={machine === null ? '–' : formatBytes(machine.memoryUsedBytes)}
          unit={`of ${formatBytes(machine?.memoryTotalBytes ?? 0)}`}
          facts={[
            machine === null || machine.swapTotalBytes === 0
              ? 'no swap'
              : `swap ${formatBytes(machine.swapUsedBytes)} of ${formatBytes(machine.swapTotalBytes)}`,
          ]}
        >
          <TimeChart
            {...shared}
            label="Memory of the machine in use"
            metric="memoryBytes"
            {...(machine === null ? {} : { max: machine.memoryTotalBytes })}
            format={formatBytes}
          />
        </ChartCard>
        <ChartCard
          title="Load"
          value={machine === null ? '–' : formatLoad(load1)}
          unit={`on ${plural(cores, 'core')}`}
          facts={[`5 min ${formatLoad(load5)}`, `15 min ${formatLoad(load15)}`]}
        >
          <TimeChart {...shared} label="Load of the machine" metric="load" format={formatLoad} />
        </ChartCard>
      </div>
      <DeviceCards />
    </>
  );
}

/** In a low window the charts leave room for the watches below them; in a high one they take what would stay empty. */
function useChartHeight(): number {
  const options = { getInitialValueInEffect: false };
  const isLow = useMediaQuery('(max-height: 47.5em)', false, options);
  const isHigh = useMediaQuery('(min-height: 75em)', false, options);
  if (isLow) return 88;
  return isHigh ? 200 : 120;
}
