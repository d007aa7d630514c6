import { AreaChart } from '@mantine/charts';
import { memo, useDeferredValue } from 'react';
import { Area } from 'recharts';
import type { LimitMetric } from '../../shared/findings';
import { formatClock, formatDay, formatDuration, formatInstant } from '../format/format';
import { rangeWords } from '../format/ranges';
import { rem, useTextScale } from '../format/text-scale';
import { niceCeiling, timeTicks } from '../format/ticks';
import type { ChartRow, Series } from '../store/series';
import classes from './TimeChart.module.css';

/** A level that readings are held against. */
export interface ChartLine {
  value: number;
  /** What happens there: "Limit", "Warning". */
  label: string;
  tone: 'warn' | 'bad';
}

const NO_LINES: readonly ChartLine[] = [];
const NO_ROWS: readonly ChartRow[] = [];

/** What is drawn of a reading. */
export type Metric = OwnMetric | `counts.${LimitMetric}`;
type OwnMetric =
  | ('cpuPercent' | 'memoryBytes' | 'load' | 'diskReadBytesPerSecond' | 'diskWriteBytesPerSecond')
  | 'latencyMs';

const COLORS: Readonly<Record<OwnMetric, string>> = {
  cpuPercent: 'var(--hd-cpu)',
  memoryBytes: 'var(--hd-memory)',
  load: 'var(--hd-load)',
  diskReadBytesPerSecond: 'var(--hd-disk)',
  diskWriteBytesPerSecond: 'var(--hd-disk)',
  latencyMs: 'var(--hd-cpu)',
};

/** The least that an axis reaches up to. */
const LEAST_TOP: Readonly<Record<OwnMetric, number>> = {
  cpuPercent: 5,
  memoryBytes: 1e6,
  load: 1,
  diskReadBytesPerSecond: 1e5,
  diskWriteBytesPerSecond: 1e5,
  latencyMs: 4,
};

/** Of what is counted. */
const COUNT_COLOR = 'var(--hd-load)';
const COUNT_TOP = 4;

/** Sizes in px at the normal text size. Room that the values of the axis take, and the one at the other side: what lies over a chart keeps to them. */
export const CHART_INSET = { left: 68, right: 8 } as const;

const TEXT = 12;
/** Room that the times of the axis take. */
const AXIS_HEIGHT = 30;

interface TimeChartProps {
  /** What is drawn, for those who can't see it: "CPU of the machine". */
  label: string;
  rows: readonly ChartRow[];
  metric: Metric;
  /** Time span of the axis; it ends at the newest reading. */
  rangeMs: number;
  /** Top of the axis; without it, a round number above the highest reading. */
  max?: number;
  format: (value: number) => string;
  /** How the axis, which has little room, writes them; as everywhere else where it is not given. */
  formatAxis?: (value: number) => string;
  /** Levels drawn across the chart; the axis reaches up to them. */
  lines?: readonly ChartLine[];
  /** In px at the normal text size. */
  height?: number;
  loaded: Series['loaded'];
}

/**
 * Readings over time as a filled curve, with a band from lowest to highest where a point stands for several; times without
 * readings are gaps. It never animates: it moves with the data.
 */
export function TimeChart(props: TimeChartProps) {
  // Drawn as a transition, which gives way to clicks and keys: a chart is the dearest thing in the window.
  return <Curve {...useDeferredValue(props, { ...props, rows: NO_ROWS, loaded: false })} />;
}

