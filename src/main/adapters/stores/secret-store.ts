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
import { lockedWarnings, plainWarnings, unreadableWarning } from './secret-warnings';

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

/**
 * `secrets.json`: what the environment does not give, encrypted where the shell has a keyring. A file that can't be used
 * never stops the engine: it watches without its secrets, and reports so. Secrets go in by `set` and come out by `read` only, which no
 * client can call.
 */
export class SecretFileStore {
  private readonly keyring: Keyring | null;
  /** What the environment gives. */
  private readonly given: ReadonlyMap<SecretName, string>;
  /** Why the file can't be read; null when it can, or there is none. */
  private unreadable: string | null = null;
  private entries: Entries;
  /** All at once: what is masked must be known before it could be reported. */
  private opened: ReadonlyMap<string, string>;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: SecretStoreOptions) {
    const { keyring, env, notify } = options;
    this.keyring = keyring?.isAvailable() === true ? keyring : null;
    this.given = givenBy(env);
    this.entries = this.load();
    this.opened = this.openAll();
    for (const detail of this.lockedWarnings()) notify({ topic: 'secrets.json', severity: 'high', detail });
  }

  /** Where each secret is, by name. */
  list(): readonly SecretStatus[] {
    const names = new Set([...this.given.keys(), ...(Object.keys(this.entries) as SecretName[])]);
    return [...names].sort().map((name) => ({ name, where: this.whereIs(name) }));
  }

  /** null removes it. @throws Refusal `conflict` when the environment gives it, or it can't be saved; then nothing has changed. */
  set(name: SecretName, value: string | null): readonly SecretStatus[] {
    if (this.given.has(name)) {
      throw new Refusal(
        'conflict',
        `${name} is given by the environment variable ${secretVariable(name)}: change it there and start Healdeck again`,
      );
    }
    const before = this.plainWarnings();
    const { [name]: _, ...others } = this.entries;
    const next = value === null ? others : { ...others, [name]: this.close(value) };
    this.save(next);
    this.entries = next;
    this.opened = this.openAll();
    const [warning] = this.plainWarnings();
    // Once, not for each secret: `warnings` continues to report it.
    if (warning !== undefined && before.length === 0) {
      this.options.notify({ topic: 'secrets.json', severity: 'warning', detail: warning });
    }
    for (const listener of [...this.listeners]) listener();
    return this.list();
  }

  /** null when there is none, or it can't be opened. */
  read(name: string): string | null {
    return this.given.get(name as SecretName) ?? this.opened.get(name) ?? null;
  }

  /** Every value that is known here: none of them may be in a text that leaves the engine. */
  values(): readonly string[] {
    return [...new Set([...this.given.values(), ...this.opened.values()])];
  }

  /** What the operator should know of how secrets are kept, one sentence each. */
  warnings(): readonly string[] {
    return [
      ...(this.unreadable === null ? [] : [unreadableWarning(this.unreadable)]),
      ...this.lockedWarnings(),
      ...this.plainWarnings(),
    ];
  }

  /** Called after each change. */
  subscribe(listener: () => void): Dispose {
    const own = (): void => listener();
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  private whereIs(name: SecretName): SecretStatus['where'] {
    if (this.given.has(name)) return 'environment';
    if (!this.opened.has(name)) return 'locked';
    return this.entries[name]?.kept === 'keyring' ? 'keyring' : 'file';
  }

  private plainWarnings(): readonly string[] {
    return plainWarnings(this.namesThatAre('file'), this.keyring !== null);
  }

  private lockedWarnings(): readonly string[] {
    return lockedWarnings(this.namesThatAre('locked'), this.keyring !== null);
  }

  private namesThatAre(where: SecretStatus['where']): readonly SecretName[] {
    return this.list().flatMap((secret) => (secret.where === where ? [secret.name] : []));
  }

  private load(): Entries {
    const { file, nowMs, notify } = this.options;
    try {
      const { value, notices } = readGuarded({ path: file, parse: parseSecrets, nowMs: nowMs() });
      notices.forEach(notify);
      return value ?? {};
    } catch (error) {
      this.unreadable = errorText(error);
      notify({ topic: 'secrets.json', severity: 'high', detail: unreadableWarning(this.unreadable) });
      return {};
    }
  }

  private openAll(): ReadonlyMap<string, string> {
    return new Map(
      Object.entries(this.entries).flatMap(([name, entry]) => {
        const value = this.open(entry);
        return value === null ? [] : [[name, value]];
      }),
    );
  }

  private open({ kept, base64 }: Entry): string | null {
    if (kept === 'plain') return Buffer.from(base64, 'base64').toString('utf8');
    try {
      return this.keyring?.decrypt(base64) ?? null;
    } catch {
      // Of another user's keyring, or of this user's before it was made anew: `locked` reports so.
      return null;
    }
  }

  private close(value: string): Entry {
    if (this.keyring === null) return { kept: 'plain', base64: Buffer.from(value, 'utf8').toString('base64') };
    try {
      return { kept: 'keyring', base64: this.keyring.encrypt(value) };
    } catch (error) {
      throw new Refusal(
        'conflict',
        `the keyring could not encrypt it (${errorText(error)}); nothing was changed. Unlock it and try again.`,
      );
    }
  }

  private save(next: Entries): void {
    const { file, directory } = this.options;
    if (this.unreadable !== null) {
      throw new Refusal('conflict', `${unreadableWarning(this.unreadable)} Nothing was changed.`);
    }
    const text = `${JSON.stringify({ version: 1, secrets: next }, null, 2)}\n`;
    try {
      directory?.assertOwned();
      writeFileAtomicSync(file, text);
    } catch (error) {
      throw new Refusal(
        'conflict',
        `secrets.json could not be saved (${errorText(error)}); nothing was changed. Make room on the disk or check the permissions of the data directory.`,
      );
    }
    this.keepBackup(text);
  }

  private keepBackup(text: string): void {
    const { file, notify } = this.options;
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

/** The content of a secrets file. Throws an error that names the place, without what stands there. */
function parseSecrets(content: string): Entries {
  const text = withoutByteOrderMark(content);
  const position = jsonErrorPosition(text);
  if (position !== null) throw new Error(`line ${position.line}, column ${position.column}: not valid JSON`);
  const parsed = fileSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(issuesText(parsed.error, text));
  return parsed.data.secrets;
}
