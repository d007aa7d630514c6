import type { DeliveryProblem, DeliveryStep } from '../../../shared/model/delivery';
import { formatDuration } from '../../../shared/lib/format/duration';
import { formatInstant } from '../../../shared/lib/format/values';

/** A response other than 2xx. */
export interface WebhookAnswer {
  status: number;
  /** Already printable and without secrets. */
  reply: string;
  /** The header `Retry-After`. */
  retryAfter: string | null;
}

/** Statuses after which the same post may be taken later; 5xx are others. */
const LATER = [408, 425, 429];

/** Why an answer is no delivery: RFC 9110, section 15; 429 is of RFC 6585. */
export function explainAnswer(host: string, { status, reply, retryAfter }: WebhookAnswer): DeliveryProblem {
  const said = reply === '' ? '' : `: ${reply}`;
  return {
    step: 'server',
    message: `${host} answered ${status}${said}`,
    advice: `${adviceFor(status)}${waiting(retryAfter)}`,
    temporary: status >= 500 || LATER.includes(status),
  };
}

function adviceFor(status: number): string {
  if (status < 300) return 'Check that the address is the one of a webhook.';
  if (status < 400)
    return 'It redirects to another address, and redirects are not followed: set webhook.url to the final address.';
  if (status === 400 || status === 415 || status === 422) {
    return 'It does not accept the body: check that webhook.format matches the service.';
  }
  if (status === 401 || status === 403)
    return 'It does not allow the post: check webhook.url, and webhook.key if it verifies.';
  if (status === 404 || status === 410)
    return 'The webhook does not exist (any more): create a new one and set webhook.url.';
  if (status === 413) return 'The message is too large for it.';
  if (status === 429) return 'It receives more posts than it accepts: lower webhook.perHour.';
  if (status === 408 || status === 425 || status >= 500) return 'The service has a problem; the post is tried again.';
  return 'Check the address and what the service expects.';
}

/** `Retry-After` in words, by its two forms; the outbox decides when to try again. */
function waiting(retryAfter: string | null): string {
  if (retryAfter === null) return '';
  if (/^\d{1,9}$/.test(retryAfter)) return ` It asks to wait ${retryAfter} s.`;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? '' : ` It asks to wait until ${formatInstant(at)}.`;
}

/** Codes of getaddrinfo(3), sockets, OpenSSL and undici by the step at which they come up. */
const STEPS: readonly { codes: RegExp; step: DeliveryStep; sentence: (host: string) => string; advice: string }[] = [
  {
    codes: /^(?:ENOTFOUND|EAI_)/,
    step: 'name',
    sentence: (host) => `The name of ${host} was not found`,
    advice: "Check the name in webhook.url and this machine's DNS.",
  },
  {
    codes: /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_CA$)/,
    step: 'tls',
    sentence: (host) => `No trusted TLS connection to ${host} could be established`,
    advice:
      'Check that its certificate is valid and made for this name; NODE_EXTRA_CA_CERTS names a file with additional certificate authorities.',
  },
  {
    codes: /^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/,
    step: 'timeout',
    sentence: (host) => `${host} did not answer in time`,
    advice: 'Check that it can be reached from here, and raise webhook.timeoutMs if it is slow.',
  },
  {
    codes: /^HPE_|^UND_ERR_RES/,
    step: 'server',
    sentence: (host) => `${host} sent a response that is not HTTP`,
    advice: 'Check the port in webhook.url, and whether it begins with https:// or http://.',
  },
];

/** Why a post got no answer. All of it may pass: a name, a route or a certificate can be put right meanwhile. */
export function explainFailure(host: string, error: unknown): DeliveryProblem {
  const code = codeOf(error);
  const known = STEPS.find(({ codes }) => codes.test(code));
  const words = code === '' ? '' : ` (${code})`;
  if (known !== undefined) {
    const { step, sentence, advice } = known;
    return { step, message: `${sentence(host)}${words}.`, advice, temporary: true };
  }
  const what = code === 'ECONNREFUSED' ? `${host} refuses the connection` : `The connection to ${host} failed`;
  return {
    step: 'connection',
    message: `${what}${words}.`,
    advice: 'Check that the service runs and that no firewall blocks the connection.',
    temporary: true,
  };
}

/** A post that took longer than it may. */
export function explainTimeout(host: string, ms: number | null): DeliveryProblem {
  return {
    step: 'timeout',
    message:
      ms === null ? `The post to ${host} was cancelled.` : `${host} did not answer within ${formatDuration(ms)}.`,
    advice: 'Check that it can be reached from here, and raise webhook.timeoutMs if it is slow.',
    temporary: true,
  };
}

/** fetch wraps what happened, and several addresses that were tried in turn (RFC 8305) come as one AggregateError. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code, cause, errors } = error as NodeJS.ErrnoException & { errors?: readonly unknown[] };
  if (typeof code === 'string' && code !== '') return code;
  return codeOf(cause) || codeOf(errors?.[0]);
}
