import { rmSync } from 'node:fs';
import { z } from 'zod';
import { withoutByteOrderMark } from '../../../shared/lib/text/byte-order-mark';
import { jsonErrorPosition } from '../../../shared/lib/text/json-position';
import {
  SECRET_VARIABLES,
  secretNameSchema,
  secretVariable,
  type SecretName,
  type SecretStatus,
} from '../../../shared/model/secret';
import type { Dispose } from '../../engine/ports';
import { Refusal } from '../../engine/refusal';
import type { DataDirIdentity } from '../files/data-dir-identity';
import { backupPath, readGuarded, writeFileAtomicSync } from '../files/files';
import { errorText, type Notify } from '../files/notice';
import { issuesText } from '../files/schema-issues';
import { pluralNoun } from '../../../shared/lib/format/values';

/** What encrypts for the user who is logged in: the desktop shell has one where the OS does. */
export interface Keyring {
  isAvailable(): boolean;
  /** Base64 of what only this user's keyring opens. */
  encrypt(text: string): string;
  /** @throws when it was encrypted by another keyring */
  decrypt(base64: string): string;
}

/**
 * A secret in the file. The base64 of a `plain` one is no encryption: it only keeps a glance over the shoulder from reading
 * it, and the mode of the file is all that protects it.
 */
const entrySchema = z.strictObject({ kept: z.enum(['plain', 'keyring']), base64: z.base64() });
type Entry = z.infer<typeof entrySchema>;

const fileSchema = z.strictObject({ version: z.literal(1), secrets: z.record(secretNameSchema, entrySchema) });
type Entries = z.infer<typeof fileSchema>['secrets'];

export interface SecretStoreOptions {
  /** Path of secrets.json. */
  file: string;
  /** Asked before each write. */
  directory?: Pick<DataDirIdentity, 'assertOwned'>;
  /** The engine's own environment. */
  env: Readonly<Record<string, string | undefined>>;
  /** null without a desktop. */
  keyring: Keyring | null;
  /** Wall time in ms, for the name of a file that is set aside. */
  nowMs: () => number;
  notify: Notify;
}

/** Secrets go in by `set` and come out by `read` only, which no client can call. */
export interface SecretStore {
  /** Where each secret is, by name. */
  list(): readonly SecretStatus[];
  /** null removes it. @throws Refusal `conflict` when the environment gives it, or it can't be saved; then nothing has changed. */
  set(name: SecretName, value: string | null): readonly SecretStatus[];
  /** null when there is none, or it can't be opened. */
  read(name: string): string | null;
  /** Every value that is known here: none of them may be in a text that leaves the engine. */
  values(): readonly string[];
  /** What the operator should know of how secrets are kept, one sentence each. */
  warnings(): readonly string[];
  /** Called after each change. */
  subscribe(listener: () => void): Dispose;
}

/**
 * `secrets.json`: what the environment does not give, encrypted where the shell has a keyring. A file that can't be used
 * never stops the engine: it watches without its secrets, and says so.
 */
