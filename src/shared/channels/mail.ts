import { ceiling, choice, flag, integer, item, list, text } from '../model/settings/kinds';
import type { ChannelDefinition } from './definition';

/** `Ada <ada@example.org>` or `ada@example.org`; no line breaks, which would end a header. */
const MAILBOX = /^(?:[^<>\r\n\0]*<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/;

export const mail = {
  name: 'mail',
  label: 'E-mail',
  secrets: [
    {
      name: 'mail.password',
      variable: 'HEALDECK_SMTP_PASSWORD',
      label: 'Password',
      meaning: 'of the login at the mail server',
      help: 'Kept as a secret: it is never shown again, and in no log and no export',
      perServer: 'of the login at one of mail.fallbackServers',
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
      help: 'The port of the mail server; none: 465 for `implicit`, 587 for `starttls`, 25 for `none`.',
    }),
    'mail.tls': choice({
      label: 'Encryption',
      group: 'channel',
      default: 'starttls',
      choices: ['starttls', 'implicit', 'none'],
      help: '`starttls`: encryption is asked for and insisted on; `implicit`: from the first byte; `none`: only on this machine, or with `mail.allowPlaintext`.',
    }),
    'mail.allowPlaintext': flag({
      label: 'Allow mail without encryption',
      group: 'channel',
      default: false,
      help: 'Allows mail without encryption to another machine: everybody on the way can read mails and password.',
    }),
    'mail.caFile': text({
      label: 'Custom CA certificate',
      group: 'channel',
      range: 'the absolute path of a PEM file',
      pattern: /^(?:\/|[A-Za-z]:[\\/])[^\0\r\n]+$/,
      help: 'Certificates of an authority of your own that the mail server is checked against, too.',
    }),
    'mail.user': text({
      label: 'User',
      group: 'channel',
      range: 'a login name',
      help: 'Login at the mail server; its password is a secret.',
    }),
    'mail.from': text({
      label: 'Sender',
      group: 'channel',
      range: 'a mail address',
      pattern: MAILBOX,
      help: 'The sender of the mails.',
    }),
    'mail.heloName': text({
      label: 'Name in the greeting (EHLO)',
      group: 'channel',
      range: 'a full host name, as in monitor.example.org, or an address in brackets',
      pattern: /^(?:(?=.{1,255}$)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+|\[(?:IPv6:)?[0-9A-Fa-f.:]+\])$/,
      help: 'The name that mail servers are greeted with (EHLO); none: the full name of this machine, or the domain of `mail.from` where it has none.',
    }),
    'mail.to': list({
      label: 'Recipients',
      group: 'channel',
      range: 'mail addresses',
      item: item('a mail address, as in ada@example.org', MAILBOX),
      help: 'Who gets the mails; each address has an outbox and a limit of its own.',
    }),
    'mail.fallbackServers': list({
      label: 'Fallback servers',
      group: 'channel',
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
      label: 'Server timeout',
      group: 'channel',
      default: 20_000,
      min: 1000,
      max: 300_000,
      unit: 'ms',
      help: 'How long a mail server may stay silent before the attempt fails.',
    }),
    'mail.perHour': integer({
      label: 'To one recipient at most',
      group: 'channel',
      default: 10,
      min: 2,
      max: 1000,
      unit: 'mails',
      help: 'Never more mails than this in any hour to one recipient; the rest is folded into digests that account for every event.',
    }),
    'mail.subjectTemplate': text({
      label: 'Subject',
      group: 'channel',
      range: 'a line with {{variables}}',
      help: 'The subject of mails; none: the one that comes with Healdeck.',
    }),
    'mail.textTemplate': text({
      label: 'Plain text',
      group: 'channel',
      range: 'a text with {{variables}}',
      max: 100_000,
      lines: true,
      help: 'The plain text of mails; none: the one that comes with Healdeck.',
    }),
    'mail.htmlTemplate': text({
      label: 'HTML',
      group: 'channel',
      range: 'HTML with {{variables}}',
      max: 300_000,
      lines: true,
      help: 'The HTML of mails; none: the one that comes with Healdeck.',
    }),
  },
} as const satisfies ChannelDefinition;
