import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { withoutByteOrderMark } from '../../../shared/lib/text/byte-order-mark';
import { CONFIG_VERSION, configSchema, type Config } from '../../../shared/model/config';
import type { Settings } from '../../../shared/model/settings';
import type { Watch } from '../../../shared/model/watch';
import type { ConfigStore } from '../../engine/ports';
import { Refusal } from '../../engine/refusal';
import { configConflicts, ConfigVersionError, parseConfig } from './config-text';
import type { DataDirPaths } from '../files/data-dir';
import type { DataDirIdentity } from '../files/data-dir-identity';
import { asidePath, backupPath, FILE_MODE, readGuarded, writeFileAtomicSync } from '../files/files';
import { errorText, type Notify, type StorageNotice } from '../files/notice';
import { readOperatorFile, readOwnFile, UnsafeFileError } from '../files/own-files';
import { issuesText } from '../files/schema-issues';

/** What electron-store and conf have in common, as far as it is needed: the whole content of the file. */
export interface ConfLike {
  /** Reading reads the file, setting writes it. */
  store: Record<string, unknown>;
}

export interface ConfOptions {
  cwd: string;
  configFileMode: number;
  accessPropertiesByDotNotation: false;
  clearInvalidConfig: false;
  deserialize: (text: string) => Record<string, unknown>;
}

/** Options for `new Conf(…)` and `new ElectronStore(…)`: with them both write the same `config.json`. */
export function CONF_OPTIONS(dataDir: string): ConfOptions {
  return {
    cwd: dataDir,
    configFileMode: FILE_MODE,
    // Setting keys have dots in them.
    accessPropertiesByDotNotation: false,
    // A file that can't be used is never simply emptied.
    clearInvalidConfig: false,
    deserialize: (text) => JSON.parse(withoutByteOrderMark(text)) as Record<string, unknown>,
  };
}

/** The configuration could not be saved; the one in force and the file are what they were. The operator learns why. */
export class ConfigSaveError extends Refusal {
  constructor(message: string) {
    super('conflict', message);
  }
}

/** The result of reading the file. */
export type ReloadOutcome =
  /** It holds what is in force. */
  | { kind: 'in_force' }
  /** It was changed by others, is good, and is in force from now on. */
  | { kind: 'taken' }
  /** It was changed by others and can't be used: what was in force stays so. */
  | { kind: 'refused'; problem: string };

export interface ConfigStoreOptions {
  paths: Pick<DataDirPaths, 'dir' | 'config'>;
  /** Asked before the file is obeyed, and before it is written. */
  directory?: Pick<DataDirIdentity, 'assertOwned' | 'assertSafe'>;
  /** Opens the store of the shell: `(options) => new Conf(options)`. Called once, after the file was found to be good. */
  open: (options: ConfOptions) => ConfLike;
  /** Wall time in ms, for the name of a file that is set aside. */
  nowMs: () => number;
  /** Notified when the backup can't be written, and when a file is set aside. */
  notify: Notify;
}

const EMPTY: Config = { version: CONFIG_VERSION, settings: {}, watches: [] };

/**
 * `config.json`: settings (only those that somebody has set) and watches. It may be a symbolic link of the operator. Throws
 * ConfigVersionError, UnsafeFileError, or an error of the file system.
 * What others write into the file while the engine runs comes into force by `reload`. A save never writes over an edit that
 * is not in force yet: a good one comes first and the save is refused, a broken one is set aside.
 */
export class ConfigFileStore implements ConfigStore {
  /** What was wrong with the file at the start. */
  readonly notices: readonly StorageNotice[];
  private readonly store: ConfLike;
  private config: Config;
  /** The text of the file when it was last read or written here: any other is an edit by hand. */
  private known: string | null;

  constructor(private readonly options: ConfigStoreOptions) {
    const { paths, nowMs, open } = options;
    const { value, notices } = readGuarded({
      path: paths.config,
      parse: (text) => parseConfig(text, paths.config),
      nowMs: nowMs(),
      // A configuration that another user could have written is neither obeyed nor replaced: the operator decides.
      fatal: (error) => error instanceof ConfigVersionError || error instanceof UnsafeFileError,
      read: readOperatorFile,
    });
    this.config = value ?? EMPTY;
    this.known = readOperatorFile(paths.config);
    this.store = open(CONF_OPTIONS(paths.dir));
    if (value === null) this.save(EMPTY);
    else this.keepBackup();
    this.notices = [...notices, ...conflictNotices(this.config)];
  }

  watches(): readonly Watch[] {
    return this.config.watches;
  }

  saveWatches(watches: readonly Watch[]): void {
    this.save({ ...this.config, watches: [...watches] });
  }

  overrides(): Partial<Settings> {
    return this.config.settings;
  }

  saveOverrides(settings: Partial<Settings>): void {
    this.save({ ...this.config, settings });
  }

  saveAll({ watches, overrides }: Parameters<ConfigStore['saveAll']>[0]): void {
    this.save({ ...this.config, settings: overrides, watches: [...watches] });
  }

