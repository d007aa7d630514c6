import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { judgePath, unsafeText } from '../../../shared/lib/host/path-safety';
import { readPathPart } from '../../../host/read-path-part';
import { errorCode, errorText } from '../files/notice';

/** Where the socket is that programs send to. */
export interface NoticePlace {
  dir: string;
  /** The same for all engines of a data directory: programs keep it in their environment. */
  path: string;
  /** Who may send: the mode of the socket file. */
  mode: number;
  /** The directory is made for it, with this mode; null: it is the data directory. */
  dirMode: number | null;
}

/** As long as `engine.sock`: where an engine runs, the path has room in the address of a socket (unix(7)). */
const FILE = 'notify.sock';

/**
 * In the data directory, to which nobody else has access. Only root starts programs as other users, and these must reach the socket: then it
 * is in a directory of its own that everybody may pass, and everybody may write to it, but to nothing else.
 */
export function noticePlace(dataDir: string, uid: number, runDir = '/run'): NoticePlace {
  if (uid !== 0) return { dir: dataDir, path: join(dataDir, FILE), mode: 0o600, dirMode: null };
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const dir = join(runDir, `healdeck-${name}`);
  return { dir, path: join(dir, FILE), mode: 0o622, dirMode: 0o711 };
}

/** Makes the directory where it needs one; why that can't be used, or null. Nothing that is there already is changed. */
export function preparePlace({ dir, dirMode }: NoticePlace, uid: number): string | null {
  if (dirMode === null) return null;
  try {
    mkdirSync(dir);
    // mkdir(2) respects the umask.
    chmodSync(dir, dirMode);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') return `${dir} can't be created (${errorText(error)})`;
  }
  const { unsafe } = judgePath({ path: dir, uid, judgeLast: true, read: readPathPart });
  if (unsafe !== null) return unsafeText(unsafe);
  return lstatSync(dir).isDirectory() ? null : `${dir} is in the way: it is not a directory`;
}
