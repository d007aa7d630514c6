/** Who sends or gets a mail. */
export interface Mailbox {
  /** Empty where there is only an address. */
  name: string;
  address: string;
}

const ADDRESS = /^[^\s<>@,;]+@[^\s<>@,;]+$/;
const NAMED = /^(?<name>[^<>]*)<(?<address>[^<>]+)>$/;
/** Control and format characters, and lone surrogates: none belongs in a header. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Reads `Ada <ada@example.org>` or `ada@example.org`; null when it is neither. */
export function parseMailbox(text: string): Mailbox | null {
  const { name = '', address = text } = NAMED.exec(text.trim())?.groups ?? {};
  const mailbox = { name: name.trim().replace(/^"(.*)"$/, '$1'), address: address.trim() };
  return ADDRESS.test(mailbox.address) && !UNPRINTABLE.test(text) ? mailbox : null;
}

/** Splits a list at commas and semicolons, and at blanks where they can't be part of a name. */
export function splitMailboxes(text: string): readonly string[] {
  return text
    .split(/[,;]/)
    .flatMap((part) => (part.includes('<') ? [part.trim()] : part.split(/\s+/)))
    .filter((part) => part !== '');
}
