// Where the labelled data is: it is larger than the repository and no part of it.
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The folder with all of the data: `HEALDECK_DETECTION_DATA`, or `shared/detection` beside the repository; null where there is none. */
export function dataFolder(env = process.env) {
  const folder = env.HEALDECK_DETECTION_DATA ?? join(repository, '..', 'shared', 'detection');
  return existsSync(folder) ? folder : null;
}

/** The parts of the data that are in a folder. */
export function foldersIn(folder) {
  const named = (name) => (existsSync(join(folder, name)) ? join(folder, name) : null);
  const traces = ['traces', 'traces-2'].flatMap((name) => named(name) ?? []);
  return { traces, nezha: named('nezha'), nab: named('nab') };
}

export const nameOf = (folder) => basename(folder);
