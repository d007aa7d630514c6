import { z } from 'zod';
import { severitySchema } from '../event';
import { ALERT_TYPES, STANDARD_ALERT_TYPES, type AlertType } from '../alert';
import { ceiling, choice, flag, integer, item, list, text } from './kinds';

/** `Ada <ada@example.org>` or `ada@example.org`; no line breaks, which would end a header. */
const MAILBOX = /^(?:[^<>\r\n\0]*<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/;
const HOUR_RANGES = 'times of the day, as in 22:00-07:00 or sat+sun 00:00-24:00';
const MAINTENANCE = 'times, as in sun 02:00-04:00 or 2026-12-24T18:00/2026-12-26T08:00';

/** Who is told what, by which way. */
export const ALERT_SETTINGS = {
  'alerts.types': list<AlertType>({
    range: `event types (${ALERT_TYPES.join(', ')})`,
    default: STANDARD_ALERT_TYPES,
    item: z.enum(ALERT_TYPES, { error: `expected one of ${ALERT_TYPES.join(', ')}` }),
    choices: ALERT_TYPES,
    perWatch: true,
    help: 'What is told: events of these types.',
  }),
  'alerts.minSeverity': choice({
    default: 'info',
    choices: severitySchema.options,
    perWatch: true,
    help: 'Events below this severity begin no alert; how a story ends is told to whoever was told its beginning.',
  }),
  'alerts.settleMs': integer({
    default: 3000,
    min: 0,
    max: 600_000,
    unit: 'ms',
    help: 'How long the first alert of an incident waits for what is done about it, so that it can tell both.',
  }),
  'alerts.groupMs': integer({
    default: 30_000,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    help: 'What happens within this time after an alert is told together in the next one.',
  }),
  'alerts.reminderMs': ceiling(
    {
      min: 60_000,
      max: 604_800_000,
      unit: 'ms',
      perWatch: true,
      help: 'How often an incident that goes on is told again, unless somebody has acknowledged it.',
    },
    14_400_000,
  ),
  'alerts.perWatchPerHour': ceiling(
    {
      min: 1,
      max: 1000,
      unit: 'messages',
      perWatch: true,
      help: 'Messages an hour to each recipient about one watch; the rest is folded into digests.',
    },
    6,
  ),
  'alerts.criticalPerHour': integer({
    default: 10,
    min: 1,
    max: 1000,
    unit: 'messages',
    help: 'First critical messages of incidents to each recipient in an hour: they are sent at once, beside the hourly limits. Those beyond it wait for the hourly limits.',
  }),
  'alerts.quietHours': list({
    range: HOUR_RANGES,
    item: item(HOUR_RANGES, /^(?:[a-z]{3}(?:[+-][a-z]{3})* )?\d\d:\d\d-\d\d:\d\d$/i),
    help: 'Local times in which alerts wait; one digest tells them afterwards.',
  }),
  'alerts.maintenance': list({
    range: MAINTENANCE,
    item: item(
      MAINTENANCE,
      /^(?:(?:[a-z]{3}(?:[+-][a-z]{3})* )?\d\d:\d\d-\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d\/\d{4}-\d\d-\d\dT\d\d:\d\d)$/i,
    ),
    perWatch: true,
    help: 'Local times in which nothing is told, since somebody works on it; the next message says how much was not.',
  }),
  'alerts.criticalBreaksThrough': flag({
    default: true,
    help: 'Critical alerts are sent in quiet hours, too, and when all alerts are snoozed.',
  }),
  'mail.enabled': flag({ default: true, help: 'Sends e-mail, once a server and a recipient are set.' }),
  'mail.host': text({
    range: 'the name of a mail server',
    pattern: /^[A-Za-z0-9._:[\]-]+$/,
    help: 'The mail server (SMTP).',
  }),
  'mail.port': ceiling({
    min: 1,
    max: 65_535,
    unit: '',
    help: 'The port of the mail server; none: 465 for `implicit`, 587 for `starttls`, 25 for `none`.',
  }),
  'mail.tls': choice({
    default: 'starttls',
    choices: ['starttls', 'implicit', 'none'],
    help: '`starttls`: encryption is asked for and insisted on; `implicit`: from the first byte; `none`: only on this machine, or with `mail.allowPlaintext`.',
  }),
  'mail.allowPlaintext': flag({
    default: false,
    help: 'Allows mail without encryption to another machine: everybody on the way can read mails and password.',
  }),
  'mail.caFile': text({
    range: 'the absolute path of a PEM file',
    pattern: /^(?:\/|[A-Za-z]:[\\/])[^\0\r\n]+$/,
    help: 'Certificates of an authority of your own that the mail server is checked against, too.',
  }),
  'mail.user': text({ range: 'a login name', help: 'Login at the mail server; its password is a secret.' }),
  'mail.from': text({ range: 'a mail address', pattern: MAILBOX, help: 'The sender of the mails.' }),
  'mail.heloName': text({
    range: 'a full host name, as in monitor.example.org, or an address in brackets',
    pattern: /^(?:(?=.{1,255}$)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+|\[(?:IPv6:)?[0-9A-Fa-f.:]+\])$/,
    help: 'The name that mail servers are greeted with (EHLO); none: the full name of this machine, or the domain of `mail.from` where it has none.',
  }),
  'mail.to': list({
    range: 'mail addresses',
    item: item('a mail address, as in ada@example.org', MAILBOX),
    help: 'Who gets the mails; each address has an outbox and a limit of its own.',
  }),
  'mail.fallbackServers': list({
    range: 'servers, as in smtp://ada@mail.example.org:587 or smtps://mail.example.org',
    // A password here would be shown to every client and exported: it has a place of its own.
    item: item(
      'smtp:// or smtps://, a user without password and @ if there is one, a name, and a port',
      /^smtps?:\/\/(?:[^\s/?#:@]+@)?[^\s/?#@]+$/,
    ),
    max: 5,
    help: 'Mail servers that are tried in this order when the first can’t be reached; the password of each is a secret.',
  }),
  'mail.timeoutMs': integer({
    default: 20_000,
    min: 1000,
    max: 300_000,
    unit: 'ms',
    help: 'How long a mail server may stay silent before the attempt fails.',
  }),
  'mail.perHour': integer({
    default: 10,
    min: 2,
    max: 1000,
    unit: 'mails',
    help: 'Never more mails than this in any hour to one recipient; the rest is folded into digests that account for every event.',
  }),
  'mail.subjectTemplate': text({
    range: 'a line with {{variables}}',
    help: 'The subject of mails; none: the one that comes with Healdeck.',
  }),
  'mail.textTemplate': text({
    range: 'a text with {{variables}}',
    max: 100_000,
    lines: true,
    help: 'The plain text of mails; none: the one that comes with Healdeck.',
  }),
  'mail.htmlTemplate': text({
    range: 'HTML with {{variables}}',
    max: 300_000,
    lines: true,
    help: 'The HTML of mails; none: the one that comes with Healdeck.',
  }),
  'desktop.enabled': flag({ default: true, help: 'Shows notifications of the desktop, where the app has a window.' }),
  'desktop.minSeverity': choice({
    default: 'warning',
    choices: severitySchema.options,
    help: 'Messages below this severity are not shown on the desktop.',
  }),
  'desktop.perHour': integer({
    default: 30,
    min: 2,
    max: 1000,
    unit: 'notifications',
    help: 'Never more notifications of the desktop than this in any hour.',
  }),
  'webhook.enabled': flag({
    default: true,
    help: 'Posts alerts to a web address, once the secret `webhook.url` is set.',
  }),
  'webhook.format': choice({
    default: 'json',
    choices: ['json', 'slack', 'discord', 'teams'],
    help: 'The body that is posted: Healdeck’s own JSON, or what a chat understands.',
  }),
  'webhook.timeoutMs': integer({
    default: 10_000,
    min: 1000,
    max: 120_000,
    unit: 'ms',
    help: 'How long the other side may take.',
  }),
  'webhook.perHour': integer({
    default: 60,
    min: 2,
    max: 10_000,
    unit: 'posts',
    help: 'Never more posts than this in any hour.',
  }),
  'command.argv': list({
    range: 'words: a program and its arguments',
    item: z.string({ error: 'expected a text' }).regex(/^[^\0]*$/, 'expected no NUL character'),
    help: 'A program that is run for each message, with the message as JSON on its standard input; no shell is between. Exit code 0 means delivered, 64 to 78 (but not 75), 126 and 127 that no further try helps; after any other it is run again later.',
  }),
  'command.timeoutMs': integer({
    default: 10_000,
    min: 1000,
    max: 600_000,
    unit: 'ms',
    help: 'How long the program may run before it is ended; what it leaves running in its process group is ended with it.',
  }),
  'command.perHour': integer({
    default: 60,
    min: 2,
    max: 10_000,
    unit: 'runs',
    help: 'Never more runs of the program than this in any hour.',
  }),
} as const;
