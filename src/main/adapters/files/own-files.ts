import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { judgePath, unsafeText } from '../../../shared/lib/host/path-safety';
import { readPathPart } from '../../../host/read-path-part';

/** A file or directory that somebody else could have put there. It was not read and not written. */
export class UnsafeFileError extends Error {
  override readonly name = 'UnsafeFileError';
}

/** The user whose files are ours; null on Windows, where the profile's access rights decide. */
export function ownUid(): number | null {
  return process.geteuid?.() ?? null;
}

/**
 * Opens a file that only Healdeck writes: no link, owned by root or by us. A named pipe does not block, and is refused as
 * everything is that is no file. Throws UnsafeFileError, or the error of the file system. The caller closes the descriptor.
 */
export function openOwnFile(path: string, flags: number, mode?: number): number {
  let descriptor;
  try {
    descriptor = openSync(path, flags | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0), mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error;
    throw new UnsafeFileError(`${path} is a symbolic link; replace it with a regular file`);
  }
  try {
    const { uid } = fstatSync(descriptor);
    if (!fstatSync(descriptor).isFile()) throw new UnsafeFileError(`${path} is not a regular file`);
    const own = ownUid();
    if (own !== null && uid !== 0 && uid !== own)
      throw new UnsafeFileError(`${path} belongs to another user (uid ${uid}); it is not used`);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** The text of a file that only Healdeck writes; null when there is none. Throws as `openOwnFile` does. */
export function readOwnFile(path: string): string | null {
  let descriptor;
  try {
    descriptor = openOwnFile(path, constants.O_RDONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The same for a file that its operator may keep elsewhere behind a symbolic link of his own: then nobody but root and he may
 * be able to exchange the link, the target, or a directory on the way.
 */
export function readOperatorFile(path: string): string | null {
  return readOwnFile(operatorFile(path));
}

/** Where a file of the operator really is. Throws UnsafeFileError when another user could exchange it. */
function operatorFile(path: string): string {
  const uid = ownUid();
  if (uid === null || readPathPart(path)?.kind !== 'link') return path;
  const { unsafe, real } = judgePath({ path: resolve(path), uid, judgeLast: true, read: readPathPart });
  if (unsafe !== null) throw new UnsafeFileError(unsafeText(unsafe));
  return real;
}
