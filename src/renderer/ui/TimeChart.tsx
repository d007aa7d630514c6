import { AreaChart } from '@mantine/charts';
import { formatClock, formatInstant } from '../lib/format';
import { niceCeiling, timeTicks } from '../lib/ticks';
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

interface TimeChartProps {
  /** What is drawn, for those who can't see it: "CPU of the machine". */
  label: string;
  rows: readonly ChartRow[];
  metric: 'cpuPercent' | 'memoryBytes';
  /** Time span of the axis; it ends at the newest reading. */
  rangeMs: number;
  /** Top of the axis; without it, a round number above the highest reading. */
  max?: number;
  format: (value: number) => string;
  /** Levels drawn across the chart; the axis reaches up to them. */
  lines?: readonly ChartLine[];
  height?: number;
  loaded: Series['loaded'];
}

/** Readings over time as a filled curve; times without readings are gaps. It never animates: it moves with the data. */
export function TimeChart(props: TimeChartProps) {
  const { label, rows, metric, rangeMs, max, format, lines = NO_LINES, height = 120, loaded } = props;
  const newest = rows.at(-1);
  if (newest === undefined) {
    return (
      <div className={classes.empty} style={{ height }}>
        {loaded ? 'No readings in this time' : 'Reading the history…'}
      </div>
    );
  }
  const color = metric === 'cpuPercent' ? 'var(--hd-cpu)' : 'var(--hd-memory)';
  const domain: [number, number] = [newest.at - rangeMs, newest.at];
  const highest = Math.max(...rows.map((row) => row[metric] ?? 0), ...lines.map((line) => line.value));
  const top = max ?? niceCeiling(highest, metric === 'cpuPercent' ? 5 : 1e6);
  const now = newest[metric];
  const description = `${label}, last ${Math.round(rangeMs / 60_000)} minutes${now === null ? '' : `, now ${format(now)}`}${lines
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
          label: `${line.label} ${format(line.value)}`,
          labelPosition: 'insideTopLeft',
          strokeDasharray: line.tone === 'bad' ? '7 4' : '2 4',
        }))}
        areaProps={{ isAnimationActive: false }}
        areaChartProps={{ accessibilityLayer: false, margin: { top: 6, right: 8, bottom: 0, left: 0 } }}
        xAxisProps={{
          type: 'number',
          scale: 'time',
          domain,
          ticks: timeTicks(domain[0], domain[1]),
          tickFormatter: (at: number) => formatClock(at, rangeMs < 10 * 60_000),
          allowDataOverflow: true,
          interval: 0,
          minTickGap: 0,
        }}
        yAxisProps={{
          domain: [0, top],
          ticks: [0, top / 2, top],
          tickFormatter: (value: number) => format(value).replace(' ', '\u00a0'),
          width: 68,
          interval: 0,
        }}
        tooltipProps={{
          isAnimationActive: false,
          content: ({ payload }) => {
            const row = payload?.[0]?.payload as ChartRow | undefined;
            const value = row?.[metric];
            if (row === undefined || value === null || value === undefined) return null;
            return (
              <div className={classes.tooltip}>
                <strong>{format(value)}</strong> · {formatInstant(row.at).slice(0, 19)}
              </div>
            );
          },
        }}
      />
    </figure>
  );
}
