import type { WatchStatus } from '../../model/snapshot';
import { formatDuration } from './duration';

/** How restless a watch is, in one word or two: `calm`, `3 in 5 min`, `no retries left`. */
export function restartWords({ budget: { windows, cooldown } }: Pick<WatchStatus, 'budget'>): string {
  if (cooldown !== null || windows.some(({ restarts, used }) => used >= restarts)) return 'no retries left';
  const [shortest] = windows.filter(({ used }) => used > 0).toSorted((one, other) => one.windowMs - other.windowMs);
  return shortest === undefined ? 'calm' : `${shortest.used} in ${formatDuration(shortest.windowMs)}`;
}
