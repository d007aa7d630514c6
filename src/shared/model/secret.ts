import { z } from 'zod';
import { CHANNEL_SECRETS } from '../channels';
import { PROBE_SECRET } from './probe';

/** What may follow a name of which there may be one for each server. */
const AT_SERVER = '(?:@[A-Za-z0-9.:[\\]_-]+)?';

const PATTERNS = [
  ...CHANNEL_SECRETS.map(
    ({ name, perServer }) => `${name.replaceAll('.', '\\.')}${perServer === undefined ? '' : AT_SERVER}`,
  ),
  PROBE_SECRET,
];

/** The names of secrets and what they are. */
export const SECRET_NAMES: readonly { name: string; meaning: string }[] = [
  ...CHANNEL_SECRETS.flatMap(({ name, meaning, perServer }) => [
    { name, meaning },
    ...(perServer === undefined ? [] : [{ name: `${name}@SERVER`, meaning: perServer }]),
  ]),
  { name: 'probe.NAME', meaning: 'the value of a header that probes send, under a name of your own' },
];

/**
 * What is never shown again: the secrets of alert channels, such as `mail.password` or `mail.password@smtp.example.org`, and of
 * probes, such as `probe.token`.
 */
export const secretNameSchema = z
  .string()
  .max(300)
  .regex(
    new RegExp(`^(?:${PATTERNS.join('|')})$`),
    `expected ${SECRET_NAMES.map(({ name }) => name)
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1')}`,
  );
export type SecretName = z.infer<typeof secretNameSchema>;

/** Variables of the engine's environment that give a secret; it can't be changed then. Watched programs never inherit them. */
export const SECRET_VARIABLES: Readonly<Record<string, SecretName>> = Object.fromEntries(
  CHANNEL_SECRETS.map(({ name, variable }) => [variable, name]),
);

/** The variable that gives a secret, or null when none does. */
export function secretVariable(name: SecretName): string | null {
  return CHANNEL_SECRETS.find((secret) => secret.name === name)?.variable ?? null;
}

export const secretValueSchema = z.string().min(1, 'expected a text that is not empty').max(10_000);

/** A secret as clients see it: where it is, never what it is. */
export interface SecretStatus {
  name: SecretName;
  /**
   * `keyring`: encrypted by the OS for this user; `file`: in a file that only this user can read; `environment`: given to
   * the engine when it was started; `locked`: in the keyring, which this engine can't open.
   */
  where: 'keyring' | 'file' | 'environment' | 'locked';
}
