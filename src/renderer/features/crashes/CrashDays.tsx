import { VisuallyHidden } from '@mantine/core';
import { plural } from '../../format/format';
import figure from '../../kit/Figure.module.css';
import { daysText, type CrashDay } from '../../words/present-crash';
import classes from './CrashDays.module.css';

const WIDTH = 560;
const HEIGHT = 120;
/** Size of the text; it grows with the drawing, which is as wide as what it stands in. */
const TEXT = 12;
/** Room for the highest number above and the days below. */
const PLOT = { top: 18, bottom: HEIGHT - 20 };
/** Between two bars. */
const GAP = 4;
/** A day with one crash is seen beside one with a thousand. */
const MIN_BAR = 3;

/** How often a crash occurred on each of the last days, as bars, and as a list for those who don't see them. */
export function CrashDays({ days }: { days: readonly CrashDay[] }) {
  const peak = Math.max(1, ...days.map(({ count }) => count));
  const step = WIDTH / Math.max(1, days.length);
  const highest = days.findLastIndex(({ count }) => count === peak);
  const height = (count: number) => (count === 0 ? 0 : Math.max(MIN_BAR, (count / peak) * (PLOT.bottom - PLOT.top)));
  return (
    <figure className={figure.figure}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Occurrences on each of the last ${plural(days.length, 'day')}`}
        className={figure.plot}
      >
        <line x1={0} x2={WIDTH} y1={PLOT.bottom + 0.5} y2={PLOT.bottom + 0.5} className={figure.axis} />
        {days.map(({ name, count }, at) => (
          <rect
            key={name}
            x={at * step + GAP / 2}
            y={PLOT.bottom - height(count)}
            width={step - GAP}
            height={height(count)}
            className={classes.bar}
          >
            <title>{`${name}: ${count}`}</title>
          </rect>
        ))}
        {highest === -1 ? null : (
          <text x={(highest + 0.5) * step} y={PLOT.top - 5} textAnchor="middle" fontSize={TEXT} className={figure.text}>
            {peak}
          </text>
        )}
        <text x={0} y={HEIGHT - 5} fontSize={TEXT} className={figure.text}>
          {days[0]?.name}
        </text>
        <text x={WIDTH} y={HEIGHT - 5} textAnchor="end" fontSize={TEXT} className={figure.text}>
          {days.at(-1)?.name}
        </text>
      </svg>
      <figcaption className={figure.legend}>{daysText(days)}. Days begin at midnight UTC.</figcaption>
      <VisuallyHidden component="div">
        <ul aria-label="Days with this crash">
          {days
            .filter(({ count }) => count > 0)
            .map(({ name, count }) => (
              <li key={name}>{`${name}: ${plural(count, 'time')}`}</li>
            ))}
        </ul>
      </VisuallyHidden>
    </figure>
  );
}
