import { escapeUnprintable } from '../../../shared/lib/text/escape';

/** An at-sign that a chat could read as a mention of everybody, a person or a group. */
const MENTION = /@(?=everyone|here|channel|[!&]?\d)/giu;
/** Ends the word for the chat and is invisible. */
const ZERO_WIDTH_SPACE = '\u200b';
const CUT = '…';

/**
 * Text of a message as a chat may show it: what names of processes and output hide in it is written out, lines stay lines,
 * and it mentions nobody.
 */
export function chatText(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  return lines.map((line) => escapeUnprintable(line).replace(MENTION, `@${ZERO_WIDTH_SPACE}`)).join('\n');
}

/** The same on one line. */
export function chatLine(text: string): string {
  return chatText(text.replace(/\s+/g, ' ').trim());
}

/**
 * As much of a text as fits into `limit` UTF-16 code units after each character was encoded, the mark of the cut included:
 * an entity or an escape is never cut in two. Services count code units or code points; there are never more of the latter.
 */
export function fit(text: string, limit: number, encode: (character: string) => string = same): string {
  let whole = '';
  /** The longest beginning that leaves room for the mark. */
  let beginning = '';
  for (const character of text) {
    whole += encode(character);
    if (whole.length > limit) return beginning + CUT;
    if (whole.length + CUT.length <= limit) beginning = whole;
  }
  return whole;
}

const same = (character: string): string => character;
