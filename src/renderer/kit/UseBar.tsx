import classes from './UseBar.module.css';

interface UseBarProps {
  /** The reading that the limit is held against, and the levels; nulls for none. */
  value: number;
  warn: number | null;
  limit: number | null;
  format: (value: number) => string;
}

/** How much of a limit is used: a small bar and the limit in words; below the warning level quiet, above it loud. */
export function UseBar({ value, warn, limit, format }: UseBarProps) {
  if (limit === null) return <span className={classes.words}>no limit</span>;
  const level = value > limit ? 'bad' : warn !== null && value > warn ? 'warn' : 'ok';
  const words = `${format(value)} of ${format(limit)} allowed`;
  return (
    <span className={classes.use} role="img" aria-label={words} title={words} data-level={level}>
      <span className={classes.track}>
        <span className={classes.fill} style={{ width: `${Math.min(1, value / limit) * 100}%` }} />
      </span>
      <span className={classes.words}>of {format(limit)}</span>
    </span>
  );
}
