import type { ReactNode } from 'react';
import type { WatchStatus } from '../../shared/model/snapshot';
import { formatInstant, formatSpan } from '../format/format';
import { useNow } from '../hooks/use-now';

/** What the schedule of a watch does next, and in how long; the exact local time on hover. */
export function NextRun({ status, otherwise }: { status: WatchStatus; otherwise: ReactNode }) {
  const now = useNow();
  const { nextRun } = status;
  if (nextRun === null) return otherwise;
  const { at, what } = nextRun;
  return <span title={formatInstant(at)}>{now >= at ? `${what} now` : `${what} in ${formatSpan(at - now)}`}</span>;
}
