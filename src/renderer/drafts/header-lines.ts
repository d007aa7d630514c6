import { PROBE_SECRET, type HeaderValue } from '../../shared/model/probe';

/** Headers as written in a text field, one `Name: value` a line. */
export type HeaderParse = { ok: true; headers: Readonly<Record<string, HeaderValue>> } | { ok: false; error: string };

const SECRET = new RegExp(`^[ \\t]*(${PROBE_SECRET})[ \\t]*$`);
/** A name of a secret in quotes is the text itself; of several pairs of quotes one is taken away. */
const QUOTED = new RegExp(`^("+)[ \\t]*${PROBE_SECRET}[ \\t]*\\1$`);

/** Reads `Name: value` lines; empty lines are skipped. The value `probe.token` is the secret of that name, `"probe.token"` the text. */
export function parseHeaderLines(text: string): HeaderParse {
  const headers = new Map<string, HeaderValue>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (name === '') return { ok: false, error: `line ${index + 1}: expected Name: value` };
    if (headers.has(name))
      return { ok: false, error: `line ${index + 1}: expected each header once, got ${name} twice` };
    headers.set(name, readValue(line.slice(colon + 1).replace(/^ /, '')));
  }
  return { ok: true, headers: Object.fromEntries(headers) };
}

/** The lines that {@link parseHeaderLines} reads back as these headers. */
export function formatHeaderLines(headers: Readonly<Record<string, HeaderValue>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${writeValue(value)}`)
    .join('\n');
}

function readValue(text: string): HeaderValue {
  const secret = SECRET.exec(text)?.[1];
  if (secret !== undefined) return { secret };
  return QUOTED.test(text) ? text.slice(1, -1) : text;
}

function writeValue(value: HeaderValue): string {
  if (typeof value !== 'string') return value.secret;
  return SECRET.test(value) || QUOTED.test(value) ? `"${value}"` : value;
}
