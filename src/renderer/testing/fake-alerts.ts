import { ORPCError } from '@orpc/server';
import type {
  AlertPreview,
  AlertsStatus,
  ChannelStatus,
  HeldAlerts,
  Mute,
  OutboxEntry,
  OutboxState,
  TemplateKit,
  Templates,
} from '../../shared/model/alert';
import type { AlertChannel, DeliveryProblem } from '../../shared/model/delivery';
import type { SecretName, SecretStatus } from '../../shared/model/secret';
import type { Settings } from '../../shared/model/settings';
import { seeded } from './fake-random';
import type { Scenario } from './fake-world';
import { alertsStatus } from './samples';

interface FakeAlertsPorts {
  scenario: Scenario;
  now: () => number;
  onChange: (status: AlertsStatus) => void;
}

/** How alerts are set up in the fake world. */
export const FAKE_ALERT_SETTINGS: Partial<Settings> = {
  'mail.host': 'smtp.example.org',
  'mail.port': 587,
  'mail.user': 'healdeck@example.org',
  'mail.to': ['ada@example.org', 'Night shift <night@example.org>'],
  'mail.fallbackServers': ['smtps://healdeck@mail2.example.org:465'],
  'alerts.quietHours': ['22:00-07:00', 'sat+sun 00:00-24:00'],
  'alerts.maintenance': ['2026-12-24T18:00/2026-12-26T08:00'],
  'webhook.format': 'slack',
};

const REFUSED_LOGIN: DeliveryProblem = {
  step: 'login',
  message: 'smtp.example.org refused the login of healdeck@example.org: 535 5.7.8 Authentication credentials invalid',
  advice: 'Check user and password; some providers ask for an app password.',
  temporary: false,
};
const UNREACHABLE: DeliveryProblem = {
  step: 'connection',
  message: 'smtp.example.org:587 refused the connection (ECONNREFUSED)',
  advice: 'Check the port, and whether a firewall is between; it is tried again by itself.',
  temporary: true,
};

/** Alerts of the fake world: an outbox that is the same in every run, channels in every state, and mutes that count down. */
export function createFakeAlerts({ scenario, now, onChange }: FakeAlertsPorts) {
  const isBusy = scenario === 'busy' || scenario === 'storm';
  let entries = isBusy ? fakeOutbox(260, now()) : [];
  let secrets: SecretStatus[] = isBusy
    ? [
        { name: 'mail.password', where: 'file' },
        { name: 'webhook.url', where: 'environment' },
      ]
    : [];
  let mutes: Mute[] = isBusy ? fakeMutes(now()) : [];

  let holds: readonly HeldAlerts[] = isBusy ? fakeHolds(now()) : [];

  const count = (state: OutboxState) => entries.filter((entry) => entry.state === state).length;
  const status = (): AlertsStatus => ({
    ...alertsStatus({ mutes, waiting: count('queued'), failed: count('failed'), held: eventsOf(holds), holds }),
    channels: channelsOf(scenario, now()),
    warnings: isBusy
      ? [
          'There is no keyring here: secrets are kept in a file that only your user can read. Log in to a desktop, or give them by the environment.',
        ]
      : [],
    fromEnvironment: isBusy
      ? [{ key: 'mail.from', variable: 'HEALDECK_SMTP_FROM', value: 'healdeck@example.org' }]
      : [],
  });
  const changed = () => onChange(status());
  const mute = (made: Omit<Mute, 'id' | 'at'>): Mute => {
    const added = { ...made, id: Math.max(0, ...mutes.map(({ id }) => id)) + 1, at: now() };
    mutes = [...mutes, added];
    changed();
    return added;
  };
  const asked = (id: number | null, states: readonly OutboxState[]) => {
    const found = entries.filter((entry) => (id === null || entry.id === id) && states.includes(entry.state));
    if (id !== null && found.length === 0)
      throw new ORPCError('NOT_FOUND', { message: `No message ${id} waits or has failed.` });
    return new Set(found);
  };

  return {
    status,
    list: ({ state, limit }: { state?: OutboxState | undefined; limit: number }) =>
      entries.filter((entry) => state === undefined || entry.state === state).slice(0, limit),
    retry: (id: number | null) => {
      const tried = asked(id, ['queued', 'failed']);
      entries = entries.map((entry) =>
        tried.has(entry)
          ? { ...entry, state: 'sent', attempts: entry.attempts + 1, sentAt: now(), nextAttemptAt: null, reply: REPLY }
          : entry,
      );
      changed();
      return { tried: tried.size };
    },
    sendHeld: () => {
      const events = eventsOf(holds);
      holds = [];
      changed();
      return { events };
    },
    drop: (id: number | null) => {
      const dropped = asked(id, id === null ? ['failed'] : ['queued', 'failed']);
      entries = entries.map((entry) =>
        dropped.has(entry) ? { ...entry, state: 'dropped', nextAttemptAt: null } : entry,
      );
      changed();
      return { dropped: dropped.size };
    },
    test: (channel: AlertChannel) => {
      const hasPassword = secrets.some(({ name }) => name === 'mail.password');
      if (channel !== 'mail') return [{ recipient: '', delivery: { ok: true as const, reply: '200 OK' } }];
      return ['ada@example.org', 'Night shift <night@example.org>'].map((recipient, index) => ({
        recipient,
        delivery:
          hasPassword && index === 0
            ? ({ ok: true, reply: REPLY } as const)
            : ({ ok: false, problem: REFUSED_LOGIN } as const),
      }));
    },
    check: (channel: AlertChannel): ChannelStatus => {
      const found = status().channels.find((one) => one.channel === channel);
      if (found === undefined) throw new Error('expected a channel');
      return found;
    },
    preview: (templates: Templates | undefined): AlertPreview => fakePreview(templates),
    templates: (): TemplateKit => KIT,
    acknowledge: (incident: number) => mute({ kind: 'acknowledged', watchId: null, incident, until: null }),
    snooze: (watchId: string | null, incident: number | null, forMs: number | null) =>
      mute({ kind: 'snoozed', watchId, incident, until: forMs === null ? null : now() + forMs }),
    unmute: (id: number | null) => {
      const before = mutes.length;
      mutes = id === null ? [] : mutes.filter((one) => one.id !== id);
      changed();
      return { ended: before - mutes.length };
    },
    secrets: () => secrets,
    setSecret: (name: SecretName, value: string | null) => {
      secrets = secrets.filter((secret) => secret.name !== name);
      if (value !== null) secrets = [...secrets, { name, where: 'file' }];
      return secrets;
    },
  };
}

