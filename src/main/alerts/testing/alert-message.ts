import type { HealdeckEvent } from '../../../shared/model/event';
import type { AlertMessage } from '../message';

/** The crash that messages of tests report. */
export const CRASH: HealdeckEvent = {
  id: 7,
  at: '2026-11-22T23:05:10.123Z',
  type: 'crash_detected',
  severity: 'high',
  watch: 'web-worker',
  pid: 4711,
  incident: 7,
  message: 'web-worker crashed (SIGSEGV)',
  data: {
    exitCode: null,
    signal: 'SIGSEGV',
    uptimeSeconds: 61.5,
    stderrTail: ['fatal: out of luck'],
    policy: 'on-failure',
    remaining: 4,
    whileEngineWasDown: false,
  },
};

/** The first message of an incident, as the outbox hands it to a channel. */
export function alertMessage(change: Partial<AlertMessage> = {}): AlertMessage {
  return {
    id: 3,
    channel: 'webhook',
    recipient: '',
    kind: 'incident',
    severity: 'high',
    watch: 'web-worker',
    incident: 7,
    createdAt: '2026-11-22T23:05:13.123Z',
    hostname: 'kiosk-3',
    messageId: '<incident-7.3@kiosk-3.healdeck>',
    inReplyTo: null,
    references: [],
    subject: '[kiosk-3] web-worker crashed (SIGSEGV), restarted after 112 ms',
    text: 'web-worker crashed (SIGSEGV).\n\nIt was restarted after 112 ms.\n',
    html: '<p>web-worker crashed (SIGSEGV).</p>',
    pictures: [],
    attachments: [],
    events: [CRASH],
    eventCount: 1,
    ...change,
  };
}

/** The same as a mail, with all that a mail can have. */
export function mailMessage(change: Partial<AlertMessage> = {}): AlertMessage {
  return alertMessage({
    channel: 'mail',
    recipient: 'ada@example.org',
    severity: 'critical',
    incident: 4711,
    createdAt: '2026-11-22T23:05:10.000Z',
    messageId: '<4711.1@kiosk-3>',
    text: 'web-worker crashed.\n',
    html: '<p>web-worker crashed.</p><img src="cid:chart" alt="chart">',
    pictures: [{ cid: 'chart', contentType: 'image/png', base64: ONE_PIXEL, alt: 'cpu and memory' }],
    attachments: [{ name: 'last-words-wéb worker.txt', text: 'Process 81 (jävä)\n' }],
    ...change,
  });
}

const ONE_PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
