import { assertNever } from '../../../shared/lib/assert-never';
import type { DeliveryProblem } from '../../../shared/model/delivery';
import { serverName, type MailServer } from './resolve-mail';
import { readableReply } from './smtp-reply';

/**
 * How far a try had come. `receipt`: the mail was handed over whole, and the server has yet to confirm it.
 *
 *   connect ─► login ─► envelope ─► content ─► receipt
 */
export type MailPhase = 'connect' | 'login' | 'envelope' | 'content' | 'receipt';

/** What nodemailer reports of a failure; `EABORT` is ours for an attempt that was cancelled. */
export interface SmtpError {
  message: string;
  code?: string | undefined;
  /** Of the socket, the resolver or OpenSSL. */
  originalCode?: string | undefined;
  /** The server's reply, where it failed by one. */
  response?: string | undefined;
  responseCode?: number | undefined;
  /** The command that was answered. */
  command?: string | undefined;
  timeoutType?: string | undefined;
}

export interface MailFailure {
  error: SmtpError;
  phase: MailPhase;
  server: MailServer;
  /** Addresses of the envelope; null when nothing was to be sent. */
  sender: string | null;
  recipient: string | null;
}

export interface Diagnosis {
  problem: DeliveryProblem;
  /** Whether another server may take the mail, and can't make it arrive twice. */
  elsewhere: boolean;
}

/**
 * What failed, in words, and what to try. What the operator can put right is temporary, since the mail can wait for it;
 * only a recipient or a mail that is refused for good is not.
 */
export function diagnose(failure: MailFailure): Diagnosis {
  const { error, phase } = failure;
  const system = error.originalCode ?? error.code ?? '';
  if (error.code === 'ETLS' || TLS_CODES.test(system)) return diagnoseTls(failure, system);
  if (error.code === 'EDNS') return nameNotFound(failure);
  if (error.code === 'ETIMEDOUT' || error.code === 'EABORT') return timedOut(failure);
  if (error.responseCode !== undefined) return diagnoseReply(failure, error.responseCode);
  if (phase === 'receipt') return unknownReceipt(failure, 'closed the connection');
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return noLoginOffered(failure);
  if (error.code === 'EMESSAGE' || error.code === 'ESTREAM' || error.code === 'EENVELOPE') return unsendable(failure);
  return notConnected(failure, system);
}

const TLS_CODES =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$)/;

/** Why a certificate is not trusted: verify(1ssl) names the codes. */
const CERTIFICATE_FAULTS: readonly { codes: RegExp; what: string; advice: string }[] = [
  {
    codes: /^CERT_HAS_EXPIRED$/,
    what: 'has expired',
    advice: 'Have the certificate of the mail server renewed; if it is new, check the clock of this machine.',
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    what: 'is not valid yet',
    advice: 'Check the clock of this machine and the certificate of the mail server.',
  },
  {
    codes: /^(?:DEPTH_ZERO_SELF_SIGNED_CERT)$/,
    what: 'is self-signed',
    advice: 'If you know it to be the right one, save it as a PEM file and set mail.caFile to its path.',
  },
  {
    codes: /^(?:ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    what: 'is made for another name',
    advice: 'Set mail.host to a name that the certificate covers.',
  },
  {
    codes: /^(?:SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA)/,
    what: 'is signed by an authority that is not known here',
    advice: 'Set mail.caFile to the PEM file of that authority, if you trust it.',
  },
];

function diagnoseTls(failure: MailFailure, code: string): Diagnosis {
  const { server, error } = failure;
  const name = serverName(server);
  const fault = CERTIFICATE_FAULTS.find(({ codes }) => codes.test(code));
  if (fault !== undefined) return byServer('tls', `The certificate of ${name} ${fault.what} (${code})`, fault.advice);
  if (error.command === 'STARTTLS') {
    return byServer(
      'tls',
      `${name} offers no encryption by STARTTLS${said(failure)}`,
      'Try mail.tls implicit (usually port 465); for a server on this machine, mail.tls none is enough.',
    );
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code)) {
    return byServer(
      'tls',
      `${name} does not speak TLS from the first byte (${code})`,
      'Set mail.tls to starttls (usually port 587), or mail.port to the port for implicit TLS (usually 465).',
    );
  }
  if (/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|NO_PROTOCOLS/.test(code)) {
    return byServer(
      'tls',
      `${name} offers only versions of TLS that are no longer safe (${code})`,
      'Have the mail server offer TLS 1.2 or newer.',
    );
  }
  const detail = code === 'ETLS' || code === '' ? plain(failure) : code;
  return byServer(
    'tls',
    `No encrypted connection to ${name} could be established (${detail})`,
    'Check that mail.tls and mail.port match: starttls with 587, implicit with 465.',
  );
}

