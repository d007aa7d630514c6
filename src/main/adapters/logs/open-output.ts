import { close, constants, mkdir, open, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../files/notice';

/** Whatever lies at the path: a link is not followed, and a FIFO without a reader does not block (open(2)). libuv clears O_NONBLOCK in the child. */
const FLAGS =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

const openFile = promisify(open);
const makeFolder = promisify(mkdir);

/** Closes a descriptor in the thread pool: close(2) of a file on a hung network disk may wait. */
export const closeDescriptor = promisify(close);

/**
 * Opens an output file to append to it, in the thread pool. Its folder is made again where it was removed, as at the start of the
 * engine. A bare descriptor, which no garbage collection closes.
 */
export async function openToAppend(path: string): Promise<number> {
  return openFile(path, FLAGS, 0o600).catch(async (error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    await makeFolder(dirname(path), { mode: 0o700 });
    return openFile(path, FLAGS, 0o600);
  });
}

/** Whether an open file is what lies at its path. */
export function isSameFile(open: Stats, there: Stats | undefined): boolean {
  return there?.ino === open.ino && there.dev === open.dev;
}
