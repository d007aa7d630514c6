import type { HeaderValue } from '../../../shared/model/probe';

/** Looks a secret up; null: none is stored under this name. */
export type SecretOf = (name: string) => string | null;

export interface RequestDemand {
  method: string;
  url: URL;
  headers: Readonly<Record<string, HeaderValue>>;
  /** Whether this goes to the origin that the check names: no other one gets its secrets. */
  isOwnOrigin: boolean;
  secretOf: SecretOf;
}

export type RequestText = { ok: true; text: string; secrets: readonly string[] } | { ok: false; problem: string };

/** What is sent unless the check sets it. No encoding is accepted: a compressed body could match nothing. */
const DEFAULTS: Readonly<Record<string, string>> = { 'User-Agent': 'Healdeck', Accept: '*/*' };
/** They belong to the origin of the check: a name of that, or an identity at it. */
const OWN_HEADER = /^(?:host|cookie|(?:proxy-)?authorization)$/i;
/** The connection is closed after the answer, whatever the check sets. */
const OURS = /^(?:connection|keep-alive)$/i;
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A request of HTTP/1.1 without a body, to be sent as Latin-1. */
export function requestText({ method, url, headers, isOwnOrigin, secretOf }: RequestDemand): RequestText {
  const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`];
  const secrets: string[] = [];
  const given = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    if (OURS.test(name) || (!isOwnOrigin && (typeof value !== 'string' || OWN_HEADER.test(name)))) continue;
    const text = typeof value === 'string' ? value : secretOf(value.secret);
    if (text === null) return { ok: false, problem: `the secret ${secretName(value)} is not stored` };
    if (!SENDABLE.test(text)) {
      return { ok: false, problem: `the secret ${secretName(value)} contains characters that no header can have` };
    }
    if (typeof value !== 'string') secrets.push(text);
    given.add(name.toLowerCase());
    lines.push(`${name}: ${text}`);
  }
  if (!given.has('host')) lines.push(`Host: ${url.host}`);
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (!given.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  if (method === 'POST' && !given.has('content-length')) lines.push('Content-Length: 0');
  return { ok: true, text: `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`, secrets };
}

function secretName(value: HeaderValue): string {
  return typeof value === 'string' ? '' : value.secret;
}
