import { channelOf } from '../../shared/channels';
import { plural } from '../format/format';
import { useAppState } from '../hooks/use-app';

/** What of alerts needs a look: a channel that fails, messages that were given up; null when nothing does. */
export function useAlertsAttention(): string | null {
  return useAppState(({ live: { alerts } }) => {
    const failing = alerts.channels
      .filter(({ state }) => state === 'failing')
      .map(({ channel }) => channelOf(channel).label);
    const clauses = [
      ...(failing.length === 0 ? [] : [`failing: ${failing.join(', ')}`]),
      ...(alerts.failed === 0 ? [] : [`${plural(alerts.failed, 'message')} failed permanently`]),
    ];
    return clauses.length === 0 ? null : clauses.join('; ');
  });
}
