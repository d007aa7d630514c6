import type { AlertBody } from '../../../shared/model/alert';
import type { AlertMessage } from '../message';

/** A message as programs read it. Pictures and HTML are for mail only. */
export function alertBody(message: AlertMessage): AlertBody {
  const { messageId, kind, severity, hostname, watch, incident, createdAt, subject, text, events, eventCount } =
    message;
  return {
    version: 1,
    id: messageId,
    kind,
    severity,
    hostname,
    watch,
    incident,
    createdAt,
    subject,
    text,
    events: events.map((event) => ({ ...event, data: { ...event.data } })),
    eventCount,
  };
}
