import { failed, type Verdict } from './attempt';

/** Errors of errno(3) and getaddrinfo(3) in words. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'closed the connection without an answer',
  EPIPE: 'closed the connection without an answer',
  ECONNABORTED: 'closed the connection without an answer',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host could not be looked up now',
  ETIMEDOUT: 'no answer to the connection',
  EHOSTUNREACH: 'no route to the host',
  EHOSTDOWN: 'the host is down',
  ENETUNREACH: 'no route to the network of the host',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'no local address or port can reach the host',
  ENOENT: 'no such socket',
  ENOTDIR: 'no such socket',
  ENOTSOCK: 'the path is no socket',
  EPROTOTYPE: 'the path is a socket of another type',
  EACCES: 'no permission to connect',
  EPERM: 'no permission to connect',
  // Of a unix socket (unix(7)); that of a TCP port drops the connection instead.
  EAGAIN: 'its queue of connections is full',
};

/** What the machine is short of, whoever is asked. EAGAIN is one for fork(2) only. */
const SHORTAGES: Readonly<Record<string, string>> = {
  EMFILE: 'Healdeck has reached its limit of open files',
  ENFILE: 'the machine has reached its limit of open files',
  ENOMEM: 'the machine has no memory left',
  ENOBUFS: 'the machine has no memory left for the network',
  EAI_MEMORY: 'the machine has no memory left',
};

/** Why nobody could be asked, or gave no answer. */
export function networkFailure(error: NodeJS.ErrnoException): Verdict {
  const code = codeOf(error);
  const shortage = SHORTAGES[code];
  if (shortage !== undefined) return { passed: false, words: `${shortage} (${code})`, machineFault: true };
  return failed(WORDS[code] ?? `the connection failed (${code === '' ? 'unknown error' : code})`);
}

/** Why a TLS handshake went wrong, by the error of OpenSSL; null: it is no such error. */
export function tlsFailure({ code = '', reason }: NodeJS.ErrnoException & { reason?: string }): Verdict | null {
  if (code !== 'EPROTO' && !code.startsWith('ERR_SSL_')) return null;
  // BoringSSL, which Electron has, and OpenSSL word it alike.
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|HTTP_REQUEST/.test(code))
    return failed('not a TLS server');
  return failed(`no TLS connection: ${reason ?? code}`);
}

/** Several addresses that were tried in turn (RFC 8305) come as one AggregateError: of a host that has one, the failure of a refusal counts. */
function codeOf(error: NodeJS.ErrnoException & { errors?: readonly NodeJS.ErrnoException[] }): string {
  const codes = (error.errors ?? [error]).map(({ code }) => code ?? '');
  return codes.find((code) => code in SHORTAGES || code === 'ECONNREFUSED') ?? codes[0] ?? '';
}
