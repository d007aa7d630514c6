import { rem } from '../format/text-scale';
const WIDTH = 72;
const HEIGHT = 22;

/** A small curve beside a number; it shows nothing that the number and the charts don't, so it is hidden from screen readers. */
export function Trend({ values, length }: { values: readonly number[]; length: number }) {
  // Nothing to draw of what has not used anything.
  const isFlat = values.every((value) => value === 0);
  const peak = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, length - 1);
  const points = values
    .map((value, index) => {
      const x = WIDTH - (values.length - 1 - index) * step;
      return `${x},${HEIGHT - 2 - (value / peak) * (HEIGHT - 4)}`;
    })
    .join(' ');
  return (
    <svg
      width={rem(WIDTH)}
      height={rem(HEIGHT)}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      style={{ display: 'block' }}
    >
      <polyline
        points={isFlat ? '' : points}
        fill="none"
        stroke="var(--hd-cpu)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  );
}
