import type { BudgetStatus } from '../../shared/model/snapshot';
import { formatDuration, plural } from '../format/format';
import classes from './BudgetGauge.module.css';

type Window = BudgetStatus['windows'][number];

/** More restarts than this are drawn as one bar. */
const MAX_SEGMENTS = 12;

/** `2 of 5 restarts used in 5 min` */
export function budgetWords({ used, restarts, windowMs }: Window): string {
  return `${used} of ${plural(restarts, 'restart')} used in ${formatDuration(windowMs)}`;
}

/** How much of a restart budget is used: one mark for each restart, and the numbers. */
export function BudgetGauge({ window }: { window: Window }) {
  const { used, restarts: limit } = window;
  const share = Math.min(1, used / Math.max(1, limit));
  const words = budgetWords(window);
  return (
    <span className={classes.gauge} role="img" aria-label={words} title={words} data-level={levelOf(share)}>
      {limit <= MAX_SEGMENTS ? (
        <span className={classes.marks}>
          {Array.from({ length: limit }, (_, index) => (
            <span key={index} className={classes.mark} data-used={index < used || undefined} />
          ))}
        </span>
      ) : (
        <span className={classes.bar}>
          <span className={classes.fill} style={{ width: `${share * 100}%` }} />
        </span>
      )}
      <span className={classes.numbers}>
        {used}/{limit}
      </span>
    </span>
  );
}

function levelOf(share: number): 'full' | 'much' | 'little' {
  if (share >= 1) return 'full';
  return share >= 0.6 ? 'much' : 'little';
}
