import { formatDuration, formatReading } from '../format/format';
import type { Evidence } from '../../shared/lib/events/evidence';
import figure from '../kit/Figure.module.css';
import classes from './EvidenceChart.module.css';

const WIDTH = 560;
const HEIGHT = 170;
/** Size of the text; it grows with the drawing, which is as wide as what it stands in. */
const TEXT = 12;
/** Room for the axis on the left, the time below and half a mark at the other sides. */
const PLOT = { left: 8, right: WIDTH - 8, top: 12, bottom: HEIGHT - 24 };

/** The readings that an event was judged by, and the line they were held against. `end`: what happened at the last one. */
export function EvidenceChart({ evidence, end = 'evaluated here' }: { evidence: Evidence; end?: string }) {
  const { readings, unit, threshold, thresholdName } = evidence;
  const last = readings.at(-1);
  if (last === undefined) return null;
  const values = readings.map((reading) => reading.value);
  // A little room above the highest of them; never nothing to divide by.
  const top = Math.max(...values, threshold ?? 0, 1e-9) * 1.1;
  const y = (value: number) => PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top);
  const x = placesOf(readings);
  const points = readings.map(({ value }, index) => ({ x: x[index] ?? PLOT.right, y: y(value), value }));
  const line = threshold === null ? '' : `; ${thresholdName} ${formatReading(threshold, unit)}`;
  const label = `${readings.length} readings, the last ${formatReading(last.value, unit)}${line}`;
  return (
    <figure className={figure.figure}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} className={figure.plot}>
        <line x1={PLOT.left} x2={PLOT.right} y1={PLOT.bottom} y2={PLOT.bottom} className={figure.axis} />
        {threshold === null ? null : (
          <line x1={PLOT.left} x2={PLOT.right} y1={y(threshold)} y2={y(threshold)} className={classes.threshold} />
        )}
        <polyline points={points.map((point) => `${point.x},${point.y}`).join(' ')} className={classes.curve} />
        {points.map((point, index) => (
          <circle
            key={index}
            cx={point.x}
            cy={point.y}
            r={3.5}
            className={classes.reading}
            data-above={(threshold !== null && point.value > threshold) || undefined}
          >
            <title>{formatReading(point.value, unit)}</title>
          </circle>
        ))}
        <text x={PLOT.left} y={HEIGHT - 6} fontSize={TEXT} className={figure.text}>
          {spanBefore(evidence)}
        </text>
        <text x={PLOT.right} y={HEIGHT - 6} textAnchor="end" fontSize={TEXT} className={figure.text}>
          {end}
        </text>
      </svg>
      <figcaption className={`${figure.legend} ${classes.legend}`}>
        <span>
          <span className={classes.dot} aria-hidden="true" /> Readings, from {formatReading(Math.min(...values), unit)}{' '}
          to {formatReading(Math.max(...values), unit)}
        </span>
        {threshold === null ? null : (
          <span>
            <span className={classes.dash} aria-hidden="true" /> {capital(thresholdName)}{' '}
            {formatReading(threshold, unit)}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

/** Where each reading stands from left to right: by its time, or by its place in the row where there is none. */
function placesOf(readings: Evidence['readings']): number[] {
  const width = PLOT.right - PLOT.left;
  const ats = readings.map((reading, index) => reading.at ?? index);
  const [first, last] = [ats[0] ?? 0, ats.at(-1) ?? 0];
  return ats.map((at) => (last > first ? PLOT.left + ((at - first) / (last - first)) * width : PLOT.right));
}

function spanBefore({ readings }: Evidence): string {
  const [first, last] = [readings[0]?.at ?? null, readings.at(-1)?.at ?? null];
  if (first === null || last === null) return readings.length > 1 ? `${readings.length - 1} readings before` : '';
  return last > first ? `${formatDuration(last - first)} before` : '';
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