function nameNotFound({ server, error }: MailFailure): Diagnosis {
  const code = error.originalCode ?? 'EDNS';
  return byServer(
    'name',
    `The mail server ${server.host} was not found (${code})`,
    'Check the spelling of mail.host, and that this machine can resolve names (DNS).',
  );
}

function timedOut(failure: MailFailure): Diagnosis {
  const { server, phase, error } = failure;
  const name = serverName(server);
  const cause = error.code === 'EABORT' ? 'The attempt was cancelled' : 'Timeout';
  switch (phase) {
    case 'connect':
      return timedOutConnecting(name, server, error.timeoutType ?? '', cause);
    case 'login':
      return byServer(
        'timeout',
        `${cause}: ${name} did not answer the login`,
        'Raise mail.timeoutMs if the server is slow; some servers delay every login after failed ones.',
      );
    case 'envelope':
      return byServer('timeout', `${cause}: ${name} did not respond to sender and recipient`, SLOW);
    case 'content':
      return byServer('timeout', `${cause}: ${name} stopped accepting the mail`, SLOW);
    case 'receipt':
      return unknownReceipt(failure, 'did not answer in time');
    default:
      return assertNever(phase);
  }
}

const SLOW = 'Check the load of the mail server, and raise mail.timeoutMs if it is always that slow.';

function timedOutConnecting(name: string, server: MailServer, timeoutType: string, cause: string): Diagnosis {
  // Both limits are the same, and either may come first: a silent socket is one that was connected.
  if (timeoutType === 'GREETING_TIMEOUT' || timeoutType === 'SOCKET_TIMEOUT') {
    const implicit = 'If this port speaks TLS from the first byte (usually 465), set mail.tls to implicit.';
    return byServer(
      'timeout',
      `${cause}: ${name} accepted the connection but sent no greeting`,
      server.tls === 'implicit' ? 'Check that mail.port is that of a mail server.' : implicit,
    );
  }
  if (timeoutType === 'UPGRADE_TIMEOUT') {
    return byServer('timeout', `${cause}: ${name} did not complete the TLS handshake`, SLOW);
  }
  return byServer(
    'timeout',
    `${cause}: no connection to ${name} could be established`,
    'Check mail.host and mail.port, and whether a firewall drops what is sent there; many networks block port 25.',
  );
}

/** The one case in which nobody can know. */
function unknownReceipt({ server }: MailFailure, what: string): Diagnosis {
  return {
    problem: {
      step: 'server',
      message: `${serverName(server)} received the whole mail and ${what} before it confirmed it: it may have arrived.`,
      advice: 'It is sent again with the same Message-ID, so that most mail programs show it once.',
      temporary: true,
    },
    elsewhere: false,
  };
}

function noLoginOffered(failure: MailFailure): Diagnosis {
  const name = serverName(failure.server);
  return byServer(
    'login',
    `${name} offers no usable login method`,
    failure.server.tls === 'none'
      ? 'Many servers offer it over an encrypted connection only: set mail.tls to starttls. If none is needed, set mail.user to none.'
      : 'Check mail.port (587 and 465 are for logins, 25 is not); if no login is needed, set mail.user to none.',
  );
}

function unsendable(failure: MailFailure): Diagnosis {
  return finally_(
    'content',
    `The mail could not be handed to ${serverName(failure.server)}: ${plain(failure)}`,
    SHORTER,
  );
}

const SHORTER =
  'Check the templates of the mails (mail.textTemplate, mail.htmlTemplate), and the limits of the server.';

function notConnected(failure: MailFailure, code: string): Diagnosis {
  const { server, phase } = failure;
  const name = serverName(server);
  if (code === 'ECONNREFUSED') {
    return byServer(
      'connection',
      `${name} refuses the connection (${code})`,
      'Check mail.port (usually 587, 465 or 25), and that the mail server runs.',
    );
  }
  if (/^E(?:HOST|NET)(?:UNREACH|DOWN)$/.test(code)) {
    return byServer('connection', `${name} is unreachable (${code})`, 'Check the network of this machine.');
  }
  if (failure.error.code === 'EPROTOCOL') {
    return byServer('greeting', `${name} does not speak SMTP`, 'Check that mail.port is that of a mail server.');
  }
  const when = phase === 'connect' ? 'before it was ready' : 'in the middle of the session';
  return byServer(
    'connection',
    `${name} closed the connection ${when} (${plain(failure)})`,
    'Check the log of the mail server; it is tried again.',
  );
}

