import { formatAgo, formatCountdown, formatInstant, formatSpan } from '../format/format';
import { useNow } from '../hooks/use-now';

/** How long ago something was; the exact local time on hover. */
export function Ago({ at }: { at: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatInstant(at)}>
      {formatAgo(at, now)}
    </time>
  );
}

/** How long something has lasted, growing or up to a moment; its beginning on hover. */
export function Since({ at, until = null }: { at: number; until?: number | null }) {
  const now = useNow();
  return <span title={`since ${formatInstant(at)}`}>{formatSpan((until ?? now) - at)}</span>;
}

/** The time until something is due, `in 0:08` or `in 4:05`; `now` when it is. */
export function Countdown({ at }: { at: number }) {
  const now = useNow();
  return <span title={formatInstant(at)}>{now >= at ? 'now' : `in ${formatCountdown(at - now)}`}</span>;
}
