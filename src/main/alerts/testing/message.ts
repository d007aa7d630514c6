import type { AlertMessage, SecretSource } from '../message';

/** A message with all that a message can have; `changes` replace parts of it. */
export function alertMessage(changes: Partial<AlertMessage> = {}): AlertMessage {
  return {
    id: 7,
    channel: 'mail',
    recipient: 'ada@example.org',
    kind: 'incident',
    severity: 'critical',
    watch: 'web-worker',
    incident: 4711,
    createdAt: '2026-11-22T23:05:10.000Z',
    hostname: 'kiosk-3',
    messageId: '<4711.1@kiosk-3>',
    inReplyTo: null,
    references: [],
    subject: '[kiosk-3] web-worker crashed (SIGSEGV), restarted after 0.1 s',
    text: 'web-worker crashed.\n',
    html: '<p>web-worker crashed.</p><img src="cid:chart" alt="chart">',
    pictures: [{ cid: 'chart', contentType: 'image/png', base64: ONE_PIXEL, alt: 'cpu and memory' }],
    events: [],
    eventCount: 1,
    ...changes,
  };
}

/** Secrets in memory. */
export function secretsOf(values: Readonly<Record<string, string>> = {}): SecretSource {
  return { read: (name) => values[name] ?? null };
}

const ONE_PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
