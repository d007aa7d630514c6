import { UnstyledButton } from '@mantine/core';
import { Fragment, memo, useMemo, useState } from 'react';
import { ofOneCore } from '../../../shared/lib/format/of-one-core';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { shownMetrics } from '../../words/counted-metrics';
import { shownDirections } from '../../words/disk-rates';
import { formatBytes, formatCount, formatPercent, formatRate } from '../../format/format';
import { openEvent } from '../../hooks/open-event';
import { EVENT_WORDS } from '../../words/present-event';
import { RANGES } from '../../format/ranges';
import { useApp, useAppState } from '../../hooks/use-app';
import { useCores } from '../../hooks/use-cores';
import { navigate } from '../../hooks/use-route';
import { useMarkedEvents } from './use-marked-events';
import { useSeries } from '../../hooks/use-series';
import { chartRows } from '../../store/series';
import { ChartHead } from '../../kit/ChartCard';
import { Clip } from '../../kit/Clip';
import { EventMarks } from '../../parts/EventMarks';
import { Section } from '../../kit/Facts';
import { RangeControl } from '../../kit/RangeControl';
import { SeverityMark } from '../../parts/SeverityMark';
import { Ago } from '../../kit/times';
import { TimeChart, type ChartLine } from '../../kit/TimeChart';
import classes from './WatchCharts.module.css';

/** CPU and memory of a watch over time, and what it reads and writes where a limit asks for it, with the levels at which it is warned about and acted on, and what happened. */
export function WatchCharts({ status }: { status: WatchStatus }) {
  const [rangeMs, setRange] = useState<number>(RANGES[1].rangeMs);
  const series = useSeries(status.watch.id, rangeMs);
  const events = useMarkedEvents(status.watch.name, rangeMs);
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  const rows = useMemo(() => chartRows(series?.points ?? [], intervalMs), [series, intervalMs]);
  const { use, settings, watch } = status;
  const cores = useCores();
  const shared = { rows, rangeMs, height: 120, loaded: series?.loaded ?? false };
  const isUp = status.processes.length > 0;
  const end = rows.at(-1)?.at;
  const span = end === undefined ? null : { from: end - rangeMs, to: end };
  return (
    <Section title="Readings">
      <RangeControl label="Time span of the readings" rangeMs={rangeMs} onChange={setRange} />
      <div className={classes.grid}>
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
        <MarkedEvents watch={watch.name} events={events} />
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

/** More than anybody reads beside a chart. */
const LISTED = 50;

/** The events that are marked on the charts, newest first: each opens its incident. Those before are in the log. */
const MarkedEvents = memo(function MarkedEvents({
  watch,
  events,
}: {
  watch: string;
  events: readonly HealdeckEvent[];
}) {
  const { ui } = useApp();
  const listed = events.slice(-LISTED);
  const [first] = listed;
  const openLog = () => {
    ui.viewLog({ text: '', types: [], watch, untilAt: first === undefined ? null : Date.parse(first.at) });
    navigate({ tab: 'log', item: null });
  };
  return (
    <section className={classes.events} aria-label="Marked on the charts" tabIndex={0}>
      <h4>Marked on the charts</h4>
      {events.length === 0 ? <p>Nothing went wrong in this time.</p> : null}
      <ol>
        {listed.toReversed().map((event) => (
          <li key={event.id}>
            <UnstyledButton className={classes.event} onClick={() => openEvent(ui, event)}>
              <Clip text={event.message} />
              <span className={classes.meta}>
                <SeverityMark severity={event.severity} /> {EVENT_WORDS[event.type]}, <Ago at={Date.parse(event.at)} />
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ol>
      {events.length > listed.length ? (
        <UnstyledButton className={classes.event} onClick={openLog}>
          {formatCount(events.length - listed.length)} before that, in the log
        </UnstyledButton>
      ) : null}
    </section>
  );
});

/** The lines at which a watch is warned about and acted on; nulls for none. */
export function levelLines(warn: number | null, limit: number | null): ChartLine[] {
  return [
    ...(warn === null ? [] : [{ value: warn, label: 'Warning', tone: 'warn' as const }]),
    ...(limit === null ? [] : [{ value: limit, label: 'Limit', tone: 'bad' as const }]),
  ];
}
