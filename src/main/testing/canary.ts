import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/** Who logs in with the canary. */
export const LOGIN_OF_CANARY = 'ada';

/** Every way in which a secret could be written, alone or within something longer. */
function formsOf(secret: string): readonly string[] {
  const within = ['', 'x', 'xx'].map((before) => {
    const text = Buffer.from(before + secret).toString('base64');
    // The ends depend on what is around it.
    return text.slice(4, -4);
  });
  const login = Buffer.from(`\0${LOGIN_OF_CANARY}\0${secret}`).toString('base64').slice(8, -4);
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    ...[secret, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(secret), encodeURI(secret)],
    ...[Buffer.from(secret).toString('hex'), ...within, login],
    ...within.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    // A piece of it is a leak, too.
    secret.slice(0, 12),
  ];
}

/** Whether a secret is in it, in any form. */
export function holds(text: string | Buffer, secret: string): boolean {
  return formsOf(secret).some((form) => text.includes(form));
}

/** All files below a directory, by their paths in it. */
export function filesBelow(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
}

/** Every row of every table: on disk a long text may be cut at a page. */
export function rowsOf(file: string): string {
  const database = new Database(file, { readonly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    return tables
      .map(({ name }) => {
        const rows = database.prepare(`SELECT * FROM "${name}"`).all() as object[];
        // Blobs as text too.
        return JSON.stringify(
          rows.map((row) =>
            Object.values(row).map((value: unknown) => (Buffer.isBuffer(value) ? value.toString('utf8') : value)),
          ),
        );
      })
      .join('\n');
  } finally {
    database.close();
  }
}
