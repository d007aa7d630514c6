import { escapeForPattern, wellFormed } from '../text/escape';
import { PRIVATE_KEY_BLOCK, SECRET_SHAPES } from './secret-shapes';

/** What stands where a secret was. */
export const MASK = '•••';

/** Shorter values are no secrets: they would be found in every other word. */
const SHORTEST = 4;
/** The shortest line of a secret of several lines, and the shortest core of a base64 form, that are looked for alone. */
const MIN_PART = 8;

/** Takes the secrets out of a text. */
export type SecretMask = (text: string) => string;

/**
 * A mask for texts that leave this machine: it takes out these values, as they are and as URLs, JSON and base64 write them, and
 * whatever looks like a secret by its form or by the name before it; `words` are further such names. Linear in the length of the text.
 */
export function secretMask(values: readonly string[], words: readonly string[] = []): SecretMask {
  const known = literals(values);
  const forms = words.length === 0 ? FORMS : formsNamed([SECRET_NAMES, ...words.map(escapeForPattern)].join('|'));
  return (text) =>
    forms.reduce(
      (masked, [pattern, replacement]) => masked.replace(pattern, replacement),
      maskKeys(known === null ? text : text.replace(known, MASK)),
    );
}

/** One expression for all forms of all values, the longest first, so that none leaves a rest of another. */
function literals(values: readonly string[]): RegExp | null {
  const forms = new Set(values.filter((value) => value.length >= SHORTEST).flatMap(formsOf));
  if (forms.size === 0) return null;
  const longestFirst = [...forms].sort((one, other) => other.length - one.length);
  return new RegExp(longestFirst.map(escapeForPattern).join('|'), 'g');
}

function formsOf(value: string): string[] {
  const encoded = encodeURIComponent(wellFormed(value));
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return [
    value,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    JSON.stringify(value).slice(1, -1),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= MIN_PART) : []),
    ...base64Forms(value),
  ];
}

/**
 * How base64 writes a value: alone, and within a longer text, where it depends on how many bytes are before it. Characters that
 * hold bits of the neighbours are left out.
 */
function base64Forms(value: string): string[] {
  const bytes = utf8(value);
  const alone = base64(bytes);
  const within = [0, 1, 2].map((before) => {
    const written = base64([...Array<number>(before).fill(0), ...bytes]).replace(/=+$/, '');
    const partly = (before + bytes.length) % 3 === 0 ? 0 : 1;
    return written.slice(Math.ceil((before * 8) / 6), written.length - partly);
  });
  const forms = [alone, alone.replace(/=+$/, ''), ...within.filter((form) => form.length >= MIN_PART)];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3);
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    const digit = (shift: number): string => BASE64.charAt((bits >> shift) & 63);
    text += digit(18) + digit(12) + (second === undefined ? '=' : digit(6)) + (third === undefined ? '=' : digit(0));
  }
  return text;
}

function utf8(text: string): number[] {
  const encoded = encodeURIComponent(wellFormed(text));
  return Array.from(encoded.matchAll(/%([0-9A-F]{2})|[^%]/g), ([character, hex]) =>
    hex === undefined ? character.charCodeAt(0) : Number.parseInt(hex, 16),
  );
}

const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/;
const KEY_LINE = /^[\sA-Za-z0-9+/=]*$/;

/** Blocks of private keys, whole or cut: of a log's last lines the first ones of a key may be missing. */
function maskKeys(text: string): string {
  const rest = text.replace(PRIVATE_KEY_BLOCK, MASK);
  if (!KEY_END.test(rest)) return rest;
  const lines: string[] = [];
  for (const line of rest.split('\n')) {
    if (!KEY_END.test(line)) {
      lines.push(line);
      continue;
    }
    while (lines.length > 0 && KEY_LINE.test(lines.at(-1) ?? '')) lines.pop();
    lines.push(MASK);
  }
  return lines.join('\n');
}

/** Names of what is secret, as they begin or end other names: `DB_PASSWORD`, `x-api-key`, `clientSecret`. */
const SECRET_NAMES =
  'pass(?:word|wd|phrase|code)|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|encryption[_-]?key|credentials?|session[_-]?id';
/** `password2`, `tokens`, `secret_access_key`. */
const REST_OF_NAME = '(?:s|[_-][\\w-]{0,40}|\\d{1,3})?';
/** In quotes, or up to white space and what ends a value in prose, JSON, shells and query strings. */
const VALUE = `(?:"(?:[^"\\\\\\n]|\\\\.)*"?|'(?:[^'\\\\\\n]|\\\\.)*'?|(?:[^\\s"'&,;)}\\]]|[,;)}\\]](?=[^\\s,;)}\\]]))+)`;

const KEPT_AND_MASK = `$1${MASK}`;

/** What looks like a secret, and what stands for it; what is around it stays. */
const formsNamed = (names: string): readonly (readonly [pattern: RegExp, replacement: string])[] => [
  // The credentials after a scheme, whoever sends them.
  [/\b((?:proxy-)?authorization["']?[ \t]{0,3}[:=][ \t]{0,3}["']?(?:[a-z]{3,15}[ \t]{1,3})?)[^\s"']+/gi, KEPT_AND_MASK],
  [/\b(bearer[ \t]{1,3})(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{8,}=*/gi, KEPT_AND_MASK],
  [/\b((?:set-)?cookie["']?[ \t]{0,3}:[ \t]{0,3})[^\r\n]+/gi, KEPT_AND_MASK],
  [new RegExp(`((?:${names})${REST_OF_NAME}["']?[ \\t]{0,3}(?:=>|[:=])[ \\t]{0,3})${VALUE}`, 'gi'), KEPT_AND_MASK],
  // As arguments: --password VALUE.
  [new RegExp(`(--?(?:\\w{1,20}-){0,4}(?:${names})[ \\t]{1,3})(?!-)${VALUE}`, 'gi'), KEPT_AND_MASK],
  // PWD is a directory, as a rule.
  [/\b(pwd[ \t]{0,3}=[ \t]{0,3})(?![/~.]|[A-Za-z]:[\\/])[^\s"'&,;]+/gi, KEPT_AND_MASK],
  [/\b([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s/"'<>]*@/gi, `$1${MASK}@`],
  ...SECRET_SHAPES.map((shape) => [shape, MASK] as const),
];
const FORMS = formsNamed(SECRET_NAMES);
