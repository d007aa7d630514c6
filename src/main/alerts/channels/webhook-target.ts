import type { DeliveryProblem } from '../../../shared/model/delivery';

/** Where a webhook is posted. */
export interface WebhookTarget {
  /** Without user and password, which fetch refuses. */
  url: string;
  /** Name and port: all of it that may be shown. */
  host: string;
  /** Value of the `Authorization` header, when the address has a user. */
  authorization: string | null;
  /** Everything of the address that nobody may read: whoever knows it may post. */
  secrets: readonly string[];
}

export type WebhookTargetResult = { ok: true; target: WebhookTarget } | { ok: false; problem: DeliveryProblem };

/** Shorter parts of an address are words such as `hook` and `api`, which no sentence should lose. */
const MIN_TOKEN = 8;

/** Reads the secret `webhook.url`: https, or http on this machine. No sentence repeats the address. */
export function readWebhookUrl(address: string): WebhookTargetResult {
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch {
    return wrong('The secret webhook.url is not a web address.', 'Set it to an address that begins with https://.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return wrong(
      `The secret webhook.url begins with ${JSON.stringify(url.protocol.slice(0, 20))}, not with https:.`,
      'Set it to an address that begins with https://.',
    );
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return wrong(
      `The secret webhook.url has no encryption (http:) and leads to another machine, ${url.host}.`,
      'Use https://: with http, anyone on the network path can read the alerts and the address itself.',
    );
  }
  const { host, pathname, search, username, password } = url;
  const authorization =
    username === '' && password === ''
      ? null
      : `Basic ${Buffer.from(`${plain(username)}:${plain(password)}`).toString('base64')}`;
  const secrets = [
    address.trim(),
    url.href,
    pathname + search,
    search,
    ...[...pathname.split('/'), ...url.searchParams.values()].filter((part) => part.length >= MIN_TOKEN),
    plain(username),
    plain(password),
    authorization?.slice('Basic '.length) ?? '',
  ];
  url.username = '';
  url.password = '';
  url.hash = '';
  return { ok: true, target: { url: url.href, host, authorization, secrets: [url.href, ...secrets] } };
}

function wrong(message: string, advice: string): WebhookTargetResult {
  return { ok: false, problem: { step: 'configuration', message, advice, temporary: false } };
}

/** This machine itself (RFC 6761, RFC 1122, RFC 4291). Names below `localhost` are not: some resolvers ask the network. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
