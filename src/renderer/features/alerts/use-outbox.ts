import type { OutboxEntry, OutboxState } from '../../../shared/model/alert';
import { useAnswer } from '../../hooks/use-answer';
import { useAppState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import { useNow } from '../../hooks/use-now';

/** The most messages that are looked at. */
const MAX_MESSAGES = 1000;

/** How often what waits is looked at, beside whenever the state of alerts changes: a try that fails changes no number. */
const POLL_INTERVAL_MS = 4000;

/** The messages of the outbox in a state (null: in any), the newest first, kept up to date; null until they came once. */
export function useOutbox(state: OutboxState | null): readonly OutboxEntry[] | null {
  const status = useAppState((app) => app.live.alerts);
  const now = useNow();
  const poll = status.waiting > 0 ? Math.floor(now / POLL_INTERVAL_MS) : 0;
  const asked = useAnswer(JSON.stringify({ state, poll, status }), (client, signal) =>
    client.alerts.list({ ...(state === null ? {} : { state }), limit: MAX_MESSAGES }, { signal }),
  );
  return useLast(asked.kind === 'answered' ? asked.value : null);
}