const REPLY = '250 2.0.0 Ok: queued as 4F1B22C0A7';

function channelsOf(scenario: Scenario, now: number): ChannelStatus[] {
  const [mail, desktop, webhook, command] = alertsStatus().channels as [
    ...[ChannelStatus, ChannelStatus, ChannelStatus, ChannelStatus],
  ];
  if (scenario === 'empty') {
    const off = { state: 'off' as const, recipients: [] };
    return [
      { ...mail, ...off, description: 'no server is set' },
      { ...desktop, ...off, description: 'this engine has no desktop' },
      ...[webhook, command],
    ];
  }
  if (scenario !== 'busy' && scenario !== 'storm') return [mail, desktop, webhook, command];
  return [
    {
      ...mail,
      state: scenario === 'storm' ? 'failing' : 'ready',
      problem: scenario === 'storm' ? REFUSED_LOGIN : null,
      recipients: ['ada@example.org', 'Night shift <night@example.org>'],
      lastSentAt: now - 240_000,
    },
    { ...desktop, lastSentAt: now - 31_000 },
    {
      ...webhook,
      state: 'failing',
      recipients: [''],
      description: 'chat.example.org, as Slack reads it',
      problem: { ...UNREACHABLE, message: 'chat.example.org answered 503 Service Unavailable', step: 'server' },
      lastSentAt: now - 7_200_000,
    },
    command,
  ];
}

function fakeHolds(now: number): HeldAlerts[] {
  return [
    { reason: 'hourly_limit', until: now + 720_000, events: 12, critical: true },
    { reason: 'snoozed', until: null, events: 2, critical: false },
  ];
}

function eventsOf(holds: readonly HeldAlerts[]): number {
  return holds.reduce((sum, { events }) => sum + events, 0);
}

function fakeMutes(now: number): Mute[] {
  const base = { kind: 'snoozed' as const, watchId: null, incident: null, at: now - 300_000, until: now + 3_300_000 };
  return [
    { ...base, id: 1, watchId: '00000000-0000-4000-8000-000000000003' },
    { ...base, id: 2, kind: 'acknowledged', incident: 231, until: null },
    { ...base, id: 3, watchId: '00000000-0000-4000-8000-000000000012', until: null },
  ];
}

