import { ceiling, choice, flag, integer, item, list, text } from '../model/settings/kinds';
import type { ChannelDefinition } from './definition';

/** `Ada <ada@example.org>` or `ada@example.org`; no line breaks, which would end a header. */
const MAILBOX = /^(?:[^<>\r\n\0]*<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/;

export const mail = {
  name: 'mail',
  label: 'E-mail',
  takesFiles: true,
  secrets: [
    {
      name: 'mail.password',
      variable: 'HEALDECK_SMTP_PASSWORD',
      label: 'Password',
      meaning: 'password for the login at the mail server',
      help: 'Stored as a secret: it is never displayed again and appears in no log or export',
      perServer: 'password for the login at one of mail.fallbackServers',
    },
  ],
  settings: {
    'mail.enabled': flag({
      label: 'Send e-mail',
      group: 'channel',
      default: true,
      help: 'Sends e-mail, once a server and a recipient are set.',
    }),
    'mail.host': text({
      label: 'Server',
      group: 'channel',
      range: 'the name of a mail server',
      pattern: /^[A-Za-z0-9._:[\]-]+$/,
      help: 'The mail server (SMTP).',
    }),
    'mail.port': ceiling({
      label: 'Port',
      group: 'channel',
      min: 1,
      max: 65_535,
      unit: '',
      help: 'The port of the mail server. Default: 465 for `implicit`, 587 for `starttls`, 25 for `none`.',
    }),
    'mail.tls': choice({
      label: 'Encryption',
      group: 'channel',
      default: 'starttls',
      choices: ['starttls', 'implicit', 'none'],
      help: '`starttls`: the connection must be upgraded to TLS; `implicit`: TLS from the first byte; `none`: no encryption, only to a server on this machine or with `mail.allowPlaintext`.',
    }),
    'mail.allowPlaintext': flag({
      label: 'Allow mail without encryption',
      group: 'channel',
      default: false,
      help: 'Allows unencrypted mail to another machine: anyone on the network path can read the mails and the password.',
    }),
    'mail.caFile': text({
      label: 'Custom CA certificate',
      group: 'channel',
      range: 'the absolute path of a PEM file',
      pattern: /^(?:\/|[A-Za-z]:[\\/])[^\0\r\n]+$/,
      help: "Additional certificate authorities that the mail server's certificate is verified against.",
    }),
    'mail.user': text({
      label: 'User',
      group: 'channel',
      range: 'a login name',
      help: 'User name for the login at the mail server; the password is a secret.',
    }),
    'mail.from': text({
      label: 'Sender',
      group: 'channel',
      range: 'a mail address',
      pattern: MAILBOX,
      help: 'The sender of the mails.',
    }),
    'mail.heloName': text({
      label: 'EHLO name',
      group: 'channel',
      range: 'a full host name, as in monitor.example.org, or an address in brackets',
      pattern: /^(?:(?=.{1,255}$)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+|\[(?:IPv6:)?[0-9A-Fa-f.:]+\])$/,
      help: 'The host name that Healdeck sends to mail servers (EHLO). Default: the full name of this machine, or the domain of `mail.from` if it has none.',
    }),
    'mail.to': list({
      label: 'Recipients',
      group: 'channel',
      range: 'mail addresses',
      item: item('a mail address, as in ada@example.org', MAILBOX),
      help: 'The recipients of all mails; each address has its own outbox and limit.',
    }),
    'mail.fallbackServers': list({
      label: 'Fallback servers',
      group: 'channel',
      range: 'servers, as in smtp://ada@mail.example.org:587 or smtps://mail.example.org',
      // A password here would be shown to every client and exported: it has a place of its own.
      item: item(
        'smtp:// or smtps://, optionally a user (without a password) and @, a host name, and optionally a port',
        /^smtps?:\/\/(?:[^\s/?#:@]+@)?[^\s/?#@]+$/,
      ),
      max: 5,
      help: "Mail servers that are tried in this order when the first can't be reached; the password of each is a secret.",
    }),
    'mail.timeoutMs': integer({
      label: 'Server timeout',
      group: 'channel',
      default: 20_000,
      min: 1000,
      max: 300_000,
      unit: 'ms',
      help: 'How long a mail server may stay silent before the attempt fails.',
    }),
    'mail.perHour': integer({
      label: 'Per-recipient hourly limit',
      group: 'channel',
      default: 10,
      min: 2,
      max: 1000,
      unit: 'mails',
      help: 'Maximum number of mails to one recipient in any hour; everything else is combined into digests that account for every event.',
    }),
    'mail.subjectTemplate': text({
      label: 'Subject',
      group: 'channel',
      range: 'a line with {{variables}}',
      help: 'Template for the subject of mails. Default: the built-in template.',
    }),
    'mail.textTemplate': text({
      label: 'Plain text',
      group: 'channel',
      range: 'a text with {{variables}}',
      max: 100_000,
      lines: true,
      help: 'Template for the plain text of mails. Default: the built-in template.',
    }),
    'mail.htmlTemplate': text({
      label: 'HTML',
      group: 'channel',
      range: 'HTML with {{variables}}',
      max: 300_000,
      lines: true,
      help: 'Template for the HTML of mails. Default: the built-in template.',
    }),
  },
} as const satisfies ChannelDefinition;
