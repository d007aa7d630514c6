import type { Mute } from '../../shared/model/alert';
import { formatDuration, plural } from '../format/format';
import type { HealdeckClient } from './client';
import { describeFailure } from './errors';
import type { Session } from './session';

/** What alerts are snoozed of: one watch, one incident, or all. */
export type SnoozeTarget =
  | { kind: 'watch'; id: string; name: string }
  | { kind: 'incident'; incident: number }
  | { kind: 'all' };

/** What an operator can do about alerts with one press. None of it rejects; what came of it is announced. */
export interface AlertActions {
  /** Tries one message now, or all that wait or failed (null). */
  retry(id: number | null): Promise<void>;
  /** Sends now what waits for limits, groups and quiet hours. */
  sendHeld(): Promise<void>;
  /** Gives up one message, or all that failed (null). */
  drop(id: number | null): Promise<void>;
  /** For a time in ms, or until it is resolved (null). */
  snooze(target: SnoozeTarget, forMs: number | null): Promise<void>;
  acknowledge(incident: number): Promise<void>;
  unmute(mute: Mute): Promise<void>;
}

interface AlertActionPorts {
  session: Pick<Session, 'ask'>;
  announce(announcement: { tone: 'ok' | 'bad'; title: string; message: string }): void;
}

/** Binds what is pressed about alerts to the engine. */
export function createAlertActions({ session, announce }: AlertActionPorts): AlertActions {
  const perform = async (
    titles: { done: string; failed: string },
    request: (client: HealdeckClient) => Promise<string>,
  ): Promise<void> => {
    try {
      announce({ tone: 'ok', title: titles.done, message: await session.ask(request) });
    } catch (error) {
      announce({ tone: 'bad', title: titles.failed, message: describeFailure(error).message });
    }
  };
  return {
    retry: (id) =>
      perform({ done: 'Trying again', failed: 'Not retried' }, async (client) => {
        const { tried } = await client.alerts.retry({ id });
        return tried === 0 ? 'There was nothing to retry.' : `${plural(tried, 'message')} on the way.`;
      }),
    sendHeld: () =>
      perform({ done: 'Sending now', failed: 'Not sent' }, async (client) => {
        const { events } = await client.alerts.sendHeld();
        return events === 0 ? 'No event was waiting.' : `${plural(events, 'event')} on the way.`;
      }),
    drop: (id) =>
      perform({ done: 'Dropped', failed: 'Not dropped' }, async (client) => {
        const { dropped } = await client.alerts.drop({ id });
        return dropped === 0 ? 'There was nothing to drop.' : `${plural(dropped, 'message')} will not be sent.`;
      }),
    snooze: (target, forMs) => {
      const what = target.kind === 'all' ? 'all alerts' : target.kind === 'watch' ? target.name : 'the incident';
      return perform({ done: `Snoozed ${what}`, failed: `Not snoozed: ${what}` }, async (client) => {
        await client.alerts.snooze({
          watch: target.kind === 'watch' ? target.id : null,
          incident: target.kind === 'incident' ? target.incident : null,
          forMs,
        });
        return forMs === null
          ? 'Nothing is sent until it is resolved.'
          : `Nothing is sent for ${formatDuration(forMs)}.`;
      });
    },
    acknowledge: (incident) =>
      perform({ done: `Acknowledged incident ${incident}`, failed: 'Not acknowledged' }, async (client) => {
        await client.alerts.acknowledge({ incident });
        return 'No reminders and no more alerts about it, except when it ends.';
      }),
    unmute: (mute) =>
      perform({ done: 'Alerts are sent again', failed: 'Not ended' }, async (client) => {
        const { ended } = await client.alerts.unmute({ id: mute.id });
        return ended === 0 ? 'It had ended already.' : 'Alerts that were held back are sent with the next one.';
      }),
  };
}
