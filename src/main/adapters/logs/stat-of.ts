import { statSync, type Stats } from 'node:fs';

/**
 * What lies at a path; undefined when nothing does, or it can't be reached (its folder is a file by now, or closed to us). Never
 * throws: it is asked between the death of a program and its replacement. A file that is missing costs no exception.
 */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
