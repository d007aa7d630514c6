import { UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { machineCpuPercent } from '../../../shared/lib/machine-cpu';
import { formatBytes, formatLoad, formatPercent, plural } from '../../format/format';
import { RANGES } from '../../format/ranges';
import { rem } from '../../format/text-scale';
import { useApp, useAppState } from '../../hooks/use-app';
import { useSeries } from '../../hooks/use-series';
import { Trend } from '../../kit/Trend';
import classes from './MachineStrip.module.css';

const [{ rangeMs: RANGE_MS }] = RANGES;
const NONE: readonly never[] = [];

/** The machine in one line, with its last minutes as small curves; a press opens the charts. */
export function MachineStrip() {
  const { ui } = useApp();
  const machine = useAppState((state) => state.live.machine);
  const points = useSeries(null, RANGE_MS)?.points ?? NONE;
  const cores = machine?.corePercents.length ?? 0;
  const [load = 0] = machine?.loadAverages ?? [];
  const total = machine?.memoryTotalBytes ?? 0;
  return (
    <section aria-label="Machine">
      <UnstyledButton
        className={classes.strip}
        aria-expanded={false}
        title="Show the charts"
        onClick={() => ui.arrangeCharts({ machine: 'charts' })}
      >
        <Reading
          title="CPU"
          value={machine === null ? '–' : formatPercent(machineCpuPercent(machine))}
          of={`of ${plural(cores, 'core')}`}
          values={points.map(({ cpuPercent }) => cpuPercent)}
          top={100}
          color="var(--hd-cpu)"
        />
        <Reading
          title="Memory"
          value={machine === null ? '–' : formatBytes(machine.memoryUsedBytes)}
          of={`of ${formatBytes(total)}`}
          values={points.map(({ memoryBytes }) => memoryBytes)}
          {...(total > 0 ? { top: total } : {})}
          color="var(--hd-memory)"
        />
        <Reading
          title="Load"
          value={machine === null ? '–' : formatLoad(load)}
          of={`on ${plural(cores, 'core')}`}
          values={points.map((point) => point.load ?? 0)}
          color="var(--hd-load)"
        />
        <IconChevronDown size={rem(16)} aria-hidden="true" />
      </UnstyledButton>
    </section>
  );
}

interface ReadingProps {
  title: string;
  value: string;
  of: string;
  values: readonly number[];
  top?: number;
  color: string;
}

function Reading({ title, value, of, values, ...curve }: ReadingProps) {
  return (
    <span className={classes.reading}>
      <span className={classes.words}>
        <span className={classes.title}>{title} </span>
        <strong>{value}</strong> <span className={classes.of}>{of}</span>
      </span>
      <span className={classes.curve}>
        <Trend values={values} length={values.length} {...curve} />
      </span>
    </span>
  );
}
