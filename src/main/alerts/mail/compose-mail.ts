import MailComposer from 'nodemailer/lib/mail-composer';
import type { AlertMessage } from '../message';
import type { Mailbox } from './mailbox';

/** A mail as it goes over the wire. */
export interface Letter {
  envelope: { from: string; to: string };
  raw: Buffer;
}

/**
 * A message as a mail (RFC 5322): text and HTML side by side, pictures inside the HTML, files attached. It has the time of what it reports,
 * however long it waited, and is marked as automatic, so that no holiday notice answers (RFC 3834).
 */
export async function composeMail(message: AlertMessage, from: Mailbox, to: Mailbox): Promise<Letter> {
  const mail = new MailComposer({
    from,
    to,
    subject: headerText(message.subject),
    date: new Date(message.createdAt),
    messageId: message.messageId,
    ...(message.inReplyTo !== null && { inReplyTo: message.inReplyTo }),
    ...(message.references.length > 0 && { references: [...message.references] }),
    headers: headersOf(message),
    text: message.text,
    html: message.html,
    attachments: [
      ...message.pictures.map(({ cid, contentType, base64, alt }) => ({
        cid,
        contentType,
        content: Buffer.from(base64, 'base64'),
        filename: `${cid.replace(/[^A-Za-z0-9-]+/g, '-')}.png`,
        headers: { 'Content-Description': headerText(alt) },
      })),
      ...message.attachments.map(({ name, text }) => ({
        filename: headerText(name),
        contentType: 'text/plain; charset=utf-8',
        content: text,
      })),
    ],
    // Nothing in a mail is a path or an address that is to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = mail.getEnvelope();
  // MimeNode has written domains as the wire wants them (punycode).
  return {
    envelope: { from: envelope.from || from.address, to: envelope.to[0] ?? to.address },
    raw: await mail.build(),
  };
}

function headersOf({ kind, severity, hostname, incident, watch }: AlertMessage): Record<string, string> {
  return {
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'X-Healdeck-Host': headerText(hostname),
    'X-Healdeck-Kind': kind,
    'X-Healdeck-Severity': severity,
    ...(incident !== null && { 'X-Healdeck-Incident': String(incident) }),
    ...(watch !== null && { 'X-Healdeck-Watch': headerText(watch) }),
    ...(severity === 'critical' && { Importance: 'high', 'X-Priority': '1 (Highest)' }),
  };
}

/** One line: a line break would begin the next header, and `=?` what mail programs decode into anything (RFC 2047). */
function headerText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll('=?', '= ?')
    .trim();
}
