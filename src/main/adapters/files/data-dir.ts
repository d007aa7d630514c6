import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { withoutByteOrderMark } from '../../../shared/lib/text/byte-order-mark';
import { socketPath } from '../../../shared/lib/host/data-dir';
import { judgePath, unsafeText } from '../../../shared/lib/host/path-safety';
import { errorCode, errorText } from './notice';
import { ownUid, readOperatorFile } from './own-files';
import { readPathPart } from '../../../host/read-path-part';

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

export type DataDirProblem =
  | 'not_a_directory'
  | 'not_writable'
  | 'foreign_owner'
  | 'cannot_create'
  /** Another user could exchange it, or has put something into it. */
  | 'unsafe'
  /** It holds files of somebody else. */
  | 'not_ours';

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
    markKey: join(dir, MARK_KEY),
    history: join(dir, 'history.db'),
    healingLog: join(dir, 'healing.log'),
    logs: join(dir, 'logs'),
    socket: socketPath(dir, process.platform),
    lock: join(dir, 'engine.lock'),
    owner: join(dir, 'engine.json'),
  };
}

/**
 * Makes the data directory ready: creates it (and `logs` in it) with mode 0700, and closes our own files in it to others.
 * A directory that another user could exchange, or that holds the work of somebody else, is refused and stays as it is.
 * Throws DataDirError or SocketPathTooLongError.
 */
export function openDataDir(path: string): DataDirPaths {
  const paths = dataDirPaths(path);
  refuseUnsafe(paths.dir);
  createDirectory(paths.dir);
  // Once more: somebody may have been faster with what did not exist before.
  refuseUnsafe(paths.dir);
  takeDirectory(paths.dir);
  if (ownUid() !== null) closeOwnFiles(paths.dir);
  openLogs(paths.logs);
  return paths;
}

/** Why the data directory can be exchanged by another user, and what to do; null when it can't. */
export function unsafeDataDir(dir: string): string | null {
  const uid = ownUid();
  if (uid === null) return null;
  const { unsafe } = judgePath({ path: dir, uid, judgeLast: false, read: readPathPart });
  return unsafe === null ? null : unsafeText(unsafe);
}

function refuseUnsafe(dir: string): void {
  const problem = unsafeDataDir(dir);
  if (problem !== null) throw unsafeError(dir, problem);
}

/** Files that a kill -9 in the middle of a write has left. Only for the owner of the lock: they may be somebody's work. */
export function sweepTemporaryFiles(paths: DataDirPaths): void {
  for (const name of readdirSync(paths.dir)) {
    if (/^(?:(?:config|state|secrets|engine)\.json(?:\.backup)?\.tmp-[0-9a-z]+|\.sock-[0-9a-z]+)$/.test(name))
      rmSync(join(paths.dir, name), { force: true });
  }
}

/**
 * With its parents, all 0700. Not mkdir's own `recursive`: that one never returns where the kernel returns ENOENT for a
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

function createDirectory(dir: string): void {
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
}

/** Makes sure that the directory is ours, and closes it to others. */
function takeDirectory(dir: string): void {
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) throw notADirectory(dir);
  refuseForeignOwner(dir, stats);
  let isEmpty: boolean;
  try {
    isEmpty = isEmptyOrOurs(dir) === 'empty';
  } catch (error) {
    throw error instanceof DataDirError ? error : notWritable(dir, error);
  }
  if (ownUid() !== null && (stats.mode & 0o777) !== 0o700) {
    // What others could write may hold what others have written; an empty directory is closed first, then checked again.
    if (!isEmpty && (stats.mode & 0o022) !== 0) {
      throw unsafeError(
        dir,
        unsafeText({ path: dir, uid: stats.uid, mode: stats.mode, reason: 'writable' }),
        ' Look through its files first.',
      );
    }
    try {
      chmodSync(dir, 0o700);
    } catch (error) {
      throw notWritable(dir, error);
    }
    if (isEmpty) isEmptyOrOurs(dir);
  }
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritable(dir, error);
  }
}

const MARK_KEY = 'mark.key';
/** Every name that Healdeck gives a file in its data directory, with what is kept beside it under the same name. */
const OWN_NAME =
  /^(?:(?:config|state|secrets|engine|window)\.json(?:\..+)?|history\.db(?:[-.].+)?|healing\.log(?:\..+)?|engine\.(?:lock|sock)|notify\.sock|\.sock-[0-9a-z]+|mark\.key|open-[\w-]+\.html|dashboard\.key|logs|chromium)$/;
/** What file systems and desktops put into any directory. */
const NOBODYS_NAME = /^(?:lost\+found|\.DS_Store|\.nfs[0-9a-f]+|\.directory|desktop\.ini)$/;
const MAX_SHOWN_NAMES = 3;

