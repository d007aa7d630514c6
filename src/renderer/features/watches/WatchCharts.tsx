import { Fragment, useMemo } from 'react';
import { ofOneCore } from '../../../shared/lib/format/of-one-core';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { shownMetrics } from '../../words/counted-metrics';
import { shownDirections } from '../../words/disk-rates';
import { formatBytes, formatCount, formatPercent, formatRate } from '../../format/format';
import { fittingSpan } from '../../format/ranges';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { useCores } from '../../hooks/use-cores';
import { useMarkedEvents } from './use-marked-events';
import { useSeries } from '../../hooks/use-series';
import { chartRows } from '../../store/series';
import { ChartHead } from '../../kit/ChartCard';
import { EventMarks } from '../../parts/EventMarks';
import { Section } from '../../kit/Facts';
import { RangeControl } from '../../kit/RangeControl';
import { TimeChart, type ChartLine } from '../../kit/TimeChart';
import classes from './WatchCharts.module.css';

/** CPU and memory of a watch over time, and what it reads and writes where a limit asks for it, with the levels at which it is warned about and acted on, and marks of what happened. */
export function WatchCharts({ status }: { status: WatchStatus }) {
  const { ui } = useApp();
  const { watchRangeMs: rangeMs } = useUiState((state) => state.charts);
  const series = useSeries(status.watch.id, rangeMs);
  const events = useMarkedEvents(status.watch.name, rangeMs);
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  const rows = useMemo(() => chartRows(series?.points ?? [], intervalMs), [series, intervalMs]);
  const { use, settings, watch } = status;
  const cores = useCores();
  const spanMs = fittingSpan(rows, rangeMs);
  const shared = { rows, rangeMs: spanMs, height: 120, loaded: series?.loaded ?? false };
  const isUp = status.processes.length > 0;
  const end = rows.at(-1)?.at;
  const span = end === undefined ? null : { from: end - spanMs, to: end };
  return (
    <Section title="Readings">
      <RangeControl
        label="Time span of the readings"
        rangeMs={rangeMs}
        onChange={(ms) => ui.arrangeCharts({ watchRangeMs: ms })}
      />
      <div className={classes.charts}>
        <ChartHead
          title="CPU"
          value={isUp ? formatPercent(use.cpuPercent) : '–'}
          unit={isUp ? ofOneCore(use.cpuPercent, cores, formatPercent) : 'of one core'}
        />
        <EventMarks events={events} span={span}>
          <TimeChart
            {...shared}
            label={`CPU of ${watch.name}`}
            metric="cpuPercent"
            lines={levelLines(settings['cpu.warnPercent'], settings['cpu.limitPercent'])}
            format={(value) => `${Math.round(value * 10) / 10} %`}
          />
        </EventMarks>
        <ChartHead title="Memory" value={isUp ? formatBytes(use.memoryBytes) : '–'} unit="resident" />
        <EventMarks events={events} span={span}>
          <TimeChart
            {...shared}
            label={`Memory of ${watch.name}`}
            metric="memoryBytes"
            lines={levelLines(settings['memory.warnBytes'], settings['memory.limitBytes'])}
            format={formatBytes}
          />
        </EventMarks>
        {shownDirections(settings, rows).map(({ metric, title, unit, warn, limit }) => (
          <Fragment key={metric}>
            <ChartHead title={title} value={rateNow(use[metric])} unit={unit} />
            <EventMarks events={events} span={span}>
              <TimeChart
                {...shared}
                label={`${title} of ${watch.name}`}
                metric={metric}
                lines={levelLines(settings[warn], settings[limit])}
                format={formatRate}
                formatAxis={formatBytes}
              />
            </EventMarks>
          </Fragment>
        ))}
        {shownMetrics(settings, rows).map(({ metric, chart: { title }, noun, keys }) => (
          <Fragment key={metric}>
            <ChartHead title={title} value={countNow(use.counts?.[metric])} unit={noun} />
            <EventMarks events={events} span={span}>
              <TimeChart
                {...shared}
                label={`${title} of ${watch.name}`}
                metric={`counts.${metric}`}
                lines={levelLines(keys.warn === null ? null : settings[keys.warn], settings[keys.act])}
                format={(value) => formatCount(Math.round(value))}
              />
            </EventMarks>
          </Fragment>
        ))}
      </div>
    </Section>
  );
}

function rateNow(rate: number | undefined): string {
  return rate === undefined ? '–' : formatRate(rate);
}

function countNow(count: number | undefined): string {
  return count === undefined ? '–' : formatCount(count);
}

/** The lines at which a watch is warned about and acted on; nulls for none. */
export function levelLines(warn: number | null, limit: number | null): ChartLine[] {
  return [
    ...(warn === null ? [] : [{ value: warn, label: 'Warning', tone: 'warn' as const }]),
    ...(limit === null ? [] : [{ value: limit, label: 'Limit', tone: 'bad' as const }]),
  ];
}