export function createSecretStore(options: SecretStoreOptions): SecretStore {
  const { file, env, notify } = options;
  const keyring = options.keyring?.isAvailable() === true ? options.keyring : null;
  const listeners = new Set<() => void>();
  const given = givenBy(env);
  /** Why the file can't be read; null when it can, or there is none. */
  let unreadable: string | null = null;
  let entries = load();
  let opened = openAll();

  for (const warning of lockedWarnings()) notify({ topic: 'secrets.json', severity: 'high', detail: warning });

  function load(): Entries {
    try {
      const { value, notices } = readGuarded({ path: file, parse: parseSecrets, nowMs: options.nowMs() });
      notices.forEach(notify);
      return value ?? {};
    } catch (error) {
      unreadable = errorText(error);
      notify({ topic: 'secrets.json', severity: 'high', detail: unreadableWarning(unreadable) });
      return {};
    }
  }

  /** All at once: what is masked must be known before it could be reported. */
  function openAll(): ReadonlyMap<string, string> {
    return new Map(
      Object.entries(entries).flatMap(([name, entry]) => {
        const value = open(entry);
        return value === null ? [] : [[name, value]];
      }),
    );
  }

  function open({ kept, base64 }: Entry): string | null {
    if (kept === 'plain') return Buffer.from(base64, 'base64').toString('utf8');
    try {
      return keyring?.decrypt(base64) ?? null;
    } catch {
      // Of another user's keyring, or of this user's before it was made anew: `locked` says so.
      return null;
    }
  }

  function close(value: string): Entry {
    if (keyring === null) return { kept: 'plain', base64: Buffer.from(value, 'utf8').toString('base64') };
    try {
      return { kept: 'keyring', base64: keyring.encrypt(value) };
    } catch (error) {
      throw new Refusal(
        'conflict',
        `the keyring could not encrypt it (${errorText(error)}); nothing was changed. Unlock it and try again.`,
      );
    }
  }

  function save(next: Entries): void {
    if (unreadable !== null) throw new Refusal('conflict', `${unreadableWarning(unreadable)} Nothing was changed.`);
    const text = `${JSON.stringify({ version: 1, secrets: next }, null, 2)}\n`;
    try {
      options.directory?.assertOwned();
      writeFileAtomicSync(file, text);
    } catch (error) {
      throw new Refusal(
        'conflict',
        `secrets.json could not be saved (${errorText(error)}); nothing was changed. Make room on the disk or check the permissions of the data directory.`,
      );
    }
    keepBackup(text);
  }

  function keepBackup(text: string): void {
    const backup = backupPath(file);
    try {
      writeFileAtomicSync(backup, text);
    } catch (error) {
      // An old backup would bring back what was removed.
      rmSync(backup, { force: true });
      const detail = `The backup of secrets.json can't be written (${errorText(error)}); the secrets themselves are saved.`;
      notify({ topic: 'secrets.json', severity: 'warning', detail });
    }
  }

  function set(name: SecretName, value: string | null): readonly SecretStatus[] {
    if (given.has(name)) {
      throw new Refusal(
        'conflict',
        `${name} is given by the environment variable ${secretVariable(name)}: change it there and start Healdeck again`,
      );
    }
    const before = plainWarnings();
    const { [name]: _, ...others } = entries;
    const next = value === null ? others : { ...others, [name]: close(value) };
    save(next);
    entries = next;
    opened = openAll();
    const [warning] = plainWarnings();
    // Once, not for each secret: `warnings` goes on telling.
    if (warning !== undefined && before.length === 0) {
      notify({ topic: 'secrets.json', severity: 'warning', detail: warning });
    }
    for (const listener of [...listeners]) listener();
    return list();
  }

  function list(): readonly SecretStatus[] {
    const names = new Set([...given.keys(), ...(Object.keys(entries) as SecretName[])]);
    return [...names].sort().map((name) => ({ name, where: whereIs(name) }));
  }

  function whereIs(name: SecretName): SecretStatus['where'] {
    if (given.has(name)) return 'environment';
    if (!opened.has(name)) return 'locked';
    return entries[name]?.kept === 'keyring' ? 'keyring' : 'file';
  }

  function namesThatAre(where: SecretStatus['where']): readonly SecretName[] {
    return list().flatMap((secret) => (secret.where === where ? [secret.name] : []));
  }

  function plainWarnings(): readonly string[] {
    const names = namesThatAre('file');
    if (names.length === 0) return [];
    const what = `${names.join(', ')} ${pluralNoun(names.length, 'is', 'are')} not encrypted`;
    const reason =
      keyring === null
        ? 'this engine has no keyring, so only the mode 0600 of secrets.json keeps others from reading it.'
        : 'set here by "healdeck secrets set" or in the settings, the keyring encrypts it, and then only an engine with this keyring can open it.';
    return [`${what}: ${reason}`];
  }

  function lockedWarnings(): readonly string[] {
    return namesThatAre('locked').map((name) => {
      const variable = secretVariable(name);
      const how = variable === null ? '' : `, give it as ${variable}`;
      const reason =
        keyring === null ? 'which this engine does not have' : 'and the keyring of this session is another one';
      return `${name} was encrypted by the keyring of a desktop session, ${reason}: set it again by "healdeck secrets set ${name}"${how}, or run Healdeck in that session.`;
    });
  }

  return {
    list,
    set,
    read: (name) => given.get(name as SecretName) ?? opened.get(name) ?? null,
    values: () => [...new Set([...given.values(), ...opened.values()])],
    warnings: () => [
      ...(unreadable === null ? [] : [unreadableWarning(unreadable)]),
      ...lockedWarnings(),
      ...plainWarnings(),
    ],
    subscribe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}

/** What the environment gives; an empty variable gives nothing. */
function givenBy(env: SecretStoreOptions['env']): ReadonlyMap<SecretName, string> {
  return new Map(
    Object.entries(SECRET_VARIABLES).flatMap(([variable, name]): [SecretName, string][] => {
      const value = env[variable];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

/** The content of a secrets file. Throws an error that says where it is wrong, without what stands there. */
function parseSecrets(content: string): Entries {
  const text = withoutByteOrderMark(content);
  const position = jsonErrorPosition(text);
  if (position !== null) throw new Error(`line ${position.line}, column ${position.column}: not valid JSON`);
  const parsed = fileSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(issuesText(parsed.error, text));
  return parsed.data.secrets;
}

function unreadableWarning(reason: string): string {
  return `secrets.json can't be read (${reason}), so Healdeck runs without the secrets in it: check the permissions of the file and start Healdeck again.`;
}
