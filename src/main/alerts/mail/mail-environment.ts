import type { GivenSetting } from '../../../shared/model/alert';
import type { DeliveryProblem } from '../../../shared/model/delivery';
import { SETTINGS, type SettingKey, type Settings, type SettingValue } from '../../../shared/model/settings';
import { splitMailboxes } from './mailbox';

/** The environment of the engine. */
export type Environment = Readonly<Record<string, string | undefined>>;

const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

/** How each variable is read; what comes out must be a value of its setting. The password is a secret, and read as one. */
const VARIABLES: readonly { variable: string; key: SettingKey; read: (text: string) => unknown }[] = [
  { variable: 'HEALDECK_SMTP_ENABLED', key: 'mail.enabled', read: (text) => FLAGS[text.toLowerCase()] },
  { variable: 'HEALDECK_SMTP_HOST', key: 'mail.host', read: (text) => text },
  { variable: 'HEALDECK_SMTP_PORT', key: 'mail.port', read: (text) => (/^\d+$/.test(text) ? Number(text) : text) },
  { variable: 'HEALDECK_SMTP_TLS', key: 'mail.tls', read: (text) => text.toLowerCase() },
  { variable: 'HEALDECK_SMTP_USER', key: 'mail.user', read: (text) => text },
  { variable: 'HEALDECK_SMTP_FROM', key: 'mail.from', read: (text) => text },
  { variable: 'HEALDECK_SMTP_TO', key: 'mail.to', read: splitMailboxes },
];

export interface MailEnvironment {
  /** What the variables set. */
  settings: Partial<Settings>;
  /** Those settings as the environment writes them. */
  given: readonly GivenSetting[];
  /** Names of the variables in force. */
  variables: readonly string[];
  /** One for each variable that can't be used; their values are never reported, since a password may be in them. */
  problems: readonly DeliveryProblem[];
}

/** Reads the variables that win over settings. One that is empty is as good as not set. */
export function readMailEnvironment(env: Environment): MailEnvironment {
  const settings: Partial<Record<SettingKey, SettingValue>> = {};
  const given: GivenSetting[] = [];
  const variables: string[] = [];
  const problems: DeliveryProblem[] = [];
  for (const { variable, key, read } of VARIABLES) {
    const text = env[variable]?.trim() ?? '';
    if (text === '') continue;
    const parsed = SETTINGS[key].schema.safeParse(read(text));
    if (parsed.success) {
      settings[key] = parsed.data;
      variables.push(variable);
      given.push({ key, variable, value: text });
    } else {
      problems.push({
        step: 'configuration',
        message: `The environment variable ${variable} can't be used: ${parsed.error.issues[0]?.message ?? 'it is wrong'}.`,
        advice: `Correct ${variable}, or remove it so that ${key} applies, and restart Healdeck. No mail is sent until then.`,
        temporary: true,
      });
    }
  }
  // Who names the port of implicit TLS and nothing else means implicit TLS.
  if (settings['mail.port'] === 465) settings['mail.tls'] ??= 'implicit';
  if ((env['HEALDECK_SMTP_PASSWORD'] ?? '') !== '') variables.push('HEALDECK_SMTP_PASSWORD');
  return { settings: settings as Partial<Settings>, given, variables, problems };
}