const Curve = memo(function Curve(props: TimeChartProps) {
  const {
    label,
    rows,
    metric,
    rangeMs,
    max,
    format,
    formatAxis = format,
    lines = NO_LINES,
    height = 120,
    loaded,
  } = props;
  const scale = useTextScale();
  const newest = rows.at(-1);
  if (newest === undefined) {
    return (
      <div className={classes.empty} style={{ height: rem(height) }}>
        {loaded ? 'No readings in this time' : 'Reading the history…'}
      </div>
    );
  }
  const color = isCount(metric) ? COUNT_COLOR : COLORS[metric];
  const text = { fontSize: TEXT * scale, fill: 'currentColor' };
  const domain: [number, number] = [newest.at - rangeMs, newest.at];
  const highest = Math.max(
    ...rows.map((row) => bandOf(row, metric)?.[1] ?? valueOf(row, metric) ?? 0),
    ...lines.map((line) => line.value),
  );
  const top = max ?? niceCeiling(highest, isCount(metric) ? COUNT_TOP : LEAST_TOP[metric]);
  const now = valueOf(newest, metric) ?? null;
  const hasBand = rows.some((row) => bandOf(row, metric) !== null);
  const description = `${label}, ${rangeWords(rangeMs)}${now === null ? '' : `, now ${format(now)}`}${lines
    .map((line) => `, ${line.label.toLowerCase()} ${format(line.value)}`)
    .join('')}`;
  return (
    <figure className={classes.figure} role="img" aria-label={description}>
      <AreaChart
        h={height}
        data={rows as ChartRow[]}
        dataKey="at"
        series={[{ name: metric, color }]}
        withDots={false}
        connectNulls={false}
        curveType="linear"
        strokeWidth={1.75}
        fillOpacity={0.16}
        gridAxis="x"
        tickLine="none"
        strokeDasharray="2 4"
        gridColor="var(--hd-line)"
        textColor="var(--mantine-color-dimmed)"
        referenceLines={lines.map((line) => ({
          y: line.value,
          color: `var(--hd-${line.tone})`,
          label: { value: `${line.label} ${format(line.value)}`, fontSize: TEXT * scale },
          // At different ends, so that levels close to each other stay readable.
          labelPosition: line.tone === 'bad' ? 'insideTopLeft' : 'insideTopRight',
          strokeDasharray: line.tone === 'bad' ? '7 4' : '2 4',
        }))}
        areaProps={{ isAnimationActive: false }}
        areaChartProps={{
          accessibilityLayer: false,
          margin: { top: 6 * scale, right: CHART_INSET.right * scale, bottom: 0, left: 0 },
        }}
        xAxisProps={{
          type: 'number',
          scale: 'time',
          domain,
          ticks: timeTicks(domain[0], domain[1]),
          tickFormatter: (at: number) =>
            rangeMs > 36 * 3_600_000 ? formatDay(at) : formatClock(at, rangeMs < 3 * 60_000),
          allowDataOverflow: true,
          interval: 'equidistantPreserveStart',
          minTickGap: 12 * scale,
          height: AXIS_HEIGHT * scale,
          tick: { ...text, transform: `translate(0, ${10 * scale})` },
        }}
        yAxisProps={{
          domain: [0, top],
          ticks: [0, top / 2, top],
          tickFormatter: (value: number) => formatAxis(value).replace(' ', '\u00a0'),
          width: CHART_INSET.left * scale,
          interval: 0,
          tick: { ...text, transform: `translate(${-10 * scale}, 0)` },
        }}
        tooltipProps={{
          isAnimationActive: false,
          content: ({ payload }) => {
            const row = payload?.[0]?.payload as ChartRow | undefined;
            const value = row === undefined ? null : valueOf(row, metric);
            if (row === undefined || value === null || value === undefined) return null;
            const band = bandOf(row, metric);
            return (
              <div className={classes.tooltip}>
                <strong>{format(value)}</strong> · {formatInstant(row.at, 'second')}
                {band === null ? null : (
                  <div>
                    {format(band[0])} to {format(band[1])} in {formatDuration(row.spread?.spanMs ?? 0)}
                  </div>
                )}
              </div>
            );
          },
        }}
      >
        {hasBand ? (
          <Area
            dataKey={(row: ChartRow) => bandOf(row, metric)}
            stroke="none"
            fill={color}
            fillOpacity={0.22}
            isAnimationActive={false}
            connectNulls={false}
            activeDot={false}
            tooltipType="none"
          />
        ) : null}
      </AreaChart>
    </figure>
  );
});

/** Lowest and highest of the readings that a row stands for; null for a single one. */
function bandOf({ spread }: ChartRow, metric: Metric): readonly [number, number] | null {
  if (metric === 'load') return null;
  return (isCount(metric) ? spread?.counts?.[counted(metric)] : spread?.[metric]) ?? null;
}

/** The name is the path of the value in a row. */
function valueOf(row: ChartRow, metric: Metric): number | null | undefined {
  return isCount(metric) ? row.counts?.[counted(metric)] : row[metric];
}

function isCount(metric: Metric): metric is `counts.${LimitMetric}` {
  return metric.startsWith('counts.');
}

function counted(metric: `counts.${LimitMetric}`): LimitMetric {
  return metric.slice('counts.'.length) as LimitMetric;
}
