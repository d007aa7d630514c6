import type { DeliveryProblem, DeliveryStep } from '../../../shared/model/delivery';
import type { Settings } from '../../../shared/model/settings';
import type { SecretSource } from '../message';
import { parseMailbox, type Mailbox } from './mailbox';
import { readMailEnvironment, type Environment } from './mail-environment';

/** A mail server as it is to be used. */
export interface MailServer {
  /** Without brackets. */
  host: string;
  port: number;
  tls: Settings['mail.tls'];
  /** null: no login. */
  login: { user: string; password: string } | null;
  /** The name that it is greeted with; null: the address of this side of the connection, as nodemailer does by itself. */
  heloName: string | null;
}

/** All that is needed to send. */
export interface MailSetup {
  /** In the order in which they are tried; empty when none may be used; `problems` has the reasons. */
  servers: readonly MailServer[];
  from: Mailbox;
  recipients: readonly string[];
  caFile: string | null;
  timeoutMs: number;
  /** What is wrong with the set-up, worst first. */
  problems: readonly DeliveryProblem[];
  /** Variables of the environment that are in force. */
  variables: readonly string[];
}

export type MailResolution = { kind: 'off'; reason: string } | ({ kind: 'on' } & MailSetup);

export interface MailSources {
  settings: Settings;
  env: Environment;
  secrets: SecretSource;
  hostname: string;
}

const PORTS: Readonly<Record<MailServer['tls'], number>> = { implicit: 465, starttls: 587, none: 25 };

/** Settings, and the environment over them, as a set-up to send with. An incomplete set-up can't send, and lists what is missing. */
export function resolveMail({ settings: set, env, secrets, hostname }: MailSources): MailResolution {
  const environment = readMailEnvironment(env);
  const settings = { ...set, ...environment.settings };
  const [host, recipients] = [settings['mail.host'], settings['mail.to']];
  if (!settings['mail.enabled']) return { kind: 'off', reason: 'switched off' };
  if (host === null && recipients.length === 0 && environment.problems.length === 0) {
    return { kind: 'off', reason: 'neither a server nor a recipient is set' };
  }
  const servers: MailServer[] = [];
  const problems = [...environment.problems];
  const from = senderOf(settings, hostname);
  const heloName = heloNameOf(settings, from, hostname);
  if (recipients.length === 0) problems.push(missing('mail.to', 'no recipient'));
  if (host === null) problems.push(missing('mail.host', 'no mail server'));
  for (const read of [
    ...(host === null ? [] : [firstServer(host, settings, secrets)]),
    ...settings['mail.fallbackServers'].map((url) => fallbackServer(url, settings, secrets)),
  ]) {
    if (read.ok) servers.push({ ...read.server, heloName });
    else problems.push(read.problem);
  }
  return {
    kind: 'on',
    // Nobody knows what was meant by a variable that can't be read: nothing is sent on a guess.
    servers: environment.problems.length === 0 ? servers : [],
    from,
    recipients,
    caFile: settings['mail.caFile'],
    timeoutMs: settings['mail.timeoutMs'],
    problems,
    variables: environment.variables,
  };
}

/** In words, without secrets: `smtp.example.org:587, STARTTLS, as ada`. */
export function describeMail(resolution: MailResolution): string {
  if (resolution.kind === 'off') return resolution.reason;
  const { servers, variables, problems } = resolution;
  const names = servers.map(describeServer).join('; else ');
  const given = variables.length === 0 ? '' : ` (from the environment: ${variables.join(', ')})`;
  return `${names === '' ? (problems[0]?.message ?? 'no mail server can be used') : names}${given}`;
}

function describeServer({ host, port, tls, login }: MailServer): string {
  const encryption = { implicit: 'implicit TLS', starttls: 'STARTTLS', none: 'not encrypted' }[tls];
  return `${serverName({ host, port })}, ${encryption}${login === null ? ', without a login' : `, as ${login.user}`}`;
}

/** `host:port`, as in an address of the web. */
export function serverName({ host, port }: Pick<MailServer, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether a name means this machine: what is sent there passes nobody on the way. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host);
}

type ServerReading = { ok: true; server: Omit<MailServer, 'heloName'> } | { ok: false; problem: DeliveryProblem };

