import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';

const REPLY_CHARACTERS = 300;

/**
 * A server's response, on one printable line and without the password, in whatever form it may repeat it: a server that
 * quotes the command it did not understand would quote the login.
 */
export function readableReply(reply: string, login: { user: string; password: string } | null): string {
  const hidden = login === null ? [] : formsOf(login);
  const masked = hidden.reduce((text, form) => text.replaceAll(form, '•••'), reply);
  // The lines of one reply each begin with its code.
  const line = masked.replace(/\r?\n\d{3}[ -](?:\d\.\d+\.\d+ )?/g, ' ').replace(/\s+/g, ' ');
  return truncate(escapeUnprintable(line.trim()), REPLY_CHARACTERS);
}

/** The password as AUTH PLAIN and AUTH LOGIN send it (RFC 4616), and as it is; the longest first. */
function formsOf({ user, password }: { user: string; password: string }): readonly string[] {
  // Without the padding, which may be left out where it is quoted.
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '');
  const forms = [base64(`\0${user}\0${password}`), base64(`${user}\0${user}\0${password}`), base64(password), password];
  return forms.filter((form) => form !== '').sort((one, other) => other.length - one.length);
}
