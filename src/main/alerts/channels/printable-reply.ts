import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';
import { secretMask } from '../../../shared/lib/process/mask-secrets';

const REPLY_CHARACTERS = 200;

/**
 * The response of a server, on one line of at most 200 printable characters. Secrets that it repeats are hidden first: a cut
 * could leave half of one.
 */
export function printableReply(text: string, secrets: readonly string[]): string {
  return truncate(onOneLine(secretMask(secrets)(text)), REPLY_CHARACTERS);
}

/** The same of a program's output, of which the end matters most. */
export function printableEnd(text: string): string {
  const characters = Array.from(onOneLine(text));
  if (characters.length <= REPLY_CHARACTERS) return characters.join('');
  return `…${characters.slice(1 - REPLY_CHARACTERS).join('')}`;
}

function onOneLine(text: string): string {
  return escapeUnprintable(text.replace(/\s+/g, ' ').trim());
}
