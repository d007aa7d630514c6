import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { socketPath } from '../../shared/lib/data-dir';
import { errorCode, errorText } from './notice';

/** Where everything is. */
export interface DataDirPaths {
  /** Absolute. */
  dir: string;
  config: string;
  state: string;
  secrets: string;
  /** What marks of started programs are made with. */
  markKey: string;
  history: string;
  healingLog: string;
  /** Directory of the watched programs' output. */
  logs: string;
  /** A path, or on Windows the name of a pipe. */
  socket: string;
  lock: string;
  /** Who holds the lock. */
  owner: string;
}

export type DataDirProblem = 'not_a_directory' | 'not_writable' | 'foreign_owner' | 'cannot_create';

/** The data directory can't be used; nothing in it was touched. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
  constructor(
    readonly problem: DataDirProblem,
    message: string,
  ) {
    super(message);
  }
}

/** The paths of a data directory. Touches nothing; throws SocketPathTooLongError. */
export function dataDirPaths(path: string): DataDirPaths {
  const dir = resolve(path);
  return {
    dir,
    config: join(dir, 'config.json'),
    state: join(dir, 'state.json'),
    secrets: join(dir, 'secrets.json'),
    markKey: join(dir, 'mark.key'),
    history: join(dir, 'history.db'),
    healingLog: join(dir, 'healing.log'),
    logs: join(dir, 'logs'),
    socket: socketPath(dir, process.platform),
    lock: join(dir, 'engine.lock'),
    owner: join(dir, 'engine.json'),
  };
}

/**
 * Makes the data directory ready: creates it (and `logs` in it) with mode 0700, and closes what is open to others.
 * Throws DataDirError or SocketPathTooLongError.
 */
export function openDataDir(path: string): DataDirPaths {
  const paths = dataDirPaths(path);
  privateDirectory(paths.dir);
  privateDirectory(paths.logs);
  if (process.platform !== 'win32') closeToOthers(paths.dir);
  return paths;
}

/** Files that a kill -9 in the middle of a write has left. Only for the owner of the lock: they may be somebody's work. */
export function sweepTemporaryFiles(paths: DataDirPaths): void {
  for (const name of readdirSync(paths.dir)) {
    if (/^(?:config|state|secrets|engine)\.json(?:\.backup)?\.tmp-[0-9a-z]+$/.test(name))
      rmSync(join(paths.dir, name), { force: true });
  }
}

/**
 * With its parents, all 0700. Not mkdir's own `recursive`: that one never returns where the kernel says ENOENT for a
 * parent that is there, as /proc does.
 */
function makeDirectory(dir: string): void {
  if (existsSync(dir)) return;
  const parent = dirname(dir);
  if (parent !== dir) makeDirectory(parent);
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    // Somebody else was faster.
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

function privateDirectory(dir: string): void {
  try {
    makeDirectory(dir);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOTDIR') throw notADirectory(dir);
    throw new DataDirError(
      'cannot_create',
      `The data directory ${dir} can't be created (${errorText(error)}). ${CHOOSE}`,
    );
  }
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) throw notADirectory(dir);
  refuseForeignOwner(dir, stats);
  if (process.platform !== 'win32' && (stats.mode & 0o777) !== 0o700) {
    try {
      chmodSync(dir, 0o700);
    } catch (error) {
      throw notWritable(dir, error);
    }
  }
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritable(dir, error);
  }
}

function refuseForeignOwner(dir: string, stats: Stats): void {
  const uid = process.geteuid?.();
  if (uid === undefined || stats.uid === uid) return;
  throw new DataDirError(
    'foreign_owner',
    `The data directory ${dir} belongs to another user (uid ${stats.uid}, this is uid ${uid}). ` +
      `Run Healdeck as that user, or choose another with --data-dir or HEALDECK_DATA_DIR.`,
  );
}

/** Files of earlier times or of a careless copy: 0600, as those that Healdeck creates. */
function closeToOthers(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(dir, entry.name);
    try {
      // By path, never by a descriptor: closing one would drop the locks that this process holds on the file (fcntl(2)).
      if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    } catch {
      // Gone meanwhile, or not ours: the directory is closed to others anyway.
    }
  }
}

const CHOOSE = 'Choose another with --data-dir or HEALDECK_DATA_DIR.';

function notADirectory(dir: string): DataDirError {
  return new DataDirError(
    'not_a_directory',
    `The data directory ${dir} is, or lies below, something that is no directory. ${CHOOSE}`,
  );
}

function notWritable(dir: string, error: unknown): DataDirError {
  return new DataDirError(
    'not_writable',
    `The data directory ${dir} can't be written by this user (${errorText(error)}). Fix its permissions (chmod 700), or choose another with --data-dir or HEALDECK_DATA_DIR.`,
  );
}
