import { isDeepStrictEqual } from 'node:util';
import { jsonErrorPosition } from '../../shared/lib/json-position';
import { CONFIG_VERSION, configSchema, type Config } from '../../shared/model/config';
import { DEFAULT_SETTINGS, SETTING_KEYS, type Settings } from '../../shared/model/settings';
import type { Watch } from '../../shared/model/watch';
import type { ConfigStore } from '../engine/ports';
import type { DataDirPaths } from './data-dir';
import { backupPath, FILE_MODE, readGuarded, readTextIfExists, writeFileAtomicSync } from './files';
import { errorText, type Notify, type StorageNotice } from './notice';
import { issuesText } from './schema-issues';

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
  };
}

/** config.json was written for another version of Healdeck. It was not touched; the engine does not start. */
export class ConfigVersionError extends Error {
  override readonly name = 'ConfigVersionError';
  constructor(
    readonly found: number,
    path: string,
  ) {
    super(
      `config.json has version ${found}, this Healdeck reads version ${CONFIG_VERSION}: use the Healdeck that wrote it, ` +
        `or another --data-dir. The file ${path} was not changed.`,
    );
  }
}

/** The configuration could not be saved; the one in force and the file are what they were. */
export class ConfigSaveError extends Error {
  override readonly name = 'ConfigSaveError';
}

export interface ConfigStoreOptions {
  paths: Pick<DataDirPaths, 'dir' | 'config'>;
  /** Opens the store of the shell: `(options) => new Conf(options)`. Called once, after the file was found to be good. */
  open: (options: ConfOptions) => ConfLike;
  /** Wall time in ms, for the name of a file that is set aside. */
  nowMs: number;
  /** Told when the backup can't be written. */
  notify: Notify;
}

const EMPTY: Config = { version: CONFIG_VERSION, settings: {}, watches: [] };

/**
 * `config.json`: settings (only what differs from the defaults) and watches. What was wrong with the file at the start is
 * in `notices`. Throws ConfigVersionError, or an error of the file system.
 * The content is read once: what others write into the file while the engine runs is overwritten by the next save.
 */
export function createConfigStore(options: ConfigStoreOptions): ConfigStore & { notices: readonly StorageNotice[] } {
  const { paths, notify } = options;
  const { value, notices } = readGuarded({
    path: paths.config,
    parse: (text) => parseConfig(text, paths.config),
    nowMs: options.nowMs,
    fatal: (error) => error instanceof ConfigVersionError,
  });
  let config = value ?? EMPTY;
  const store = options.open(CONF_OPTIONS(paths.dir));
  if (value === null) save(EMPTY);
  else keepBackup();

  function save(next: Config): void {
    const checked = configSchema.safeParse(next);
    if (!checked.success) throw new ConfigSaveError(`The configuration was not saved: ${issuesText(checked.error)}.`);
    let before: string | null = null;
    try {
      before = readTextIfExists(paths.config);
      store.store = structuredClone(checked.data) as unknown as Record<string, unknown>;
      // The store does not look at how much the disk took: half a file would be in place without an error.
      const written = parseConfig(readTextIfExists(paths.config) ?? '', paths.config);
      if (!isDeepStrictEqual(written, checked.data)) throw new Error('the disk did not keep what was written');
    } catch (error) {
      restore(before);
      throw new ConfigSaveError(
        `config.json could not be saved (${errorText(error)}); nothing was changed. Make room on the disk or check the permissions of ${paths.dir}.`,
      );
    }
    config = checked.data;
    keepBackup();
  }

  /** After a failed save. Often the file is as it was already, and nothing is written. */
  function restore(before: string | null): void {
    try {
      if (before !== null && readTextIfExists(paths.config) !== before) writeFileAtomicSync(paths.config, before);
    } catch {
      // The backup still holds the last good content, and the next start uses it.
    }
  }

  /** The backup is a file of its own with the newest good content, so that a damaged config.json costs no edit. */
  function keepBackup(): void {
    try {
      const text = readTextIfExists(paths.config);
      if (text !== null && text !== readTextIfExists(backupPath(paths.config))) {
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

  return {
    notices,
    watches: () => config.watches,
    saveWatches: (watches: readonly Watch[]) => save({ ...config, watches: [...watches] }),
    settings: () => ({ ...DEFAULT_SETTINGS, ...config.settings }),
    saveSettings: (settings: Settings) => save({ ...config, settings: overridesOf(settings) }),
  };
}

function overridesOf(settings: Settings): Partial<Settings> {
  return Object.fromEntries(
    SETTING_KEYS.filter((key) => settings[key] !== DEFAULT_SETTINGS[key]).map((key) => [key, settings[key]]),
  );
}

/** The content of a config file. Throws ConfigVersionError, or an error that says where it is wrong. */
export function parseConfig(text: string, path: string): Config {
  const position = jsonErrorPosition(text);
  if (position !== null) throw new Error(`line ${position.line}, column ${position.column}: not valid JSON`);
  const content: unknown = JSON.parse(text);
  const version =
    typeof content === 'object' && content !== null ? (content as { version?: unknown }).version : undefined;
  if (typeof version === 'number' && version !== CONFIG_VERSION) throw new ConfigVersionError(version, path);
  const parsed = configSchema.safeParse(content);
  if (!parsed.success) throw new Error(issuesText(parsed.error));
  return parsed.data;
}
