import { secretValueSchema } from '../../shared/model/secret';
import { SETTINGS, type SettingKey, type Settings } from '../../shared/model/settings';

/** Settings of the mail and the password of the login, or what is wrong with the file, line by line. */
export type EmailConfig =
  | { ok: true; settings: Partial<Settings>; password: string | null }
  | { ok: false; problems: readonly string[] };

const KEYS = [
  ...(['smtp_server', 'smtp_port', 'sender_email', 'sender_password'] as const),
  ...(['receiver_email', 'enable_email'] as const),
];
type Key = (typeof KEYS)[number];
interface Line {
  number: number;
  value: string;
}

const IMPLICIT_TLS_PORT = 465;
const PLAIN_PORT = 25;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/i;

/**
 * Reads an `email_config.txt`: `key=value` or `key: value`, a value with or without quotes, `#` at the beginning of a line for a
 * comment. Problems name keys and never hold a value: it may be the password.
 */
export function parseEmailConfig(text: string): EmailConfig {
  const { lines, problems } = readLines(text);
  const settings: Partial<Settings> = {};
  const take = (key: SettingKey, line: Line | undefined, value: unknown): void => {
    if (line === undefined) return;
    const parsed = SETTINGS[key].schema.safeParse(value);
    if (parsed.success) Object.assign(settings, { [key]: parsed.data });
    else problems.push(`line ${line.number}: ${parsed.error.issues[0]?.message ?? `expected ${SETTINGS[key].range}`}`);
  };

  const enabled = lines.get('enable_email');
  take('mail.enabled', enabled, enabled === undefined ? undefined : yesOrNo(enabled.value));
  const host = lines.get('smtp_server');
  take('mail.host', host, host?.value);
  const port = lines.get('smtp_port');
  take('mail.port', port, Number(port?.value === '' ? NaN : port?.value));
  if (host !== undefined) settings['mail.tls'] = tlsOf(host.value, Number(port?.value ?? 587));
  const sender = lines.get('sender_email');
  take('mail.from', sender, sender?.value);
  const receivers = lines.get('receiver_email');
  take(
    'mail.to',
    receivers,
    receivers?.value.split(/[,;\s]+/).filter((address) => address !== ''),
  );

  const secret = lines.get('sender_password');
  const password = secret === undefined || secret.value === '' ? null : secret.value;
  if (secret !== undefined && password !== null) {
    take('mail.user', sender, sender?.value);
    if (!secretValueSchema.safeParse(password).success)
      problems.push(`line ${secret.number}: expected a shorter password`);
  }
  if (settings['mail.enabled'] !== false) {
    const missing = (['smtp_server', 'sender_email', 'receiver_email'] as const).filter((key) => !lines.has(key));
    problems.push(...missing.map((key) => `the file: expected ${key}, it has none`));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings, password };
}

function readLines(text: string): { lines: ReadonlyMap<Key, Line>; problems: string[] } {
  const lines = new Map<Key, Line>();
  const problems: string[] = [];
  text.split(/\r\n|\r|\n/).forEach((written, index) => {
    const number = index + 1;
    const content = written.replace(/^\ufeff/, '').trim();
    if (content === '' || content.startsWith('#')) return;
    const [, word = '', value] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(content) ?? [];
    const key = KEYS.find((each) => each === word.toLowerCase());
    if (value === undefined) return void problems.push(`line ${number}: expected key=value or key: value`);
    if (key === undefined) return void problems.push(`line ${number}: expected one of ${KEYS.join(', ')}`);
    const first = lines.get(key);
    if (first !== undefined) {
      return void problems.push(`line ${number}: expected ${key} once, it is in line ${first.number} already`);
    }
    lines.set(key, { number, value: unquoted(value) });
  });
  return { lines, problems };
}

function unquoted(value: string): string {
  return /^"(.*)"$/.exec(value)?.[1] ?? /^'(.*)'$/.exec(value)?.[1] ?? value;
}

/** Undefined for any other word, which the schema refuses. */
function yesOrNo(word: string): boolean | undefined {
  if (/^(?:true|yes|on|1)$/i.test(word)) return true;
  return /^(?:false|no|off|0)$/i.test(word) ? false : undefined;
}

/** The older set-up never said: port 465 is encrypted from the first byte, and port 25 of this machine needs no encryption. */
function tlsOf(host: string, port: number): Settings['mail.tls'] {
  if (port === IMPLICIT_TLS_PORT) return 'implicit';
  return port === PLAIN_PORT && LOOPBACK.test(host) ? 'none' : 'starttls';
}
