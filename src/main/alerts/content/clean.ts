import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';
import type { SecretMask } from '../../../shared/lib/process/mask-secrets';

/** The longest text of a message: command lines and panics may be of any length, and the history has them whole. */
export const MAX_TEXT = 1000;

/** Colours and the like that programs write to terminals (ECMA-48: CSI and OSC sequences); in a mail they are noise. */
// oxlint-disable-next-line no-control-regex -- they begin and end with control characters
const TERMINAL_SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)/g;

/** A text of a program without what a terminal would make of it; its lines stay. */
export function withoutSequences(text: string): string {
  return text.replace(TERMINAL_SEQUENCE, '');
}

/** Makes every text of a message one line of printable text, without secrets. */
export function cleaner(mask: SecretMask): (text: string) => string {
  return (text) => truncate(escapeUnprintable(mask(withoutSequences(text))), MAX_TEXT);
}

/** The same value with every text in it cleaned. */
export function cleaned<T>(value: T, clean: (text: string) => string): T {
  if (typeof value === 'string') return clean(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => cleaned(item, clean)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [key, cleaned(inner, clean)]),
  ) as T;
}
