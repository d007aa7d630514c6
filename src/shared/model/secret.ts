import { z } from 'zod';

/**
 * What is never shown again: `mail.password`, the password of one of several servers (`mail.password@smtp.example.org`),
 * `webhook.url` (whoever knows it may post) and `webhook.key` (the key of the signature).
 */
export const secretNameSchema = z
  .string()
  .max(300)
  .regex(
    /^(?:mail\.password(?:@[A-Za-z0-9.:[\]_-]+)?|webhook\.(?:url|key))$/,
    'expected mail.password, mail.password@SERVER, webhook.url or webhook.key',
  );
export type SecretName = z.infer<typeof secretNameSchema>;

/** Variables of the engine's environment that give a secret; it can't be changed then. Watched programs never inherit them. */
export const SECRET_VARIABLES = {
  HEALDECK_SMTP_PASSWORD: 'mail.password',
  HEALDECK_WEBHOOK_URL: 'webhook.url',
  HEALDECK_WEBHOOK_KEY: 'webhook.key',
} as const satisfies Record<string, SecretName>;

/** The variable that gives a secret, or null when none does. */
export function secretVariable(name: SecretName): keyof typeof SECRET_VARIABLES | null {
  const found = Object.entries(SECRET_VARIABLES).find(([, given]) => given === name);
  return found === undefined ? null : (found[0] as keyof typeof SECRET_VARIABLES);
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
