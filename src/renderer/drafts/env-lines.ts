import { MASK } from '../../shared/lib/process/mask-secrets';

/** Variables as written in a text field, one KEY=VALUE a line. */
export type EnvParse =
  | { ok: true; env: Readonly<Record<string, string>>; hiddenEnv: readonly string[] }
  | { ok: false; error: string };

/**
 * Reads KEY=VALUE lines; empty lines and lines that begin with # are skipped, values are taken as they are. A value that is only
 * {@link MASK} is hidden, and stays as it is.
 */
export function parseEnvLines(text: string): EnvParse {
  const env = new Map<string, string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(0, equals)).trim();
    if (key === '') return { ok: false, error: `line ${index + 1}: expected KEY=VALUE` };
    if (env.has(key))
      return { ok: false, error: `line ${index + 1}: expected each variable once, ${key} is set twice` };
    env.set(key, line.slice(equals + 1));
  }
  const hidden = [...env.keys()].filter((key) => env.get(key) === MASK);
  for (const key of hidden) env.delete(key);
  return { ok: true, env: Object.fromEntries(env), hiddenEnv: hidden };
}

/** The lines that {@link parseEnvLines} reads back as these variables. */
export function formatEnvLines(env: Readonly<Record<string, string>>, hiddenEnv: readonly string[] = []): string {
  const hidden = hiddenEnv.map((key) => [key, MASK] as const);
  return [...Object.entries(env), ...hidden].map(([key, value]) => `${key}=${value}`).join('\n');
}
