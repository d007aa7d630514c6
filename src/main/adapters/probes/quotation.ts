import type { SecretMask } from '../../../shared/lib/process/mask-secrets';
import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';
import { MAX_ANSWER_CHARACTERS } from '../../engine/ports';

/** What somebody else has written, as it may be shown: masked, on one line, cut. */
export type Quote = (text: string) => string;

/** More is never shown of one text; so a flood without a line break costs nothing. */
const MAX_QUOTED = 4 * MAX_ANSWER_CHARACTERS;

/** Masked before it is cut, so that no beginning of a secret stays. */
export function quotedWith(mask: SecretMask): Quote {
  return (text) => truncate(escapeUnprintable(mask(text).slice(0, MAX_QUOTED)), MAX_ANSWER_CHARACTERS);
}

/** The first line with something in it; empty where the bytes are no text. */
export function firstLine(bytes: Buffer): string {
  return isText(bytes) ? (linesOf(bytes)[0] ?? '') : '';
}

/** The last line with something in it. */
export function lastLine(bytes: Buffer): string {
  return linesOf(bytes).at(-1) ?? '';
}

function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString()
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Text has no NUL, and hardly anything that is no UTF-8: images and compressed bodies have both within their first bytes. */
function isText(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 512).toString();
  const odd = head.match(/[\0\ufffd]/g)?.length ?? 0;
  return !head.includes('\0') && odd <= head.length / 10;
}
