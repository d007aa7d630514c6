/**
 * What must not reach a terminal or a line of a log as it is: control characters (escape sequences, newlines), format
 * characters (bidi overrides make a name read backwards, zero-width ones hide in it), line separators, and surrogates
 * without their half, which are no text at all.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text on one line that is safe to print: `\n`, `\x1b`, `\u202e`, `\u{e0001}` stand for what they name; all else stays.
 * A backslash stays single, so that Windows paths can be read: the result is for eyes, it is not meant to be parsed.
 */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return (
      SHORT[character] ??
      (code <= 0xff ? `\\x${hex.padStart(2, '0')}` : code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`)
    );
  });
}

/** A regular expression, also one of RE2, that matches this text and nothing else. */
export function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Cuts text to at most `characters` code points, the mark of the cut included. */
export function truncate(text: string, characters: number): string {
  // A string has at least as many code units as code points: most texts need no counting.
  if (text.length <= characters) return text;
  const points = Array.from(text.slice(0, 2 * characters + 2));
  return points.length <= characters ? points.join('') : `${points.slice(0, characters - 1).join('')}…`;
}

/** Text that every encoding and database keeps as it is: NUL and lone surrogates become U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/[\0\p{Cs}]/gu, '\ufffd');
}