function diagnoseReply(failure: MailFailure, code: number): Diagnosis {
  const { server, phase, error } = failure;
  const name = serverName(server);
  const reply = said(failure);
  if (code === 421) {
    return byServer('server', `${name} accepts no mail at the moment${reply}`, `${BUSY} It is tried again.`);
  }
  if (isAboutName(error)) {
    return byServer(
      'greeting',
      `${name} refuses the EHLO name ${server.heloName ?? '(an address)'}${reply}`,
      'Set mail.heloName to the full name of this machine, as the DNS knows it.',
    );
  }
  if (phase === 'connect') {
    return byServer(
      'greeting',
      `${name} refuses connections from this machine${reply}`,
      'The server may regard this machine as a source of spam, or expect another port: 587 with STARTTLS is for logins.',
    );
  }
  if (phase === 'login') return loginRefused(failure, code);
  if (code >= 500 && wantsLogin(code, error.response ?? '')) return loginWanted(failure);
  if (error.command === 'MAIL FROM' && code >= 500 && code !== 552) {
    return byServer(
      'sender',
      `${name} refuses the sender ${failure.sender ?? ''}${reply}`,
      'Set mail.from to an address that this server allows you to send from.',
    );
  }
  if (error.command === 'RCPT TO') return recipientRefused(failure, code);
  if (code < 500)
    return byServer('server', `${name} does not accept the mail for now${reply}`, `${BUSY} It is tried again.`);
  return finally_('content', `${name} refuses the mail itself${reply}`, code === 552 ? SHORTER : SPAM);
}

/** Some servers refuse the name at once, others only when they know the recipient (Postfix: smtpd_delay_reject). */
function isAboutName({ command, response = '' }: SmtpError): boolean {
  return command === 'HELO' || command === 'EHLO' || /\b(?:helo|ehlo)\b|fully[- ]qualified host/i.test(response);
}

const BUSY = 'The server is busy, or receives more mails than it accepts: if this continues, lower mail.perHour.';
const SPAM = 'It may look like spam to the server: allow mails of this sender there, or use another server.';

function loginRefused(failure: MailFailure, code: number): Diagnosis {
  const { server } = failure;
  const user = server.login?.user ?? 'nobody';
  const refused = `${serverName(server)} refuses the login as ${user}${said(failure)}`;
  if (code < 500) return byServer('login', refused, "The server can't check logins at the moment; it is tried again.");
  if (code === 534 || code === 538) {
    return byServer(
      'login',
      refused,
      'The server requires another kind of login: create an application password there and use it.',
    );
  }
  if (code === 535) {
    return byServer(
      'login',
      refused,
      'Check mail.user, and set the secret mail.password again; many providers require an application password.',
    );
  }
  return byServer(
    'login',
    refused,
    'Check whether this server accepts logins on this port; if none is needed, set mail.user to none.',
  );
}

/** Servers that relay only for known users refuse the sender or the recipient, whichever comes first. */
function wantsLogin(code: number, response: string): boolean {
  return code === 530 || /relay|authenticat|log ?in/i.test(response);
}

function loginWanted(failure: MailFailure): Diagnosis {
  const { server } = failure;
  const advice =
    server.login === null
      ? 'Set mail.user and the secret mail.password.'
      : `Check that ${server.login.user} may send to this recipient with the sender ${failure.sender ?? ''} (mail.from).`;
  return byServer(
    'login',
    `${serverName(server)} relays mail only for users who are logged in${said(failure)}`,
    advice,
  );
}

function recipientRefused(failure: MailFailure, code: number): Diagnosis {
  const what = `the recipient ${failure.recipient ?? ''}`;
  const name = serverName(failure.server);
  if (code < 500) {
    const advice = 'Many servers delay unknown senders at first (greylisting): it is tried again.';
    const message = `${name} does not accept mail for ${what} for now${said(failure)}.`;
    return { problem: { step: 'recipient', message, advice, temporary: true }, elsewhere: false };
  }
  return finally_('recipient', `${name} refuses ${what}${said(failure)}`, 'Check the address in mail.to.');
}

/** The server as a whole fails; another one may do, and this one later. */
function byServer(step: DeliveryProblem['step'], message: string, advice: string): Diagnosis {
  return { problem: { step, message: `${message}.`, advice, temporary: true }, elsewhere: true };
}

/** It would be refused again. */
function finally_(step: DeliveryProblem['step'], message: string, advice: string): Diagnosis {
  return { problem: { step, message: `${message}.`, advice, temporary: false }, elsewhere: false };
}

/** The server's own words. */
function said({ error, server }: MailFailure): string {
  const reply = readableReply(error.response ?? '', server.login).replace(/\.$/, '');
  return reply === '' ? '' : `: ${reply}`;
}

function plain({ error, server }: MailFailure): string {
  return readableReply(error.originalCode ?? error.message, server.login);
}