/** Throws DataDirError for a directory with the work of somebody else in it. */
function isEmptyOrOurs(dir: string): 'empty' | 'ours' {
  const names = readdirSync(dir).filter((name) => !NOBODYS_NAME.test(name));
  if (names.length === 0) return 'empty';
  // Every engine has left its lock here; and who sets up a machine may put a configuration first.
  if (lstatSync(join(dir, 'engine.lock'), { throwIfNoEntry: false })?.isFile() === true) return 'ours';
  const config = names.includes('config.json') ? kindOfConfig(join(dir, 'config.json')) : 'unclear';
  if (config === 'ours') return 'ours';
  const foreign = names.filter((name) => !OWN_NAME.test(name)).sort();
  if (config === 'unclear' && foreign.length === 0) return 'ours';
  const shown = foreign.slice(0, MAX_SHOWN_NAMES).join(', ') + (foreign.length > MAX_SHOWN_NAMES ? ', …' : '');
  const reason =
    config === 'foreign' ? 'its config.json belongs to another program' : `it contains other files (${shown})`;
  throw new DataDirError(
    'not_ours',
    `${dir} is not a data directory of Healdeck: ${reason}. Nothing was changed. Choose an empty or new directory with --data-dir or HEALDECK_DATA_DIR.`,
  );
}

/** `unclear`: damaged or empty, so that nobody knows who wrote it. */
function kindOfConfig(path: string): 'ours' | 'foreign' | 'unclear' {
  let content: unknown;
  try {
    content = JSON.parse(withoutByteOrderMark(readOperatorFile(path) ?? ''));
  } catch {
    return 'unclear';
  }
  if (typeof content !== 'object' || content === null) return 'foreign';
  const keys = Object.keys(content);
  if (keys.length === 0) return 'unclear';
  const { version } = content as { version?: unknown };
  const isOurs = typeof version === 'number' && (keys.length === 1 || 'watches' in content || 'settings' in content);
  return isOurs ? 'ours' : 'foreign';
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

/** Files that the operator may keep elsewhere, behind a link of his own. */
const MAY_BE_LINK = new Set(['config.json', 'logs', 'chromium']);

/** Our files of earlier times or of a careless copy get mode 0600. Refuses what another user has put in their place. */
function closeOwnFiles(dir: string): void {
  for (const name of readdirSync(dir).filter((each) => OWN_NAME.test(each))) {
    const file = join(dir, name);
    const part = readPathPart(file);
    if (part === null) continue;
    if (part.uid !== 0 && part.uid !== ownUid()) {
      throw unsafeError(
        dir,
        `${file} belongs to another user (uid ${part.uid}). Remove it, or run: chown ${ownUid()} ${file}`,
      );
    }
    if (part.kind === 'link' && !MAY_BE_LINK.has(name)) {
      throw unsafeError(dir, `${file} is a symbolic link. Replace it with a regular file, or remove it`);
    }
    if (part.kind !== 'other' || name.includes('sock') || (part.mode & 0o077) === 0) continue;
    // Whoever opens the key of the marks must see that others could read it.
    if (name === MARK_KEY) continue;
    try {
      // By path, never by a descriptor: closing one would drop the locks that this process holds on the file (fcntl(2)).
      chmodSync(file, 0o600);
    } catch {
      // Gone meanwhile, or root's: the directory is closed to others anyway.
    }
  }
}

/** The directory of the output: in the data directory, or behind a link of the operator, where its mode is his. */
function openLogs(logs: string): void {
  const isLink = readPathPart(logs)?.kind === 'link';
  if (isLink) refuseUnsafe(logs);
  createDirectory(logs);
  const stats = statSync(logs, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) throw notADirectory(logs);
  refuseForeignOwner(logs, stats);
  if (ownUid() === null || (stats.mode & 0o777) === 0o700) return;
  if (!isLink) chmodSync(logs, 0o700);
  else if ((stats.mode & 0o022) !== 0)
    throw unsafeError(logs, unsafeText({ path: logs, uid: stats.uid, mode: stats.mode, reason: 'writable' }));
}

const CHOOSE = 'Choose another with --data-dir or HEALDECK_DATA_DIR.';

function notADirectory(dir: string): DataDirError {
  return new DataDirError(
    'not_a_directory',
    `The data directory ${dir} is, or lies below, something that is not a directory. ${CHOOSE}`,
  );
}

function notWritable(dir: string, error: unknown): DataDirError {
  return new DataDirError(
    'not_writable',
    `The data directory ${dir} can't be written by this user (${errorText(error)}). Fix its permissions (chmod 700), or choose another with --data-dir or HEALDECK_DATA_DIR.`,
  );
}

function unsafeError(dir: string, problem: string, more = ''): DataDirError {
  return new DataDirError('unsafe', `The data directory ${dir} is not safe: ${problem}.${more}`);
}
