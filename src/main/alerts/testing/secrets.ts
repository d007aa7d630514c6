import type { SecretSource } from '../message';

/** Secrets in memory. */
export function secretsOf(values: Readonly<Record<string, string>> = {}): SecretSource {
  return { read: (name) => values[name] ?? null };
}
