import { formatDuration, formatInstant } from '../format/format';
import { cellWords, uptimeWords, type UptimeCell } from '../words/probe-history';
import classes from './UptimeStrip.module.css';

interface UptimeStripProps {
  /** What it is of: "health". */
  label: string;
  cells: readonly UptimeCell[];
  spanMs: number;
}

/** How a probe was answered over time, oldest first: a cell for each part of the time. What failed is lower and has a foot, what nobody knows is hollow. */
export function UptimeStrip({ label, cells, spanMs }: UptimeStripProps) {
  return (
    <span className={classes.strip} role="img" aria-label={`${label}, ${uptimeWords(cells, spanMs).toLowerCase()}`}>
      {cells.map((cell) => (
        <span
          key={cell.at}
          className={classes.cell}
          data-state={cell.state}
          title={`${formatInstant(cell.at)}, ${formatDuration(spanMs)}: ${cellWords(cell)}`}
        />
      ))}
    </span>
  );
}