const SUBJECTS: readonly (readonly [kind: OutboxEntry['kind'], severity: OutboxEntry['severity'], subject: string])[] =
  [
    ['incident', 'high', '[workbench] web crashed (SIGSEGV), restarted after 112 ms'],
    ['recovery', 'info', '[workbench] web has recovered after 12 s'],
    ['incident', 'critical', '[workbench] crawler is not restarted for 2 min: 5 restarts within 1 min'],
    ['update', 'warning', '[workbench] web uses much memory: 412 MB > 400 MB'],
    ['digest', 'high', '[workbench] 37 events of 4 watches, folded together'],
    ['reminder', 'high', '[workbench] billing is still down, for 4 h'],
    ['summary', 'warning', '[workbench] What happened while Healdeck was down'],
  ];

/** Messages in every state, newest first. */
function fakeOutbox(count: number, now: number): OutboxEntry[] {
  const random = seeded(23);
  const watches = ['web', 'crawler', 'billing', 'search', 'api'];
  return Array.from({ length: count }, (_, index): OutboxEntry => {
    const [kind, severity, subject] = SUBJECTS[Math.floor(random() * SUBJECTS.length)] ?? ['test', 'info', 'Test'];
    const channel: AlertChannel = random() < 0.7 ? 'mail' : random() < 0.6 ? 'desktop' : 'webhook';
    const state: OutboxState =
      index < 3 ? 'queued' : index === 5 || index === 11 || index === 12 ? 'failed' : index === 20 ? 'dropped' : 'sent';
    const createdAt = now - 40_000 - index * 613_000;
    return {
      id: 1000 - index,
      channel: index < 3 ? 'mail' : channel,
      recipient: channel === 'mail' || index < 3 ? (random() < 0.6 ? 'ada@example.org' : 'night@example.org') : '',
      ...{ kind, severity, subject, createdAt, state },
      watch: kind === 'digest' || kind === 'summary' ? null : (watches[index % watches.length] ?? null),
      incident: kind === 'digest' || kind === 'summary' ? null : 231,
      events: kind === 'digest' ? 37 : 1 + (index % 4),
      attempts: state === 'queued' ? index : state === 'failed' ? 75 : 1,
      nextAttemptAt: state === 'queued' ? now + 60_000 * (index + 1) : null,
      sentAt: state === 'sent' ? createdAt + 3100 : null,
      reply: state === 'sent' ? REPLY : null,
      problem: state === 'queued' && index > 0 ? UNREACHABLE : state === 'failed' ? REFUSED_LOGIN : null,
    };
  });
}

const KIT: TemplateKit = {
  standard: {
    subject: '[{{machine}}] {{headline}}',
    text: '{{headline}}\n\nWhat happened: {{what}}\nWhy: {{why}}\nWhat was done: {{done}}\n\n-- \nHealdeck on {{machine}}\n',
    html: '<style>@media (prefers-color-scheme: dark) { body { background: #14181e !important; color: #e3e8ef !important } }</style>\n<body style="font-family: sans-serif; margin: 0; padding: 20px; background: #fff; color: #1b2129">\n<h1 style="font-size: 20px">{{headline}}</h1>\n<p><b>What happened</b><br>{{what}}</p>\n<p><b>Why</b><br>{{why}}</p>\n<p><b>What was done</b><br>{{done}}</p>\n</body>\n',
  },
  variables: [
    { name: 'machine', help: 'The name of this machine' },
    { name: 'watch', help: 'The name of the watch' },
    { name: 'headline', help: 'Watch, what and outcome, in a line' },
    { name: 'what', help: 'What happened, sentence by sentence' },
    { name: 'why', help: 'The evidence, with its numbers' },
    { name: 'done', help: 'What was done about it' },
  ],
};

const VALUES: Readonly<Record<string, string>> = {
  machine: 'workbench',
  watch: 'web',
  headline: 'web crashed (SIGSEGV), restarted after 112 ms',
  what: 'web (pid 4711) was ended by SIGSEGV after 5 min 14 s.',
  why: 'Nobody asked for its end.',
  done: 'It was restarted as pid 4720, 112 ms after its end; 4 of 5 restarts are left in this minute.',
};

function fakePreview(templates: Templates | undefined): AlertPreview {
  const fill = (setting: string, text: string) =>
    text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => {
      const value = VALUES[name];
      if (value !== undefined) return value;
      throw new ORPCError('BAD_REQUEST', {
        message: `${setting}: there is no variable {{${name}}}; expected one of ${Object.keys(VALUES).join(', ')}`,
      });
    });
  const { standard } = KIT;
  return {
    subject: fill('mail.subjectTemplate', templates?.subject ?? standard.subject),
    text: fill('mail.textTemplate', templates?.text ?? standard.text),
    html: fill('mail.htmlTemplate', templates?.html ?? standard.html),
  };
}
