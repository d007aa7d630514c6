import type { BudgetStatus } from '../../shared/model/snapshot';
import { formatCountdown, formatInstant } from '../format/format';
import { rem } from '../format/text-scale';
import { useNow } from '../hooks/use-now';
import classes from './CooldownLeft.module.css';

type Cooldown = NonNullable<BudgetStatus['cooldown']>;

/** How long a watch is not restarted yet: a ring that empties, and the time in words. */
export function CooldownLeft({ cooldown, large = false }: { cooldown: Cooldown; large?: boolean }) {
  const now = useNow();
  const share = Math.min(1, Math.max(0, (cooldown.until - now) / Math.max(1, cooldown.until - cooldown.startedAt)));
  return (
    <span
      className={classes.left}
      data-large={large || undefined}
      title={`Not restarted until ${formatInstant(cooldown.until)}`}
    >
      <Ring share={share} size={rem(large ? 44 : 15)} />
      <span className={classes.time}>
        {now >= cooldown.until ? 'ending' : `${formatCountdown(cooldown.until - now)} left`}
      </span>
    </span>
  );
}

/** Says nothing that the words beside it don't. */
function Ring({ share, size }: { share: number; size: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" style={{ flex: 'none' }}>
      <circle cx="10" cy="10" r="8" fill="none" stroke="var(--hd-line)" strokeWidth="3" />
      <circle
        cx="10"
        cy="10"
        r="8"
        fill="none"
        stroke="var(--hd-warn)"
        strokeWidth="3"
        pathLength={100}
        strokeDasharray={`${share * 100} 100`}
        transform="rotate(-90 10 10)"
      />
    </svg>
  );
}
