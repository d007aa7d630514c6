import addressparser from 'nodemailer/lib/addressparser';

/** Who sends or gets a mail. */
export interface Mailbox {
  /** Empty where there is only an address. */
  name: string;
  address: string;
}

const ADDRESS = /^[^\s<>@,;]+@[^\s<>@,;]+$/;
/** Control and format characters, and lone surrogates: none belongs in a header. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** What must be quoted in a name (RFC 5322, specials). */
const SPECIAL = /["(),:;<>@[\\\]]/;

/** Reads `Ada <ada@example.org>` or `ada@example.org`; null when it is neither. */
export function parseMailbox(text: string): Mailbox | null {
  const [mailbox, ...more] = addressparser(text);
  if (mailbox === undefined || 'group' in mailbox || more.length > 0 || UNPRINTABLE.test(text)) return null;
  const { name, address } = mailbox;
  // The parser takes what stands beside an address for its name, and a second address, too.
  const isNamed = /^[^<>]*<[^<>]*>\s*$/.test(text);
  return ADDRESS.test(address) && (name === '' || isNamed) ? { name, address } : null;
}

/** Splits a list at commas and semicolons, and at blanks where they can't be part of a name. */
export function splitMailboxes(text: string): readonly string[] {
  const separated = text
    .replace(/([^\s<>,;"]+@[^\s<>,;"]+)\s+(?=[^\s<>,;"]+@)/g, '$1, ')
    .replace(/>\s+(?=[^\s,;])/g, '>, ');
  return addressparser(separated, { flatten: true }).map(({ name, address }) => {
    if (address === '' || name === '') return address || name;
    return `${SPECIAL.test(name) ? JSON.stringify(name) : name} <${address}>`;
  });
}
