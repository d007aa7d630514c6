import { escapeUnprintable, truncate } from '../../../shared/lib/escape';

const REPLY_CHARACTERS = 200;
/** Shorter than this nothing is a secret, and hiding it would eat words. */
const SHORTEST_SECRET = 4;

/**
 * What the other side said, on one line of at most 200 printable characters. Secrets that it repeats are hidden first: a cut
 * could leave half of one.
 */
export function printableReply(text: string, secrets: readonly string[]): string {
  return truncate(onOneLine(hideSecrets(text, secrets)), REPLY_CHARACTERS);
}

/** The same of a program's output: what it said last counts most. */
export function printableEnd(text: string): string {
  const characters = Array.from(onOneLine(text));
  if (characters.length <= REPLY_CHARACTERS) return characters.join('');
  return `…${characters.slice(1 - REPLY_CHARACTERS).join('')}`;
}

function hideSecrets(text: string, secrets: readonly string[]): string {
  const longestFirst = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length);
  return longestFirst.reduce((masked, secret) => masked.replaceAll(secret, '•••'), text);
}

function onOneLine(text: string): string {
  return escapeUnprintable(text.replace(/\s+/g, ' ').trim());
}
