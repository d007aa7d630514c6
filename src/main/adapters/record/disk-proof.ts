import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE } from '../files/files';

/** Creates a file in the directory and removes it; a disk that hangs, is full or read-only does not accept it. Throws the error of the disk. */
export function proveDisk(directory: string): void {
  // A name that `sweepTemporaryFiles` removes, should the process end in between.
  const path = join(directory, `config.json.tmp-${process.pid.toString(36)}proof`);
  closeSync(openSync(path, 'w', FILE_MODE));
  rmSync(path, { force: true });
}
