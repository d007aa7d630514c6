import { rem } from '../format/text-scale';

const WIDTH = 72;
const HEIGHT = 22;

interface TrendProps {
  /** Oldest first. */
  values: readonly number[];
  /** How many values fill it. */
  length: number;
  /** What its top stands for; the highest value where nothing is known. */
  top?: number | undefined;
  color?: string;
}

/** A small curve beside a number; it shows nothing that the number and the charts don't, so it is hidden from screen readers. */
export function Trend({ values, length, top, color = 'var(--hd-cpu)' }: TrendProps) {
  // Nothing to draw of what has not used anything.
  const isFlat = values.every((value) => value === 0);
  const peak = top ?? Math.max(1, ...values);
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
      preserveAspectRatio="none"
      aria-hidden="true"
      style={{ display: 'block', maxWidth: '100%' }}
    >
      <polyline points={isFlat ? '' : points} fill="none" stroke={color} strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  );
}
