import { downsample, splitAtGaps } from '../../../shared/lib/format/downsample';
import type { LocalTimes } from '../../../shared/lib/format/local-time';
import { formatBytes, formatPercent } from '../../../shared/lib/format/values';
import type { MailChart } from '../../../shared/model/mail-view';
import type { Settings } from '../../../shared/model/settings';
import type { HistoryPoint } from '../../../shared/model/snapshot';
import type { InlinePicture } from '../message';
import { CHART_WIDTH, chartHeight, drawChart, inkColor, type ChartPanel } from './chart-png';

/** How long before the event a chart begins. */
const BEFORE_MS = 600_000;
/** An incident that goes on for days is shown by its end. */
const MAX_MS = 7_200_000;
/** Readings that are asked for: more than this width can show would be noise. */
export const CHART_POINTS = 240;
/** Pictures that are larger are drawn again from fewer readings. */
const LARGEST_BYTES = 20_000;
const CID = 'chart@healdeck';

/** What a chart shows: the time around an event. */
export interface ChartSpan {
  from: number;
  to: number;
  eventAt: number;
}

/** From ten minutes before an event until now, in ms since the epoch. */
export function chartSpan(eventAt: number, now: number): ChartSpan {
  return { from: Math.max(eventAt - BEFORE_MS, now - MAX_MS), to: now, eventAt };
}

/** The chart of a message, or null when there is too little to draw. `src` gives the address by which the HTML refers to a picture. */
export function chartOf(
  points: readonly HistoryPoint[],
  span: ChartSpan,
  settings: Settings,
  times: LocalTimes,
  src: (picture: InlinePicture) => string,
): { chart: MailChart; picture: InlinePicture } | null {
  const inside = points.filter(({ at }) => at >= span.from && at <= span.to);
  if (inside.length < 2) return null;
  const mark = span.eventAt >= span.from ? span.eventAt : null;
  const intervalMs = settings['sampling.intervalMs'];
  const draw = (maxPoints: number): { png: Uint8Array; curves: readonly Curve[]; runs: Runs } => {
    const runs = splitAtGaps(downsample(inside, maxPoints), { intervalMs, maxPoints });
    const curves = curvesOf(runs, settings);
    return { png: drawChart({ ...span, mark, panels: curves.map(({ panel }) => panel) }), curves, runs };
  };
  let drawn = draw(CHART_POINTS);
  for (let maxPoints = CHART_POINTS / 2; drawn.png.length > LARGEST_BYTES && maxPoints >= 15; maxPoints /= 2) {
    drawn = draw(maxPoints);
  }
  const { png, curves, runs } = drawn;
  const [from, to] = [times.short(span.from), times.short(span.to)];
  const alt = [
    ...curves.map(({ name, range, limit }) => `${name} ${range}${limit === '' ? '' : `, limit ${limit}`}`),
    `from ${from} to ${to} (${times.zone})${mark === null ? '' : `, the event at ${times.short(mark)}`}`,
    ...gapsBetween(runs).map(([start, end]) => `no readings from ${times.short(start)} to ${times.short(end)}`),
  ].join('; ');
  const picture: InlinePicture = {
    cid: CID,
    contentType: 'image/png',
    base64: Buffer.from(png).toString('base64'),
    alt,
  };
  const chart: MailChart = {
    src: src(picture),
    alt,
    width: String(CHART_WIDTH),
    height: String(chartHeight(curves.length)),
    panels: curves.map(({ name, scale, range, limit, panel }) => ({
      ...{ name, scale, range, limit, color: inkColor(panel.ink) },
      spark: sparkOf(panel, span),
    })),
    from,
    mark: mark === null ? '' : times.short(mark),
    to,
  };
  return { chart, picture };
}

interface Curve {
  name: string;
  scale: string;
  range: string;
  limit: string;
  panel: ChartPanel;
}

type Runs = readonly (readonly HistoryPoint[])[];

function curvesOf(runs: Runs, settings: Settings): Curve[] {
  const values = (of: (point: HistoryPoint) => number): ChartPanel['runs'] =>
    runs.map((run) => run.map((point) => ({ at: point.at, value: of(point) })));
  return [
    curveOf(
      'CPU',
      'cpu',
      values(({ cpuPercent }) => cpuPercent),
      settings['cpu.limitPercent'],
    ),
    curveOf(
      'Memory',
      'memory',
      values(({ memoryBytes }) => memoryBytes),
      settings['memory.limitBytes'],
    ),
  ];
}

function curveOf(name: string, ink: 'cpu' | 'memory', runs: ChartPanel['runs'], limit: number | null): Curve {
  const write = ink === 'cpu' ? formatPercent : formatBytes;
  const unit = ink === 'cpu' ? ' of one core' : '';
  const values = runs.flat().map(({ value }) => value);
  const [low, high, last] = [Math.min(...values), Math.max(...values), values.at(-1) ?? 0];
  // A limit that is far above would press the curve flat: then only the text names it.
  const top = roundUp(limit !== null && limit <= 3 * high ? Math.max(high, limit * 1.05) : high);
  return {
    name,
    scale: `0 to ${write(top)}`,
    range: `${write(low)} to ${write(high)}${unit}, last ${write(last)}`,
    limit: limit === null ? '' : write(limit),
    panel: { runs, top, limit, ink },
  };
}

/** The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8].find((step) => step * power >= value) ?? 10) * power;
}

/** At most three: this is for a sentence. */
function gapsBetween(runs: Runs): (readonly [start: number, end: number])[] {
  return runs.slice(1, 4).map((run, index) => [runs[index]?.at(-1)?.at ?? 0, run[0]?.at ?? 0]);
}

const BLOCKS = '▁▂▃▄▅▆▇█';
const SPARK_COLUMNS = 48;

/** The highest readings, column by column, for those who read text only; a gap is a space. */
function sparkOf({ runs, top }: ChartPanel, { from, to }: ChartSpan): string {
  const highest = Array<number | null>(SPARK_COLUMNS).fill(null);
  for (const { at, value } of runs.flat()) {
    const column = Math.min(SPARK_COLUMNS - 1, Math.floor(((at - from) / Math.max(1, to - from)) * SPARK_COLUMNS));
    highest[column] = Math.max(highest[column] ?? 0, value);
  }
  const block = (value: number): string => BLOCKS.charAt(Math.min(7, Math.floor((value / top) * 8)));
  return highest.map((value) => (value === null ? ' ' : block(value))).join('');
}
