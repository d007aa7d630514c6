import type { MessageContent, MessageFacts } from '../message';

/**
 * The bare facts, for a message whose own text could not be made: a template that is wrong, a history that can't be read.
 * An alert without its dress is better than none.
 */
export function plainContent(facts: MessageFacts, hostname: string): MessageContent {
  const { events, eventCount, counts, suppressed, incident } = facts;
  const headline =
    eventCount === 1 && events[0] !== undefined
      ? events[0].message
      : (incident?.summary ?? `${eventCount} events${facts.watch === null ? '' : ` of ${facts.watch}`}`);
  const lines = [
    ...events.map((event) => `${event.at}  ${event.message}`),
    ...(eventCount > events.length
      ? ['', 'In all:', ...counts.map(({ watch, type, count }) => `${count} × ${watch ?? 'Healdeck'}: ${type}`)]
      : []),
    ...(suppressed > 0 ? ['', `${suppressed} alerts were not sent because of maintenance.`] : []),
  ];
  const text = lines.map(oneLine).join('\n');
  return {
    subject: oneLine(`[${hostname}] ${headline}`).slice(0, 200),
    text,
    html: `<pre>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</pre>`,
    pictures: [],
    attachments: [],
  };
}

/** Names come from processes: none of them begins a line, or a header, of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