function firstServer(host: string, settings: Settings, secrets: SecretSource): ServerReading {
  const tls = settings['mail.tls'];
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (/^[^:]*:[^:]*$/.test(bare)) {
    return wrong(
      'configuration',
      `mail.host contains a port (${host})`,
      'Put the name in mail.host and the port in mail.port.',
    );
  }
  const place = { host: bare, port: settings['mail.port'] ?? PORTS[tls], tls };
  return withLogin(place, settings['mail.user'], () => secrets.read('mail.password'), 'mail.password', settings);
}

function fallbackServer(text: string, settings: Settings, secrets: SecretSource): ServerReading {
  const url = parsedUrl(text);
  if (url === null || url.hostname === '') {
    return wrong(
      'configuration',
      'A server in mail.fallbackServers is not the address of a mail server',
      'Write it as smtp://ada@mail.example.org:587 or smtps://mail.example.org.',
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secret = `mail.password@${url.hostname}`;
  if (url.password !== '') {
    return wrong(
      'configuration',
      `The server ${host} in mail.fallbackServers contains a password, which anyone can read there`,
      `Remove the password from it and set the secret ${secret}.`,
    );
  }
  const tls = fallbackTls(url.protocol, host, settings);
  const place = { host, tls, port: url.port === '' ? PORTS[tls] : Number(url.port) };
  const password = (): string | null =>
    secrets.read(secret) ?? (host === settings['mail.host'] ? secrets.read('mail.password') : null);
  return withLogin(place, url.username === '' ? null : decoded(url.username), password, secret, settings);
}

/** `smtp://` is STARTTLS, but a relay on this machine has no certificate that anybody could verify. */
function fallbackTls(protocol: string, host: string, settings: Settings): MailServer['tls'] {
  if (protocol === 'smtps:') return 'implicit';
  return isLoopback(host) || settings['mail.tls'] === 'none' ? 'none' : 'starttls';
}

function withLogin(
  place: Omit<MailServer, 'login' | 'heloName'>,
  user: string | null,
  readPassword: () => string | null,
  secret: string,
  settings: Settings,
): ServerReading {
  const name = serverName(place);
  if (place.tls === 'none' && !isLoopback(place.host) && !settings['mail.allowPlaintext']) {
    return wrong(
      'tls',
      `${name} is another machine, and nothing is sent there without encryption`,
      'Set mail.tls to starttls or implicit; mail.allowPlaintext sends anyway, readable by anyone on the network path.',
    );
  }
  if (user === null) return { ok: true, server: { ...place, login: null } };
  const password = readPassword();
  if (password === null) {
    const variable = secret === 'mail.password' ? ', or start Healdeck with HEALDECK_SMTP_PASSWORD' : '';
    return wrong(
      'login',
      `The password for the login at ${name} as ${user} is not set`,
      `Set the secret ${secret}${variable}; if the server needs no login, set no user.`,
    );
  }
  return { ok: true, server: { ...place, login: { user, password } } };
}

/** The address of the login is the sender, unless another one is set. */
function senderOf(settings: Settings, hostname: string): Mailbox {
  const set = parseMailbox(settings['mail.from'] ?? '');
  if (set !== null) return set;
  const user = parseMailbox(settings['mail.user'] ?? '');
  const domain = hostname.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '') || 'localhost';
  return { name: 'Healdeck', address: user?.address ?? `healdeck@${domain}` };
}

/** Strict servers refuse a name without a domain, and an address in its place (RFC 5321, 4.1.4). */
function heloNameOf(settings: Settings, from: Mailbox, hostname: string): string | null {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return settings['mail.heloName'] ?? [hostname, domain].find(isFullName) ?? null;
}

function isFullName(name: string): boolean {
  return /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z][A-Za-z0-9-]*$/.test(name) && !/^localhost\./i.test(name);
}

function missing(key: string, what: string): DeliveryProblem {
  return problemOf('configuration', `E-mail is only partly set up: there is ${what}`, `Set ${key}.`);
}

function wrong(step: DeliveryStep, message: string, advice: string): ServerReading {
  return { ok: false, problem: problemOf(step, message, advice) };
}

/** All of these can be put right while mails wait. */
function problemOf(step: DeliveryStep, message: string, advice: string): DeliveryProblem {
  return { step, message: `${message}.`, advice, temporary: true };
}

function parsedUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** Percent signs that mean nothing stand for themselves. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
