/** What is read of a mail. */
export interface MailText {
  subject: string;
  /** Name of the watch that the mail is about; null: more than one, or none. */
  watch: string | null;
  /** Whether it counts the events of many stories (a digest). */
  isDigest: boolean;
  /** The plain text, as its reader sees it. */
  text: string;
}

/** Reads a mail as Healdeck writes it (RFC 5322, RFC 2045, RFC 2047), in UTF-8; `raw` is all that followed DATA. */
export function readMail(raw: Buffer): MailText {
  // One character a byte, until the encoding of each part is known.
  const mail = entityOf(raw.toString('latin1'));
  return {
    subject: decodeWords(mail.header('subject')),
    watch: decodeWords(mail.header('x-healdeck-watch')) || null,
    isDigest: mail.header('x-healdeck-kind') === 'digest',
    text: plainTextOf(mail)?.replaceAll('\r\n', '\n') ?? '',
  };
}

/** A mail or a part of one: headers, an empty line, and what they are about. */
interface Entity {
  /** Unfolded; empty when there is none. `name` is in lower case. */
  header(name: string): string;
  body: string;
}

function entityOf(text: string): Entity {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const lines = head.replace(/\r\n(?=[ \t])/g, '').split('\r\n');
  return {
    header: (name) => {
      const line = lines.find((one) => one.toLowerCase().startsWith(`${name}:`));
      return line?.slice(name.length + 1).trim() ?? '';
    },
    body: end < 0 ? '' : text.slice(end + 4),
  };
}

/** The first part that is plain text; null when there is none. */
function plainTextOf(entity: Entity): string | null {
  const type = entity.header('content-type');
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return /^text\/plain\b/i.test(type) ? decodeBody(entity) : null;
  // Before the first boundary and after the last one is nothing for readers.
  const parts = `\r\n${entity.body}`.split(`\r\n--${boundary}`).slice(1, -1);
  for (const part of parts) {
    const text = plainTextOf(entityOf(part.replace(/^[ \t]*\r\n/, '')));
    if (text !== null) return text;
  }
  return null;
}

function decodeBody(entity: Entity): string {
  switch (entity.header('content-transfer-encoding').toLowerCase()) {
    case 'base64':
      return utf8(Buffer.from(entity.body, 'base64'));
    case 'quoted-printable':
      return utf8(bytesOfHex(entity.body.replace(/=[ \t]*\r\n/g, '')));
    default:
      return utf8(Buffer.from(entity.body, 'latin1'));
  }
}

/** Words in another alphabet are encoded one by one, and the blanks between them mean nothing. */
function decodeWords(text: string): string {
  return text
    .replace(/(=\?[^?]+\?[BQ]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
      utf8(encoding.toUpperCase() === 'B' ? Buffer.from(word, 'base64') : bytesOfHex(word.replaceAll('_', ' '))),
    );
}

/** `=E2=9C=93` as the bytes that are meant; what is no such number stands for itself. */
function bytesOfHex(text: string): Buffer {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function utf8(bytes: Buffer): string {
  return bytes.toString('utf8');
}
