import type { AlertChannel, DeliveryProblem } from '../model/delivery';
import { plural } from '../lib/format/values';
import type { EventDefinition, Fact } from './definition';

/** What became of messages. */

interface Message {
  channel: AlertChannel;
  recipient: string;
  subject: string;
  outboxId: number;
  events: number;
}

/** A message has reached its recipient. */
export const alertSent: EventDefinition<'alert_sent', Message> = {
  type: 'alert_sent',
  label: 'Alert sent',
  counted: ['alert sent', 'alerts sent'],
  part: 'aside',
  isAside: true,
  line: ({ data }) => ({ action: 'Alert sent', details: details(data) }),
  facts: ({ data }) => facts(data),
};

/** A message was given up: it waits for the operator. */
export const alertFailed: EventDefinition<'alert_failed', Message & { problem: DeliveryProblem }> = {
  type: 'alert_failed',
  label: 'Alert failed',
  counted: ['failed alert', 'failed alerts'],
  part: 'aside',
  isAside: true,
  line: ({ data }) => ({
    action: 'Alert failed',
    details: [...details(data), `(${data.problem.step}) ${data.problem.message}`],
  }),
  facts: ({ data }) => [
    ...facts(data),
    { label: 'Problem', value: data.problem.message },
    { label: 'What to try', value: data.problem.advice },
  ],
};

function details(data: Message): readonly string[] {
  const to = data.recipient === '' ? '' : ` to ${data.recipient}`;
  return [`by ${data.channel}${to}`, `no. ${data.outboxId}`, `with ${plural(data.events, 'event')}: ${data.subject}`];
}

function facts(data: Message): Fact[] {
  return [
    { label: 'Channel', value: data.channel },
    ...(data.recipient === '' ? [] : [{ label: 'Recipient', value: data.recipient }]),
    { label: 'Subject', value: data.subject },
    { label: 'Events reported', value: `${data.events}` },
  ];
}