  /** Reads the file again and takes it over when it is good. Never throws. */
  reload(): ReloadOutcome {
    const { paths, directory } = this.options;
    let text: string | null;
    try {
      directory?.assertSafe();
      text = readOperatorFile(paths.config);
    } catch (error) {
      const reason = errorText(error);
      return { kind: 'refused', problem: error instanceof UnsafeFileError ? reason : `it can't be read: ${reason}` };
    }
    if (text === null) return { kind: 'refused', problem: 'it was removed; the next change writes it again' };
    if (text === this.known) return { kind: 'in_force' };
    const problem = this.problemOf(text);
    if (problem !== null) return { kind: 'refused', problem };
    const edited = parseConfig(text, paths.config);
    this.config = { ...edited, watches: edited.watches.map((watch) => this.withRisenRevision(watch)) };
    this.known = text;
    this.keepBackup();
    return { kind: 'taken' };
  }

  private save(next: Config): void {
    const { paths, directory } = this.options;
    const checked = configSchema.safeParse(next);
    if (!checked.success) throw new ConfigSaveError(`The configuration was not saved: ${issuesText(checked.error)}.`);
    let before: string | null = null;
    try {
      directory?.assertOwned();
      before = readOperatorFile(paths.config);
      if (before !== null && before !== this.known) this.yieldTo(before);
      this.store.store = structuredClone(checked.data) as unknown as Record<string, unknown>;
      // The store ignores how much the disk took: half a file would be in place without an error.
      const text = readOperatorFile(paths.config) ?? '';
      if (!isDeepStrictEqual(parseConfig(text, paths.config), checked.data)) {
        throw new Error('the disk did not keep what was written');
      }
      this.known = text;
    } catch (error) {
      if (error instanceof ConfigSaveError) throw error;
      if (!(error instanceof UnsafeFileError)) this.restore(before);
      throw new ConfigSaveError(
        `config.json could not be saved (${errorText(error)}); nothing was changed. Make room on the disk or check the permissions of ${paths.dir}.`,
      );
    }
    this.config = checked.data;
    this.keepBackup();
  }

  /** Someone has edited the file since it was last read: a save over it would lose that silently. */
  private yieldTo(edited: string): void {
    const { paths, nowMs, notify } = this.options;
    const problem = this.problemOf(edited);
    if (problem === null) {
      throw new ConfigSaveError(
        'config.json was edited a moment ago, and that edit takes effect first; nothing was saved. Review it and repeat the change.',
      );
    }
    const aside = asidePath(paths.config, 'rejected', nowMs());
    writeFileAtomicSync(aside, edited);
    notify({
      topic: 'config.json',
      severity: 'high',
      detail: `config.json was changed by hand and can't be used (${problem}); it is kept as ${basename(aside)}, and the configuration in force was saved in its place.`,
    });
  }

  private problemOf(text: string): string | null {
    try {
      // What contradicts itself already is no fault of this edit.
      const before = configConflicts(this.config);
      const edited = parseConfig(text, this.options.paths.config);
      const conflicts = configConflicts(edited).filter((each) => !before.includes(each));
      return conflicts.length === 0 ? null : conflicts.slice(0, 3).join('; ');
    } catch (error) {
      return errorText(error);
    }
  }

  /** Nobody counts revisions by hand; without a new one an edit made in a window on the old watch would undo the change. */
  private withRisenRevision(watch: Watch): Watch {
    const old = this.config.watches.find(({ id }) => id === watch.id);
    if (old === undefined) return watch;
    const revision = Math.max(old.revision, watch.revision);
    const same = isDeepStrictEqual({ ...watch, revision: old.revision }, old);
    return { ...watch, revision: same || watch.revision > old.revision ? revision : old.revision + 1 };
  }

  /** After a failed save. Often the file is as it was already, and nothing is written. */
  private restore(before: string | null): void {
    const { config: file } = this.options.paths;
    try {
      if (before !== null && readOperatorFile(file) !== before) writeFileAtomicSync(file, before);
    } catch {
      // The backup still holds the last good content, and the next start uses it.
    }
  }

  /** The backup is a file of its own with the newest good content, so that a damaged config.json costs no edit. */
  private keepBackup(): void {
    const { paths, notify } = this.options;
    try {
      const text = readOperatorFile(paths.config);
      if (text !== null && text !== readOwnFile(backupPath(paths.config))) {
        writeFileAtomicSync(backupPath(paths.config), text);
      }
    } catch (error) {
      notify({
        topic: 'config.json',
        severity: 'warning',
        detail: `The backup of config.json can't be written (${errorText(error)}); the configuration itself is saved.`,
      });
    }
  }
}

/** Reported, not refused: at the start half a configuration is better than none. */
function conflictNotices(config: Config): readonly StorageNotice[] {
  return configConflicts(config).map((problem) => ({
    topic: 'config.json',
    severity: 'high',
    detail: `config.json contradicts itself: ${problem}.`,
  }));
}
